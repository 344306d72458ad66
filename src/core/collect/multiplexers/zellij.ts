// zellij's sessions, from one listing per look. Three-valued: a listing that failed proves nothing. Reads only.
import {oneLine} from '../../domain/command-line.ts';
import type {Session} from '../../domain/multiplexer.ts';
import type {CommandResult, Host} from '../../os/host.ts';
import {absent, answered, asSession, failed, type Listing, notInstalled} from './listing.ts';

const ARGS = ['list-sessions', '--no-formatting'];

/** The one failure that proves absence: zellij exits with 1 and says so when it has no session. Any other text is unknown. */
const NO_SESSIONS = /^no active zellij sessions found/im;

/** What zellij puts its servers' sockets and names under; one place, so all sessions of a user share one server record. */
const TARGET = 'zellij';

/**
 * `NAME [Created 2h 3m ago] (current)`, one session a line. `(EXITED - attach to resurrect)` rows are remembered layouts, not
 * sessions. The name may hold spaces, so it ends at the last ` [Created `.
 */
export const parseZellijSessions = (stdout: string): readonly Session[] =>
  stdout
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/\(EXITED\b/.test(line))
    .map(line => {
      const end = line.lastIndexOf(' [Created ');
      return asSession('zellij', TARGET, end === -1 ? (line.split(' ')[0] ?? line) : line.slice(0, end));
    });

/** What the listing proved. */
export const judgeZellijListing = (result: CommandResult): Listing => {
  if (result.trouble === 'missing') {
    return notInstalled('zellij');
  }
  if (result.exitCode === 0) {
    return answered('zellij', TARGET, parseZellijSessions(result.stdout));
  }
  if (result.trouble === null && NO_SESSIONS.test(`${result.stderr}\n${result.stdout}`)) {
    return absent('zellij', TARGET, 'no active sessions');
  }
  return failed('zellij', TARGET, result.trouble ?? (oneLine(result.stderr) || `exit code ${result.exitCode}`));
};

export const collectZellij = async (host: Host, timeoutMs: number): Promise<Listing> =>
  judgeZellijListing(
    await host.run('zellij', ARGS, {timeoutMs, env: {ZELLIJ: undefined, ZELLIJ_SESSION_NAME: undefined, ZELLIJ_PANE_ID: undefined}}),
  );
