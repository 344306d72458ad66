// zellij's sessions, from one listing per look. Three-valued: a listing that failed proves nothing. Reads only.

import type {NamedMultiplexer} from '../../../core/look/named-multiplexers/named-multiplexer.ts';
import {
  absent,
  answered,
  asSession,
  failed,
  type Listing,
  notInstalled,
  outsideOf,
} from '../../../core/look/named-multiplexers/session-listing.ts';
import type {CommandResult, Host} from '../../../core/os/host.ts';
import {complaint} from '../../../words/complaints.ts';
import {isZellijServer, servedByZellij, shownByZellij} from '../zellij-program.ts';

const ARGS = ['list-sessions', '--no-formatting'];

/** What zellij says when it has no session, and exits with 1, or with 0 before 0.40. Any other text is unknown. */
const NO_SESSIONS = /^no active zellij sessions found\b/i;

/** Alone on stderr, or as the only line of stdout: among others it may be somebody's session. */
const saysNone = ({stdout, stderr}: CommandResult): boolean =>
  stdout.trim() === ''
    ? stderr.split('\n').some(line => NO_SESSIONS.test(line))
    : NO_SESSIONS.test(stdout) && !stdout.trim().includes('\n') && !stdout.includes(' [Created ');

/** What zellij puts its servers' sockets and names under; one place, so all sessions of a user share one server record. */
const TARGET = 'zellij';

/** Seconds in the units of `2h 3m 4s`, `3days 2h`: humantime's, whose month and year are fractions of days. */
const UNIT_SECONDS: ReadonlyMap<string, number> = new Map(
  Object.entries({s: 1, m: 60, h: 3600, day: 86_400, month: 2_630_016, year: 31_557_600}),
);

/** Seconds in an age as zellij prints it; null for text in another form, and for none (`0s` also stands for "not known"). */
export const parseZellijAge = (text: string): number | null => {
  const parts = text.trim().split(/\s+/);
  let seconds = 0;
  for (const part of parts) {
    const [, count, unit = ''] = /^(\d+)([a-z]+)$/.exec(part) ?? [];
    const size = UNIT_SECONDS.get(unit) ?? UNIT_SECONDS.get(unit.replace(/s$/, ''));
    if (count === undefined || size === undefined) {
      return null;
    }
    seconds += Number(count) * size;
  }
  return seconds === 0 ? null : seconds;
};

export interface ZellijRow {
  readonly name: string;
  /** A remembered layout (`EXITED - attach to resurrect`), not a session. */
  readonly exited: boolean;
  readonly ageSeconds: number | null;
}

/** `NAME [Created 2h 3m ago] (current)`, one session a line; earlier versions print the name alone. A name may hold spaces. */
export const parseZellijRows = (stdout: string): readonly ZellijRow[] =>
  stdout
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '')
    .map(line => {
      const end = line.lastIndexOf(' [Created ');
      const tail = end === -1 ? '' : line.slice(end);
      const age = /^ \[Created (.+?) ago\]/.exec(tail)?.[1];
      return {
        name: end === -1 ? line.replace(/ \((?:current|EXITED\b[^)]*)\)$/, '') : line.slice(0, end),
        exited: end === -1 ? / \(EXITED\b[^)]*\)$/.test(line) : tail.includes('(EXITED'),
        ageSeconds: age === undefined ? null : parseZellijAge(age),
      };
    });

/** What the listing proved. */
export const judgeZellijListing = (result: CommandResult): Listing => {
  if (result.trouble === 'missing') {
    return notInstalled('zellij');
  }
  if ((result.exitCode === 0 || result.exitCode === 1) && saysNone(result)) {
    return absent('zellij', TARGET, 'no active sessions');
  }
  const because = complaint(result);
  if (because !== null) {
    return failed('zellij', TARGET, because);
  }
  const rows = parseZellijRows(result.stdout);
  if (rows.length === 0) {
    return failed('zellij', TARGET, 'it printed nothing, not even that there are no sessions');
  }
  const live = rows.filter(({exited}) => !exited);
  return answered(
    'zellij',
    TARGET,
    live.map(({name}) => asSession('zellij', TARGET, name)),
    new Map(live.flatMap(({name, ageSeconds}) => (ageSeconds === null ? [] : [[name, ageSeconds] as const]))),
  );
};

/** The listing as zellij prints it. */
export const listZellij = (host: Host, timeoutMs: number): Promise<CommandResult> =>
  host.run('zellij', ARGS, {timeoutMs, env: outsideOf(host, 'zellij')});

const collectZellij = async (host: Host, timeoutMs: number): Promise<Listing> => judgeZellijListing(await listZellij(host, timeoutMs));

export const zellijSessions: NamedMultiplexer = {
  kind: 'zellij',
  collect: collectZellij,
  isServer: isZellijServer,
  servedSession: servedByZellij,
  shownSession: shownByZellij,
};
