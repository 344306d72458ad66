// botmux's session store, one JSON object keyed by session id → rows. Pure.

import {oneLine} from '../../core/domain/command-line.ts';
import {largest} from '../../core/domain/extremes.ts';
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {MultiplexerKind} from '../../core/domain/multiplexer.ts';
import type {RegisterRow, RegisterSeat} from '../../core/domain/register.ts';
import {isRow, momentOf, type Row, textOf} from './store-fields.ts';

const KINDS: readonly string[] = ['tmux', 'zellij', 'herdr'] satisfies readonly MultiplexerKind[];

const asKind = (value: unknown): MultiplexerKind | null =>
  typeof value === 'string' && KINDS.includes(value) ? (value as MultiplexerKind) : null;

/** The recorded target counts while its multiplexer is the row's; the name is derived from the id otherwise, as botmux does itself. */
const seatOf = (row: Row, id: string): RegisterSeat | null => {
  const target = isRow(row.persistentBackendTarget) ? row.persistentBackendTarget : {};
  const kind = asKind(row.backendType ?? target.backendType);
  if (kind === null) {
    return null;
  }
  const named = target.backendType === undefined || target.backendType === kind ? textOf(target.sessionName) : null;
  return {kind, session: named ?? `bmx-${id.slice(0, 8)}`, agent: named === null ? null : textOf(target.agentName)};
};

/** Rows that have no session of their own on purpose, or one under a name that is not theirs. */
const exemptionOf = (row: Row, seat: RegisterSeat | null): string | null => {
  if (isRow(row.adoptedFrom)) {
    return 'it adopted a pane that a person started, under that pane’s own name';
  }
  if (row.queued === true) {
    return 'it is queued: its session is yet to be made';
  }
  if (row.suspendedColdResume === true || isRow(row.suspendedColdResume)) {
    return 'it is suspended: it has no session until it is woken';
  }
  if (row.restoreQuarantinedAt !== undefined && row.restoreQuarantinedAt !== null) {
    return 'botmux has set it aside after a failed restore';
  }
  return seat === null ? `its backend (${textOf(row.backendType) ?? 'none recorded'}) keeps no session that could be asked for` : null;
};

const toRow = (key: string, row: Row): RegisterRow => {
  const id = textOf(row.sessionId) ?? key;
  const seat = seatOf(row, id);
  const moments = [row.createdAt, row.lastMessageAt].map(momentOf).filter(moment => moment !== null);
  const title = textOf(row.title);
  const program = textOf(row.cliId) ?? textOf(row.lastCliInput);
  return {
    id,
    title: title === null ? null : oneLine(title),
    status: textOf(row.status) ?? '',
    active: row.status === 'active',
    seat,
    usedAt: moments.length === 0 ? null : largest(moments),
    worker: typeof row.pid === 'number' && Number.isSafeInteger(row.pid) && row.pid > 1 ? row.pid : null,
    exempt: exemptionOf(row, seat),
    resumes: program === null ? null : 'it has been talked to: botmux starts its program again with the next message, until it is closed',
  };
};

/** A store with a row that is no record is unknown as a whole: what else in it is not meant is anybody's guess. */
export const parseBotmuxStore = (text: string): Known<readonly RegisterRow[]> => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return unknown('it holds no JSON');
  }
  if (!isRow(document)) {
    return unknown('it is no object of sessions');
  }
  const rows: RegisterRow[] = [];
  for (const [key, row] of Object.entries(document)) {
    if (!isRow(row)) {
      return unknown(`session ${oneLine(key)} in it is no record`);
    }
    rows.push(toRow(key, row));
  }
  return known(rows);
};
