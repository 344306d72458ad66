// defunct-process: an operating-system zombie. It cannot be killed; its parent has to collect it. Pure.
import {commandLine} from '../../domain/command-line.ts';
import type {Suspicion} from '../../domain/finding.ts';
import {ageMs, type Process, processKey} from '../../domain/process.ts';
import {processRef} from '../../domain/reference.ts';
import {isMultiplexerServer} from '../../look/index/program-kinds.ts';
import type {Detector, World} from './detector.ts';
import {ageFact} from './suspicion.ts';

/** A parent that forgets one child usually forgets many: from here on they are one finding about the oldest. */
const MOST_ALONE = 3;

const parentText = (parent: Process | undefined, ppid: number): string =>
  parent === undefined ? `process ${ppid}` : `${commandLine(parent, 60)} ${parent.pid}`;

const suspect = (world: World, defunct: readonly Process[], alone: boolean): Suspicion | null => {
  const [oldest] = defunct;
  if (oldest === undefined) {
    return null;
  }
  const parent = world.snapshot.processes.get(oldest.ppid);
  const who = parentText(parent, oldest.ppid);
  const place = world.look.placeOf(oldest.ppid);
  const inPane =
    place.where === 'pane'
      ? [{fact: `the parent is in ${place.placed.pane.id} of session ${place.placed.session.name}`, source: 'tmux'}]
      : [];
  const what = alone
    ? `${oldest.comm} ${oldest.pid} is defunct`
    : `${defunct.length} children are defunct (${oldest.comm} ${oldest.pid} …)`;
  return {
    key: alone || parent === undefined ? `defunct-process ${processKey(oldest)}` : `defunct-process children of ${processKey(parent)}`,
    kind: 'defunct-process',
    severity: 'low',
    subject: processRef(oldest.pid),
    title: `${what}: its parent ${who} has not collected it`,
    evidence: [
      {fact: 'state Z: it has ended and holds nothing but its entry in the process table', source: 'process table'},
      {fact: `its parent is ${who}; only that can collect it, or its own end`, source: 'process table'},
      ...(parent !== undefined && (isMultiplexerServer(parent) || world.look.panes.serverByPid.has(parent.pid))
        ? [
            {
              fact: `that is the server of every session on it: leave it; kill -CHLD ${parent.pid} makes it look again`,
              source: 'process table',
            },
          ]
        : []),
      ...inPane,
      ageFact(world, oldest),
    ],
    processes: defunct.map(process => ({pid: process.pid, startTime: process.startTime, command: `[${process.comm}] <defunct>`})),
    protectedBy: null,
    proof: 'two-looks',
    doubt: null,
    remedies: [],
    rig: world.fleet.processOwners.get(oldest.ppid)?.rig ?? null,
    session: null,
    holds: [],
  };
};

export const defunctProcess: Detector = {
  kind: 'defunct-process',
  means: 'A process has ended, but its parent has not asked how: an entry of the process table stays behind (“zombie” in ps).',
  when: ['state Z', 'the process is this user’s', 'two looks: a defunct child of a moment ago is normal and not shown'],
  not: ['zombie sessions: there the session lives and the agent does not', 'processes of other users'],
  mistaken: ['It is nobody’s work and cannot be ended; its parent can, and is living work. So nothing is offered.'],
  remedy:
    'Nothing can kill it. Restart the parent, which the evidence names; where that is a multiplexer’s server, do not: `kill -CHLD PID` makes it collect.',
  detect: world => {
    const {snapshot} = world;
    const byParent = new Map<number, Process[]>();
    for (const process of snapshot.processes.values()) {
      if (process.state === 'Z' && process.uid === snapshot.self.uid && process.ppid !== snapshot.self.pid) {
        const siblings = byParent.get(process.ppid);
        if (siblings === undefined) {
          byParent.set(process.ppid, [process]);
        } else {
          siblings.push(process);
        }
      }
    }
    return [...byParent.values()].flatMap(siblings => {
      const byAge = siblings.toSorted((a, b) => ageMs(b, snapshot) - ageMs(a, snapshot) || a.pid - b.pid);
      const groups = byAge.length > MOST_ALONE ? [byAge] : byAge.map(process => [process]);
      return groups.flatMap(group => suspect(world, group, group.length === 1) ?? []);
    });
  },
};
