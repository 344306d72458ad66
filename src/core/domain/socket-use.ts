// Processes and sockets with what decides who is hit by a signal, a hang-up or a port. Pure records.
import type {Process} from './process.ts';

/** A process, and what decides who hangs up with whom: the process group in the foreground of its terminal (-1: none). */
export type TerminalProcess = Process & {readonly foreground: number; readonly ignoresHangUp: boolean};

/** A process by its stat line: without its words, and without whose it is. */
export type ListedProcess = Omit<TerminalProcess, 'argv' | 'uid'>;

/** One TCP or UDP socket with everybody who holds it. */
export interface SocketUse {
  readonly protocol: 'tcp' | 'udp';
  readonly family: 4 | 6;
  readonly localAddress: string;
  readonly localPort: number;
  /** 0 where it has no peer. */
  readonly remotePort: number;
  readonly listening: boolean;
  readonly inode: string;
  /** Ascending; empty where nobody is seen to hold it. */
  readonly pids: readonly number[];
}
