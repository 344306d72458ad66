// zombie-session: the multiplexer session lives, its agent does not. Pure.
import type {Suspicion} from '../../domain/finding.ts';
import type {Session} from '../../domain/multiplexer.ts';
import type {ManagedSession} from '../owners/managed-sessions.ts';
import {indexRuntimes} from '../programs/recognise-runtime.ts';
import {runtimeOfCommand} from '../programs/start-command.ts';
import type {Detector, World} from './detector.ts';
import {livenessOf} from './liveness.ts';
import {ageFact, suspectSession} from './suspicion.ts';

/** Whether tmux records of a pane that it was started with an agent program: then it can be started again. */
const isStartedAsAgent = ({settings}: World, {panes}: Session): boolean => {
  const table = indexRuntimes(settings.runtimes);
  return panes.some(({startCommand}) => runtimeOfCommand(startCommand, table) !== null);
};

const suspect = (world: World, managed: ManagedSession): readonly Suspicion[] => {
  const liveness = livenessOf(managed, world.snapshot, world.settings);
  if (!liveness.missing) {
    return [];
  }
  const {session, programs} = managed;
  const agent = world.fleet.sessionOwners.get(managed.key)?.agent ?? session.name;
  const head = programs.heads[0];
  return [
    suspectSession(world, session, {
      kind: 'zombie-session',
      severity: 'high',
      title: `session ${session.name} is there, ${agent} is not`,
      evidence: [
        ...managed.evidence,
        {fact: liveness.because, source: `panes of ${session.server}, process table`},
        ...(head === undefined ? [] : [ageFact(world, head)]),
      ],
      doubt: liveness.state === 'zombie' ? null : liveness.because,
      remedies: managed.claim !== null || isStartedAsAgent(world, session) ? ['restart', 'kill'] : ['kill'],
    }),
  ];
};

export const zombieSession: Detector = {
  kind: 'zombie-session',
  means: 'A session that belongs to an agent is still there, but no agent program runs in any of its panes.',
  when: [
    'the session is managed: claimed by a town, marked by its environment, started with an agent program, or configured with a pane in its rig',
    'no pane’s tree holds an agent program, by name, script, title, or GT_PROCESS_NAMES; the pane that the agent declared comes first',
    'every program in its panes is a shell or known for being no agent, or all panes are dead',
    'every live pane is older than `orphan_min_age`',
    'two looks',
  ],
  not: [
    'a plain shell session of a person',
    'a session that only its start command or its name calls an agent’s, with a shell at a prompt in it: the agent was quit or never meant, and a person goes on there (unknown at most, and protected by `shell`)',
    'an agent that is silent, or stopped by a signal: frozen is not dead',
    'a session with an unknown program in it: it may be an agent that rigtop does not know (shown as unknown)',
    'the overseer’s session, and sessions of services',
  ],
  mistaken: [
    'A person at a prompt that does not look like one: `bash --rcfile FILE` of `nix develop`, `bash --init-file` of editors, `fish -C`, `nu --config`, `pwsh -NoExit`, `ash`. Shells are read with the values of their options.',
    'A person who reads: an agent was quit, and less, htop, lazygit or man fills its pane. Where only a start command or a name calls a session an agent’s, that keeps the verdict unknown.',
    'An agent at the other end: ssh, mosh, `docker exec`, or a tmux, screen or zellij inside the pane. What shows something that runs elsewhere may show an agent.',
    'Whose environment it is: a tmux server that was started by an agent hands that agent’s variables to every pane. Only what a session itself was given counts, and of a pane only what speaks of this very session.',
    'Who else has that name: two repositories use one session name, and a name is a pattern’s match. A pane in the declared directory has to confirm it.',
    'Who uses it now: a dev server that the agent left in its pane and that another agent or a browser is connected to.',
  ],
  remedy: 'Restart the agent, or stop the session: `rigtop restart REF`, `rigtop kill REF`.',
  detect: world => [...world.identified.sessions.values()].flatMap(managed => suspect(world, managed)),
};
