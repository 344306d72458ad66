// Which of some processes write their output to a file that somebody named for it. Asked of few.
import type {OutputFile} from '../domain/listener.ts';
import {createProcReader} from './proc-read.ts';

/** What is no file on a disk: terminals, pipes, sockets, /dev/null, and what has been unlinked. */
const NO_FILE = /^(?!\/)|^\/(?:dev|proc)\/| \(deleted\)$/;

/** Those of `pids` whose standard output is a file (proc_pid_fd(5)), each with its path. */
export const readOutputFiles = (procRoot: string, pids: readonly number[]): readonly OutputFile[] => {
  const reader = createProcReader();
  return pids.flatMap(pid => {
    const link = reader.link(`${procRoot}/${pid}/fd/1`);
    return link.ok && !NO_FILE.test(link.value) ? [{pid, path: link.value}] : [];
  });
};
