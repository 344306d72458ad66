// What a failed tmux client proves. A whitelist: only words that prove absence count as absence, and only together with a look at the
// socket itself; everything else is unknown. Pure.

import type {CommandResult} from '../../core/os/host.ts';

/** `absent`: the client says that nobody serves this socket. `unknown`: no proof either way. */
export interface TmuxTrouble {
  readonly verdict: 'absent' | 'unknown';
  readonly because: string;
  readonly hint?: string;
}

const OTHER_VERSION = 'end that server from a client of its own version, or put that tmux first in PATH';

/** Client messages of tmux 3.3a (client.c, server-client.c) and later, with a cure where there is one. */
const WORDINGS: readonly (readonly [pattern: RegExp, because: string, hint?: string])[] = [
  [/protocol version mismatch|server version is too old/, 'the server runs another version of tmux than the one installed', OTHER_VERSION],
  [
    // A server of 3.8 hangs up on a client of 3.3a, where others say that the versions differ.
    /server exited unexpectedly/,
    'the server hung up, as one does that runs another version of tmux than the one installed',
    OTHER_VERSION,
  ],
  [/access not allowed/, 'the server does not let this user in', 'its owner can allow it with `tmux server-access -a`'],
  [/lost server/, 'the server went away while it was asked'],
  [/error connecting to/, 'its socket could not be connected to'],
];

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

const SPAWN_TROUBLE: Readonly<Record<NonNullable<CommandResult['trouble']>, string>> = {
  timeout: 'it did not answer in time',
  missing: 'tmux is not installed',
  denied: 'tmux may not be executed',
  'too-large': 'its answer was too large',
  aborted: 'rigtop was closing',
  failed: 'tmux could not be started',
};

export const readTmuxTrouble = ({trouble, stderr, exitCode}: CommandResult): TmuxTrouble => {
  if (trouble !== null) {
    return {verdict: 'unknown', because: SPAWN_TROUBLE[trouble]};
  }
  const said = firstLine(stderr);
  if (exitCode !== null && /^no server running on /.test(said)) {
    return {verdict: 'absent', because: 'no server running'};
  }
  const [, because, hint] = WORDINGS.find(([pattern]) => pattern.test(said)) ?? [];
  const plain = said === '' ? `tmux ended with ${exitCode ?? 'a signal'}` : `tmux said: ${said}`;
  const words = because === undefined ? plain : `${because} (${said})`;
  return {verdict: 'unknown', because: words, ...(hint === undefined ? {} : {hint})};
};

/** A server without sessions answers the first question and has no pane to list: `no current target` in 3.3a. */
export const saysNoSessions = ({stderr}: CommandResult): boolean => /^no (current target|sessions?\b)/.test(firstLine(stderr));
