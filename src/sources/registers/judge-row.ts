// What became of the session that a store's row names: there, provably missing, or not to be told. Never a reason to close by itself. Pure.

import {knownValue} from '../../core/domain/known.ts';
import {presenceOf, type Server} from '../../core/domain/multiplexer.ts';
import {hasEnded} from '../../core/domain/process.ts';
import type {RegisterRow, RegisterSeat} from '../../core/domain/register.ts';
import {tmuxName} from '../../core/domain/session-name.ts';
import {holderOf, isKnownByName} from '../../core/domain/session-server.ts';
import type {Settings} from '../../core/domain/settings.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';

/** `apart`: its session, missing or not, says nothing about the row. `exists`: a listing has it. Only `missing` is a proof of absence. */
export interface RowVerdict {
  readonly state: 'closed' | 'apart' | 'exists' | 'missing' | 'unknown';
  readonly because: string;
  /** Whether nothing of it was found: of `missing`, and of `unknown` where only the time of its last use is not told. */
  readonly absent: boolean;
}

const verdict = (state: RowVerdict['state'], because: string, absent = state === 'missing'): RowVerdict => ({state, because, absent});

/** Records are written by one clock and processes started by another. */
const CLOCK_SLACK_MS = 5_000;

const wordsOf = ({kind, session, agent}: RegisterSeat): string =>
  agent === null ? `${kind} session ${session}` : `agent ${agent} of ${kind} session ${session}`;

/** Names its session may have. */
const namesOf = ({kind, session}: RegisterSeat): readonly string[] => (kind === 'tmux' ? [session, tmuxName(session)] : [session]);

/** When a process that lives started, milliseconds since the epoch; null: not told. */
const startOf = (id: {readonly pid: number; readonly startTime?: number} | null, {processes, bootedAt}: Snapshot): number | null => {
  const process = id === null ? undefined : processes.get(id.pid);
  if (process === undefined || hasEnded(process)) {
    return null;
  }
  return id?.startTime === undefined || id.startTime === process.startTime ? bootedAt + process.bornMs : null;
};

/** Whether it is told that a server was there before `usedAt`, and is still the same. */
const isOlder = (started: number | null, usedAt: number): boolean => started !== null && started + CLOCK_SLACK_MS <= usedAt;

/** Why the session may have gone with an earlier server, as all that this one had; null when it cannot. */
const restartOf = (
  answering: readonly Server[],
  {kind, session, agent}: RegisterSeat,
  usedAt: number,
  snapshot: Snapshot,
): string | null => {
  if (answering.some(({socket}) => !isKnownByName(socket))) {
    const younger = answering.find(({pid}) => !isOlder(startOf(pid === null ? null : {pid}, snapshot), usedAt));
    return younger === undefined
      ? null
      : `${kind} ${younger.name} was started after it was last used: its session went with an earlier one`;
  }
  // Each session has a server of its own: an agent lives and dies with that one, a session beside others that must have stayed.
  const homes = answering.flatMap(({sessions}) => sessions).filter(({name}) => agent === null || name === session);
  return homes.some(home => isOlder(startOf(holderOf(home), snapshot), usedAt))
    ? null
    : `no ${agent === null ? `${kind} server` : `server of ${kind} session ${session}`} is known to have run since it was last used: it may have gone with an earlier one`;
};

const carries = (snapshot: Snapshot, id: string): boolean =>
  [...snapshot.processes.values()].some(({env, state}) => {
    const marks = state === 'Z' ? undefined : knownValue(env);
    return marks !== undefined && Object.entries(marks).some(([name, value]) => name.startsWith('BOTMUX_') && value === id);
  });

/** Why a session that no server has may still not be called missing; null when nothing stands against it. */
const doubtOf = ({usedAt}: RegisterRow, seat: RegisterSeat, snapshot: Snapshot, settings: Settings): string | null => {
  const {kind} = seat;
  const servers = snapshot.servers.filter(server => server.kind === kind);
  if (settings.sockets !== null && kind === 'tmux') {
    return 'only some of this user’s tmux servers are looked at';
  }
  const silent = servers.find(({state}) => state === 'unknown');
  if (silent !== undefined) {
    return `${silent.kind} ${silent.name} did not answer: ${silent.because}`;
  }
  const blind = snapshot.sources.find(({source, state}) => source === kind && state === 'unknown');
  if (blind !== undefined) {
    return `not every ${kind} server could be looked for: ${blind.detail}`;
  }
  const answering = servers.filter(({state}) => state === 'ok');
  if (answering.length === 0) {
    return `no ${kind} server runs: with it went every session at once, which says nothing about one of them`;
  }
  const dead = servers.find(({state}) => state === 'absent');
  if (dead !== undefined) {
    return `${kind} ${dead.name} does not run, and it may have lived there: ${dead.because}`;
  }
  if (!snapshot.processesComplete) {
    return 'the process table is incomplete';
  }
  if (usedAt === null) {
    return null;
  }
  if (snapshot.takenAt - usedAt < settings.orphanMinAgeMs) {
    return 'it was used just now';
  }
  return restartOf(answering, seat, usedAt, snapshot);
};

/** Judge one row by one look. That it is so twice, and not so for all rows at once, is for the detector to ask. */
export const judgeRow = (row: RegisterRow, snapshot: Snapshot, settings: Settings): RowVerdict => {
  const {seat, worker} = row;
  if (!row.active) {
    return verdict('closed', `its store says ${row.status === '' ? 'nothing of it' : row.status}`);
  }
  if (row.exempt !== null || seat === null) {
    return verdict('apart', row.exempt ?? 'it names no session');
  }
  const home = snapshot.servers.find(
    server => server.kind === seat.kind && namesOf(seat).some(name => presenceOf(server, name, seat.agent) === 'exists'),
  );
  if (home !== undefined) {
    return verdict('exists', `${home.kind} ${home.name} has ${wordsOf(seat)}`);
  }
  if (worker !== null && snapshot.processes.get(worker) !== undefined) {
    return verdict('apart', `its worker ${worker} lives: it looks after its session itself`);
  }
  const doubt = doubtOf(row, seat, snapshot, settings);
  if (doubt !== null) {
    return verdict('unknown', doubt);
  }
  // A session can be renamed; what was started for the row keeps its id. Where that runs nobody has listed: it tells nothing of others.
  if (carries(snapshot, row.id)) {
    return verdict('apart', 'a process still carries its id');
  }
  return row.usedAt === null
    ? verdict('unknown', 'it was not found, but nothing tells when it was last used: its server may have been an earlier one', true)
    : verdict('missing', `every ${seat.kind} server answered, and none has ${wordsOf(seat)}`);
};
