// orphan-session: a managed session whose rig, worker or work tree is gone. Pure.

import {commandLine} from '../../domain/command-line.ts';
import type {Suspicion} from '../../domain/finding.ts';
import type {ManagedSession} from '../owners/managed-sessions.ts';
import {useOfSlot} from '../slots/slot-home.ts';
import {slotNamedIn} from '../slots/slot-marks.ts';
import type {Detector, World} from './detector.ts';
import type {Loss} from './loss.ts';
import {suspectSession} from './suspicion.ts';

/** The agent that works in a session all the same, or a program that may be one or show one elsewhere; null where only the known is left. */
const workerIn = ({runtimes, strangers}: ManagedSession['programs']): string | null => {
  const [agent] = runtimes;
  const [stranger] = strangers;
  if (agent !== undefined) {
    return `${agent.runtime.runtime} ${agent.process.pid}`;
  }
  return stranger === undefined ? null : `${commandLine(stranger, 40)} ${stranger.pid}`;
};

/** Only the slot’s services went with the slot: an agent that works in a session of its name is somebody’s. */
const livingIn = ({programs}: ManagedSession): string | null => {
  const [agent] = programs.runtimes;
  return agent === undefined ? null : `${agent.runtime.runtime} ${agent.process.pid} works in it`;
};

const lossOfSlot = (world: World, managed: ManagedSession): Loss | null => {
  const {slots} = world.identified;
  const named = slotNamedIn(slots.marks, managed.env);
  if (managed.why !== 'services' || named === null || named.slug === null) {
    return null;
  }
  const cwds = managed.programs.heads.flatMap(head => (head.cwd.known ? [head.cwd.value] : []));
  const {mark, slug} = named;
  const answer = useOfSlot(world.snapshot, slots, {tool: mark.tool, slug}, cwds);
  return answer.use !== 'unused'
    ? null
    : {
        title: `session ${managed.session.name} serves slot ${slug}, which ${answer.repo.name} does not have`,
        evidence: [{fact: `no slot ${slug} is in use`, source: answer.recordFile}],
        doubt: livingIn(managed),
      };
};

/** Every pane stands in a directory that has been removed under it. */
const lossOfDirectory = (managed: ManagedSession): Loss | null => {
  const {heads, livePanes} = managed.programs;
  const first = heads[0];
  if (first === undefined || heads.length < livePanes.length || !heads.every(head => head.cwd.known && head.cwdDeleted)) {
    return null;
  }
  const where = first.cwd.known ? first.cwd.value : '';
  const living = workerIn(managed.programs);
  return {
    title: `session ${managed.session.name} works in ${where}, which has been removed`,
    evidence: heads.map(head => ({
      fact: `process ${head.pid} stands in ${head.cwd.known ? head.cwd.value : '?'} (removed)`,
      source: 'working directory',
    })),
    doubt: living === null ? null : `${living} still works in it`,
  };
};

/** Claude makes a server for the mates of a team and names it by the process that leads it: `claude-swarm-4711`. */
const lossOfLeader = ({snapshot}: World, {session, server}: ManagedSession): Loss | null => {
  const pid = Number(/\/claude-swarm-(\d+)$/.exec(session.socket)?.[1] ?? 0);
  const leader = snapshot.processes.get(pid);
  const host = snapshot.processes.get(server.pid ?? 0);
  // A number that was given out again is younger than the server that was named by it.
  const leads = leader !== undefined && leader.state !== 'Z' && (host === undefined || leader.bornMs <= host.bornMs);
  return pid === 0 || leads || !snapshot.processesComplete
    ? null
    : {
        title: `session ${session.name} of a team runs on, though its leader ${pid} is gone`,
        evidence: [{fact: `its server is named by process ${pid}, which runs no more`, source: session.socket}],
        doubt: 'only the name of its socket says who led it',
      };
};

const suspect = (world: World, managed: ManagedSession): readonly Suspicion[] => {
  const loss = world.lossOf(managed) ?? lossOfSlot(world, managed) ?? lossOfDirectory(managed) ?? lossOfLeader(world, managed);
  const living = managed.programs.runtimes[0];
  return loss === null
    ? []
    : [
        suspectSession(world, managed.session, {
          kind: 'orphan-session',
          severity: 'high',
          title: loss.title,
          evidence: [
            ...managed.evidence,
            ...loss.evidence,
            {
              fact: living === undefined ? 'no agent program runs in it' : `${living.runtime.runtime} ${living.process.pid} runs in it`,
              source: 'process table',
            },
          ],
          doubt: loss.doubt,
          remedies: ['kill'],
        }),
      ];
};

export const orphanSession: Detector = {
  kind: 'orphan-session',
  means: 'A managed session runs on although the rig, worker, slot or work tree that it was made for is gone.',
  when: [
    'the session is managed, by more than its name',
    'its town’s registry does not know the rig any more, or the rig or the worker has no directory; or no slot record speaks of it; or every pane stands in a removed directory',
    'two looks',
  ],
  not: [
    'a session whose name merely looks like a managed one',
    'anything while the registry or the record cannot be read, or while a spawn has reserved the name',
    'the sessions of several rigs while the registry knows none (unknown)',
    'what still works in a removed directory: an agent, or a program that may be one (unknown)',
    'an agent that works in the session of a slot that is not in use, and mates of a Claude team whose leader is gone (unknown)',
  ],
  mistaken: [
    'A work tree that was removed is not a session that nobody has: an agent, an agent program that rigtop does not know, or an ssh to another machine goes on in it. What works there keeps the verdict unknown.',
    'A work tree that was moved (`git worktree move`) is the same directory under another name: the kernel follows it, and nothing has gone.',
    'Whose record it is: a slot that one repository does not know may be another’s. Only the repository at home in the directory of its panes is asked.',
    'Who else is in the session: a person opens a pane beside the services of a slot and starts an agent there. The slot’s end is not that agent’s.',
    'Who works with it: a server in the session that somebody outside is connected to is in use, whatever became of its owner.',
  ],
  remedy: 'Stop the session with its tree: `rigtop kill session:SERVER/NAME`.',
  detect: world => [...world.identified.sessions.values()].flatMap(managed => suspect(world, managed)),
};
