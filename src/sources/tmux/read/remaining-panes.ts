// Which panes stay when their program ends (tmux(1), remain-on-exit): asked for when a plan would close one, not at every look.
import type {Host} from '../../../core/os/host.ts';

const TIMEOUT_MS = 1000;

/** Ids of a server's panes that stay, hooks that start a program again need that. Empty where the server does not answer. */
export const readRemaining = async (host: Pick<Host, 'run'>, socket: string): Promise<readonly string[]> => {
  const ran = await host.run('tmux', ['-u', '-S', socket, 'list-panes', '-a', '-F', '#{pane_id} #{remain-on-exit}'], {
    timeoutMs: TIMEOUT_MS,
  });
  return ran.exitCode === 0
    ? ran.stdout.split('\n').flatMap(line => {
        const [id = '', remains = 'off'] = line.split(' ');
        return /^%\d+$/.test(id) && remains !== 'off' && remains !== '0' && remains !== '' ? [id] : [];
      })
    : [];
};
