// Who a session or process belongs to, as a record with its evidence. Pure.

import type {Evidence, Owner} from '../../domain/agent.ts';
import {known, knownValue} from '../../domain/known.ts';
import {sessionKey} from '../../domain/multiplexer.ts';
import {type PaneMark, parsePaneMark} from '../../domain/pane-mark.ts';
import {type Process, placeOf} from '../../domain/process.ts';
import type {Slots} from '../../domain/slot-place.ts';
import {ownWords} from '../../look/index/own-environment.ts';
import {slotNamedIn} from '../slots/slot-marks.ts';
import type {ManagedSession} from './managed-sessions.ts';
import type {SessionContext} from './session-identity.ts';

/** The owner that a managed session stands for. */
export const ownerOfSession = (managed: ManagedSession, agent: string | null, {marks}: Slots): Owner => ({
  rig: managed.rig?.name ?? null,
  town: managed.town,
  agent,
  pane: null,
  slot:
    managed.slot === null ? null : {rig: managed.rig?.name ?? '', slug: slotNamedIn(marks, managed.env)?.slug ?? null, slot: managed.slot},
  evidence: managed.evidence,
});

const namedPane = (around: SessionContext, mark: PaneMark): string | null => {
  const {panes} = around.look;
  const byPid = mark.serverPid === null ? undefined : panes.serverByPid.get(mark.serverPid);
  const server = byPid ?? panes.serverAt(mark.socket);
  // Another server at the same socket counts its panes from %0 again.
  const same = server !== null && (mark.serverPid === null || server.pid === null || server.pid === mark.serverPid);
  const placed = same ? panes.find(server, mark.paneId) : null;
  return placed === null ? null : sessionKey(placed.session);
};

/** Who a process says it belongs to, or whose directory it works in; null when nothing names an owner. */
const ownerOfProcess = (around: SessionContext, seen: Process, sessionOwners: ReadonlyMap<string, Owner>): Owner | null => {
  const mark = parsePaneMark(knownValue(seen.env) ?? {});
  // What its tmux server was started with says nothing of it.
  const env = ownWords(around.look, seen);
  const process = seen.env.known && env !== seen.env.value ? {...seen, env: known(env)} : seen;
  const claim = around.claimOf(process);
  const cwd = placeOf(process);
  const declared = claim === null && cwd !== undefined ? around.rigs.declaredAt(cwd) : null;
  const slot = slotNamedIn(around.slots.marks, env);
  if (mark === null && claim === null && declared === null && slot === null) {
    return null;
  }
  const key = mark === null ? null : namedPane(around, mark);
  const session = key === null ? undefined : sessionOwners.get(key);
  const evidence: Evidence[] = [...(claim?.evidence ?? [])];
  if (mark !== null) {
    evidence.push({fact: `started in pane ${mark.paneId} of ${mark.socket}`, source: `environment of ${process.pid}`});
  }
  if (slot !== null && slot.slug !== null) {
    evidence.push({fact: `${slot.mark.slug}=${slot.slug}`, source: `environment of ${process.pid}`});
  }
  if (declared !== null) {
    evidence.push({fact: `works in ${cwd}, inside rig ${declared.name}`, source: 'working directory'});
  }
  return {
    rig: claim?.rig?.name ?? declared?.name ?? session?.rig ?? null,
    town: claim?.town ?? session?.town ?? null,
    agent: claim?.agentRef ?? session?.agent ?? null,
    pane: mark === null ? null : {socket: mark.socket, paneId: mark.paneId},
    slot: slot === null ? (session?.slot ?? null) : {rig: declared?.name ?? '', slug: slot.slug, slot: slot.slot},
    evidence,
  };
};

/** So many processes are looked at between two pauses. */
const BREATH = 64;

/** Owners of every process of this user that names one. */
export const identifyProcessOwners = function* (
  around: SessionContext,
  sessionOwners: ReadonlyMap<string, Owner>,
): Generator<void, ReadonlyMap<number, Owner>> {
  const {processes, self} = around.look.snapshot;
  const owners = new Map<number, Owner>();
  let count = 0;
  for (const process of processes.values()) {
    count += 1;
    if (count % BREATH === 0) {
      yield;
    }
    if (process.uid === self.uid && (process.env.known || process.cwd.known)) {
      const owner = ownerOfProcess(around, process, sessionOwners);
      if (owner !== null) {
        owners.set(process.pid, owner);
      }
    }
  }
  return owners;
};
