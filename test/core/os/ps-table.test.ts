import {describe, expect, test} from 'vitest';
import {joinPs, parsePs} from '../../../src/core/os/ps-table.ts';
import {shareProcesses} from '../../../src/core/os/share-processes.ts';

const LINUX = `    1     0     0     0 ?        S<Ll     0  21304 Sat Nov 21 02:13:28 2026 process_api
 2851  2845  2851  2845 pts/3    Z+    1000      0 Sat Nov 21 02:14:01 2026 sh <defunct>
`;
/** Captured columns of macOS 14: an address for the session, tty names without a slash, ps pads days with a blank. */
const DARWIN = `    1     0     1      0 ??       Ss       0  12345 Sun Nov  1 09:03:28 2026 launchd
  501   400   501 7f1a2b ttys003  U+     501   2048 Sat Nov 21 02:14:01 2026 Google Chrome He
  502   501   501      0 ttys003  I      501   2048 Sat Nov 21 02:14:01 2026 zsh
not a row
`;

describe('ps rows', () => {
  test('Linux', () => {
    expect(parsePs(LINUX, 'linux')).toEqual([
      {pid: 1, ppid: 0, pgid: 0, sid: 0, tty: null, state: 'S', uid: 0, rss: 21304 * 1024, startTime: 1795227208, comm: 'process_api'},
      {
        pid: 2851,
        ppid: 2845,
        pgid: 2851,
        sid: 2845,
        tty: 'pts/3',
        state: 'Z',
        uid: 1000,
        rss: 0,
        startTime: 1795227241,
        comm: 'sh <defunct>',
      },
    ]);
  });

  test('macOS: its letters in our alphabet, an address is no session id, names with blanks', () => {
    expect(parsePs(DARWIN, 'darwin').map(({state, sid, tty, comm}) => [state, sid, tty, comm])).toEqual([
      ['S', 0, null, 'launchd'],
      ['D', 0, 'ttys003', 'Google Chrome He'],
      ['S', 0, 'ttys003', 'zsh'],
    ]);
  });
});

describe('joining both lists', () => {
  const rows = parsePs(DARWIN, 'darwin');
  const started = new Date(1795227241_000);
  const join = (commands: Parameters<typeof joinPs>[1]) => joinPs(rows, commands, new Map([[501, '/Users/u/w']]), () => 5000);

  test('command line, cpu and directory of the same process', () => {
    const [, chrome, shell] = join([{pid: 501, cmd: '/Applications/x --flag  y', cpu: 2.34567, startTime: started}]);
    expect(chrome).toMatchObject({
      argv: ['/Applications/x', '--flag', 'y'],
      cpu: 2.3,
      cwd: {known: true, value: '/Users/u/w'},
      bornMs: 5000,
    });
    expect(shell).toMatchObject({argv: [], cpu: null, cwd: {known: false}});
  });

  test('a pid that was used again between the two lists lends its command line to nobody', () => {
    const [, chrome] = join([{pid: 501, cmd: 'other', cpu: 1, startTime: new Date(1795227241_000 + 7000)}]);
    expect(chrome).toMatchObject({argv: [], cpu: null});
  });

  test('the hour that a clock repeats in autumn is no difference', () => {
    const [, chrome] = join([{pid: 501, cmd: 'same', startTime: new Date(1795227241_000 - 3_600_000)}]);
    expect(chrome?.argv).toEqual(['same']);
  });

  test('no environment is known, so nothing is', () => {
    expect(join([])[1]?.env.known).toBe(false);
  });

  test('equal records stay the same object', () => {
    const before = shareProcesses(new Map(), join([]));
    const after = shareProcesses(before, join([{pid: 501, cmd: 'x', startTime: started}]));
    expect(after.get(1)).toBe(before.get(1));
    expect(after.get(501)).not.toBe(before.get(501));
  });
});
