// A process as a literal, for commands that are played.
import {known} from '../../src/core/domain/known.ts';
import type {TerminalProcess} from '../../src/core/domain/socket-use.ts';

export const process = (pid: number, ppid: number, line: string, more: Partial<TerminalProcess> = {}): TerminalProcess => ({
  pid,
  startTime: pid,
  ppid,
  pgid: pid,
  sid: pid,
  tty: null,
  state: 'S',
  uid: 1000,
  comm: (line.split(' ')[0] ?? '').slice(0, 15),
  argv: line.split(' '),
  bornMs: 0,
  cpu: null,
  rss: 0,
  cwd: known('/w/a'),
  cwdDeleted: false,
  env: known({}),
  foreground: -1,
  ignoresHangUp: false,
  ...more,
});
