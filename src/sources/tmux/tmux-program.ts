// Which processes are servers of tmux, and which sockets are its. Pure.
import type {Process} from '../../core/domain/process.ts';

/** Its servers are known by the paths of their sockets. */
export const isTmuxSocket = (socket: string): boolean => socket.startsWith('/');

/** tmux names its server by prctl(2) on Linux; elsewhere it is the `tmux` that init has adopted. Its arguments are those of whoever started it. */
export const isTmuxServer = ({comm, ppid}: Pick<Process, 'comm' | 'ppid'>): boolean =>
  comm.startsWith('tmux: server') || (comm === 'tmux' && ppid === 1);
