// Why a process does not end although it was killed: its state and what it waits for, as the kernel shows it (proc(5)).
import type {Host} from '../../core/os/host.ts';

const stateIn = (status: string): string => /^State:\s+(.+)$/m.exec(status)?.[1] ?? 'unknown';

const explainOne = async ({files}: Host, pid: number): Promise<string> => {
  const [status, channel] = await Promise.all([files.readText(`/proc/${pid}/status`), files.readText(`/proc/${pid}/wchan`)]);
  if (status.state === 'missing') {
    return `process:${pid} has ended by now`;
  }
  // `0` where it waits for nothing, or where the kernel keeps it to itself (proc_pid_wchan(5)).
  const waits = channel.state === 'ok' && !['', '0'].includes(channel.value.trim()) ? `, waiting in ${channel.value.trim()}` : '';
  return `process:${pid} survived KILL, state ${status.state === 'ok' ? stateIn(status.value) : 'unknown'}${waits}`;
};

/** In words, for a note. */
export const explainStuck = async (host: Host, pids: readonly number[]): Promise<string> =>
  (await Promise.all(pids.map(pid => explainOne(host, pid)))).join('; ');
