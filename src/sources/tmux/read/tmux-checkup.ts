// What doctor says of tmux: its version, and sockets that no server is behind. Reads only.
import {type Check, note, ok, trouble} from '../../../core/domain/check.ts';
import type {Snapshot} from '../../../core/domain/snapshot.ts';
import type {Host} from '../../../core/os/host.ts';
import {countOf} from '../../../words/counts.ts';

const TIMEOUT_MS = 2_000;

const checkVersion = async (host: Pick<Host, 'run'>): Promise<Check> => {
  const {stdout, trouble: failed, exitCode, stderr} = await host.run('tmux', ['-V'], {timeoutMs: TIMEOUT_MS});
  return exitCode === 0
    ? ok('tmux', stdout.trim().replace(/^tmux /, ''))
    : trouble(
        'tmux',
        failed === 'missing' ? 'is not on PATH' : `tmux -V failed: ${failed ?? stderr.trim()}`,
        'install tmux 3.2 or newer, and make sure it is on PATH',
      );
};

const checkSockets = ({servers}: Snapshot): readonly Check[] => {
  const stale = servers.filter(server => server.kind === 'tmux' && server.state === 'absent').length;
  return stale === 0
    ? []
    : [note('stale sockets', `${countOf(stale, 'socket file')} with no server behind`, 'harmless; they can be removed')];
};

export const checkTmux = async (host: Pick<Host, 'run'>, snapshot: Snapshot): Promise<readonly Check[]> => [
  await checkVersion(host),
  ...checkSockets(snapshot),
];
