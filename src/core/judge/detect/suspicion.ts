// What the detectors of sessions and processes share: how they put a suspicion together. Pure.
import {coarseAge} from '../../../words/ages.ts';
import type {Evidence} from '../../domain/agent.ts';
import {commandLine} from '../../domain/command-line.ts';
import type {FindingKind, FindingProcess, Protection, Remedy, Severity, Suspicion} from '../../domain/finding.ts';
import {type Session, sessionKey} from '../../domain/multiplexer.ts';
import {ageMs, type Process, processKey} from '../../domain/process.ts';
import {processRef, sessionRef} from '../../domain/reference.ts';
import type {World} from './detector.ts';

export interface Details {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly doubt: string | null;
  readonly remedies: readonly Remedy[];
}

export const asFindingProcess = (process: Process): FindingProcess => ({
  pid: process.pid,
  startTime: process.startTime,
  command: commandLine(process),
});

export const portsOf = (world: World, processes: readonly Process[]): readonly number[] =>
  [...new Set(processes.flatMap(process => world.look.portsOf(process.pid)))].toSorted((a, b) => a - b);

const firstProtection = (protections: readonly Protection[]): Protection | null => protections[0] ?? null;

/** Suspect a process, with everything below it. The key is the process itself: pid and start. */
export const suspectProcess = (world: World, process: Process, details: Details): Suspicion => {
  const tree = world.look.treeOf(process.pid);
  return {
    key: `${details.kind} ${processKey(process)}`,
    subject: processRef(process.pid),
    processes: tree.map(asFindingProcess),
    protectedBy: firstProtection(world.protections.ofProcess(process)),
    proof: 'two-looks',
    rig: world.fleet.processOwners.get(process.pid)?.rig ?? null,
    session: null,
    holds: portsOf(world, tree),
    ...details,
  };
};

/** Everything in the live panes of a session, whoever it is. */
export const processesOfSession = (world: World, session: Session): readonly Process[] =>
  session.panes.flatMap(pane => (pane.dead ? [] : world.look.treeOf(pane.pid)));

/** Suspect a session, with everything in its live panes. The key is the session itself: socket, `$id` and creation time. */
export const suspectSession = (world: World, session: Session, details: Details): Suspicion => {
  const tree = processesOfSession(world, session);
  const key = sessionKey(session);
  return {
    key: `${details.kind} ${key}`,
    subject: sessionRef(session.server, session.name),
    processes: tree.map(asFindingProcess),
    protectedBy: firstProtection(world.protections.ofSession(session)),
    proof: 'two-looks',
    rig: world.fleet.sessionOwners.get(key)?.rig ?? null,
    session: key,
    holds: portsOf(world, tree),
    ...details,
  };
};

export const ageFact = (world: World, process: Process): Evidence => ({
  fact: `age ${coarseAge(ageMs(process, world.snapshot))}`,
  source: 'process table',
});
