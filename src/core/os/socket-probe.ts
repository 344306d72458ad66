// Connects to a unix socket and hangs up at once: what that proves about who listens there.

import {connect} from 'node:net';
import {codeOf} from './files.ts';
import type {SocketAnswer} from './host.ts';

const ANSWERS: ReadonlyMap<string, SocketAnswer> = new Map(
  Object.entries({
    ECONNREFUSED: 'refused',
    ENOENT: 'missing',
    ENOTDIR: 'missing',
    EACCES: 'denied',
    EPERM: 'denied',
    // unix(7): a non-blocking connect to a full backlog fails with EAGAIN. Somebody listens, nobody accepts.
    EAGAIN: 'timeout',
  }),
);

/** `refused` means that nothing listens on this very inode now; what follows from it is for the caller to say. */
export const probeSocket = (path: string, timeoutMs: number): Promise<SocketAnswer> =>
  new Promise(resolve => {
    const socket = connect({path});
    const timer = setTimeout(() => settle('timeout'), timeoutMs);
    const settle = (answer: SocketAnswer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle('accepted'));
    socket.once('error', error => settle(ANSWERS.get(codeOf(error)) ?? 'other'));
  });
