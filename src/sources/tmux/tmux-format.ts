// What tmux is asked for in one listing, and how its answer becomes sessions and panes. Pure.

import type {Pane, Session} from '../../core/domain/multiplexer.ts';

/**
 * Formats of one record, in order. The current command and path are left out on purpose: for them the server reads /proc once per
 * pane, and both are in our own process table.
 */
const FIELDS = [
  'session_id',
  'session_created',
  'session_activity',
  'session_attached',
  'session_group',
  'session_name',
  'window_id',
  'window_index',
  'window_name',
  'pane_id',
  'pane_index',
  'pane_active',
  'pane_pid',
  'pane_dead',
  'pane_dead_status',
  'pane_tty',
  'pane_start_command',
] as const;

type Field = (typeof FIELDS)[number];

/**
 * Separators that no content can hold. Names may contain tabs, newlines and escape sequences, and versions differ in what they print of
 * them (3.3a escapes control characters in session names and start commands but not in window names, later ones in everything; without
 * -u every byte above 127 becomes `_`). A random word in plain letters comes through all of them as it is.
 */
export const separators = (nonce: string): {readonly field: string; readonly record: string} => ({
  field: `|${nonce}|`,
  record: `|${nonce}/`,
});

/**
 * Arguments of one listing: first a line about the server, which a server without sessions answers too, then every pane. -u: the
 * terminal locale of rigtop (LC_ALL=C for its own calls) must not flatten names.
 */
export const listPanesArguments = (socket: string, nonce: string): readonly string[] => {
  const {field, record} = separators(nonce);
  const panes = `${FIELDS.map(name => `#{${name}}`).join(field)}${record}`;
  return ['-u', '-S', socket, 'display-message', '-p', `#{pid}${field}#{version}${record}`, ';', 'list-panes', '-a', '-F', panes];
};

/** A server's answer; null when it is not the answer to what was asked. */
export interface TmuxListing {
  readonly pid: number;
  readonly version: string;
  readonly sessions: readonly Session[];
}

const COUNT = /^\d+$/;

/** What each field must look like; a field that is not listed may hold anything. */
const SHAPES: Readonly<Partial<Record<Field, RegExp>>> = {
  session_id: /^\$\d+$/,
  session_created: COUNT,
  session_activity: /^\d*$/,
  session_attached: COUNT,
  window_id: /^@\d+$/,
  window_index: COUNT,
  pane_id: /^%\d+$/,
  pane_index: COUNT,
  pane_active: /^[01]$/,
  pane_pid: /^\d*$/,
  pane_dead: /^[01]?$/,
  pane_dead_status: /^-?\d*$/,
};

type PaneRow = Readonly<Record<Field, string>>;

const parseRow = (record: string, field: string): PaneRow | null => {
  const values = record.split(field);
  if (values.length !== FIELDS.length) {
    return null;
  }
  const row = Object.fromEntries(FIELDS.map((name, index) => [name, values[index] ?? ''])) as PaneRow;
  // A pane without a pid is a dead one since 3.8; older ones print the pid that it had.
  const hasPid = row.pane_pid !== '' || row.pane_dead === '1';
  return hasPid && FIELDS.every((name, index) => SHAPES[name]?.test(values[index] ?? '') ?? true) ? row : null;
};

/** tmux prints a start command of one word with blanks in it quoted for a shell (args_escape in arguments.c). */
const unquoted = (command: string): string => {
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(command)?.[1];
  return inner === undefined ? command : inner.replace(/\\(["\\$])/g, '$1');
};

const paneOf = (row: PaneRow): Pane => ({
  id: row.pane_id,
  windowId: row.window_id,
  windowIndex: Number(row.window_index),
  windowName: row.window_name,
  index: Number(row.pane_index),
  active: row.pane_active === '1',
  pid: Number(row.pane_pid),
  dead: row.pane_dead === '1',
  exitStatus: row.pane_dead === '1' && row.pane_dead_status !== '' ? Number(row.pane_dead_status) : null,
  startCommand: unquoted(row.pane_start_command),
  tty: row.pane_dead === '1' ? '' : row.pane_tty.replace(/^\/dev\//, ''),
});

/**
 * Sessions in the order tmux lists them. Fails as a whole on the first record that is not one: half an answer would make the other
 * half of the fleet look dead.
 */
export const parseListing = (stdout: string, nonce: string, socket: string, server: string): TmuxListing | null => {
  const {field, record} = separators(nonce);
  const [head = '', ...records] = stdout.split(`${record}\n`);
  const [pid = '', version, ...more] = head.split(field);
  if (!COUNT.test(pid) || version === undefined || more.length > 0 || records.pop() !== '') {
    return null;
  }
  const sessions = new Map<string, Omit<Session, 'panes'> & {readonly panes: Pane[]}>();
  for (const text of records) {
    const row = parseRow(text, field);
    if (row === null) {
      return null;
    }
    const session = sessions.get(row.session_id) ?? {
      kind: 'tmux',
      server,
      socket,
      id: row.session_id,
      created: Number(row.session_created),
      name: row.session_name,
      attached: Number(row.session_attached),
      activity: Number(row.session_activity),
      group: row.session_group === '' ? null : row.session_group,
      panes: [],
      env: null,
    };
    session.panes.push(paneOf(row));
    sessions.set(row.session_id, session);
  }
  return {pid: Number(pid), version, sessions: [...sessions.values()]};
};
