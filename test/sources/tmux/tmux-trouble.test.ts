import {expect, test} from 'vitest';
import type {CommandResult} from '../../../src/core/os/host.ts';
import {readTmuxTrouble, saysNoSessions} from '../../../src/sources/tmux/tmux-trouble.ts';

const failed = (stderr: string, more: Partial<CommandResult> = {}): CommandResult => ({
  stdout: '',
  stderr,
  exitCode: 1,
  trouble: null,
  tookMs: 1,
  ...more,
});

test('only the words that prove absence say absent', () => {
  expect(readTmuxTrouble(failed('no server running on /tmp/tmux-0/work\n')).verdict).toBe('absent');
});

test.each([
  'error connecting to /tmp/tmux-0/work (No such file or directory)',
  'error connecting to /tmp/tmux-0/work (Connection refused)',
  'error connecting to /tmp/tmux-0/work (Permission denied)',
  'lost server',
  'server exited unexpectedly',
  'protocol version mismatch (client 8, server 7)',
  'server version is too old for client',
  'access not allowed',
  'something nobody has seen yet: no server running on /x',
  '',
])('%j is unknown', stderr => {
  expect(readTmuxTrouble(failed(stderr))).toMatchObject({verdict: 'unknown', because: expect.stringMatching(/./)});
});

test.each(['timeout', 'missing', 'denied', 'too-large', 'aborted', 'failed'] as const)('%s is unknown, whatever was printed', trouble => {
  const result = failed('no server running on /tmp/x', {trouble, exitCode: null});
  expect(readTmuxTrouble(result).verdict).toBe('unknown');
});

test('words of a client that was killed prove nothing', () => {
  expect(readTmuxTrouble(failed('no server running on /tmp/x', {exitCode: null})).verdict).toBe('unknown');
});

test('a cure where there is one', () => {
  expect(readTmuxTrouble(failed('protocol version mismatch (client 8, server 7)')).hint).toContain('version');
  expect(readTmuxTrouble(failed('server exited unexpectedly'))).toMatchObject({
    because: expect.stringContaining('another version of tmux'),
    hint: expect.stringContaining('version'),
  });
  expect(readTmuxTrouble(failed('access not allowed')).hint).toContain('server-access');
});

test('a server without sessions', () => {
  expect(saysNoSessions(failed('no current target\n'))).toBe(true);
  expect(saysNoSessions(failed('no server running on /tmp/x\n'))).toBe(false);
});
