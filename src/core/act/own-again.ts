// Asks again whose something is, in every table that is read during an act: what has become somebody else's since is not signalled.
import type {Protection} from '../domain/finding.ts';
import type {Assessment} from '../domain/fleet.ts';
import type {ProcessMap} from '../domain/forest.ts';
import type {Plan} from '../domain/plan.ts';
import {type Process, processKey} from '../domain/process.ts';
import type {Settings} from '../domain/settings.ts';
import type {Caller} from '../judge/own/caller.ts';
import {ownWorld} from '../judge/own/own-world.ts';
import {type Ownership, ownershipOf} from '../judge/own/ownership.ts';
import {indexRuntimes, recogniseRuntime} from '../judge/programs/recognise-runtime.ts';
import {notOwn, ownershipIn} from '../plan/own-only.ts';

/** The rule that forbids ending a process of a table read just now, because it is not the caller's own; null where it is. */
export type OwnAgain = (process: Process, processes: ProcessMap) => Protection | null;

/** Agents of the look, and those that have come up since: a tree in which one lives by now is nobody's alone. */
const withNewAgents = (assessment: Assessment, settings: Settings, processes: ProcessMap): Assessment => {
  const {snapshot, fleet} = assessment;
  const table = indexRuntimes(settings.runtimes);
  const runtimes = new Map(fleet.runtimes);
  for (const process of processes.values()) {
    const isNew = snapshot.processes.get(process.pid)?.startTime !== process.startTime;
    const found = isNew && process.uid === snapshot.self.uid ? recogniseRuntime(process, table) : null;
    if (isNew) {
      runtimes.delete(process.pid);
    }
    if (found !== null && found.awaited !== true) {
      runtimes.set(process.pid, {process: {pid: process.pid, startTime: process.startTime}, ...found});
    }
  }
  return {...assessment, snapshot: {...snapshot, processes}, fleet: {...fleet, runtimes}};
};

/**
 * Who was below the caller stays its own whatever becomes of its parents: that goes with the identity, and with the session that it leads
 * (setsid(2)), which nobody joins from outside. What is its own by the place it lives in has to live there still.
 */
const createOwnAgain = (assessment: Assessment, settings: Settings, caller: Caller): OwnAgain => {
  const identities = new Set<string>();
  const sessions = new Set<number>();
  let last: {readonly processes: ProcessMap; readonly ownership: Ownership} | null = null;

  const inTable = (processes: ProcessMap): Ownership => {
    if (last?.processes !== processes) {
      const ownership = ownershipOf(ownWorld(withNewAgents(assessment, settings, processes), settings), caller);
      for (const process of processes.values()) {
        const own = ownership.of(process);
        if (own.own === 'yes' && (own.by === 'below' || own.by === 'mark')) {
          identities.add(processKey(process));
          if (process.sid === process.pid) {
            sessions.add(process.sid);
          }
        }
      }
      last = {processes, ownership};
    }
    return last.ownership;
  };
  inTable(assessment.snapshot.processes);

  return (process, processes) => {
    const ownership = inTable(processes);
    const isKnown = identities.has(processKey(process)) || (sessions.has(process.sid) && process.uid === assessment.snapshot.self.uid);
    return isKnown ? null : notOwn(ownership.of(process), ownership);
  };
};

/** Null for a plan that is not of own things alone; `refused` where the caller is not the one that it was made for. */
export const ownAgainFor = (
  plan: Plan,
  assessment: Assessment,
  settings: Settings,
): OwnAgain | null | {readonly refused: true; readonly rule: string; readonly because: string} => {
  if (plan.mine === undefined) {
    return null;
  }
  const own = ownershipIn(plan.mine, assessment, settings);
  return 'refused' in own ? own : createOwnAgain(assessment, settings, own.caller);
};
