// What a source tells of its multiplexer, which its servers' records call by the source's name, besides what its servers hold: which processes are its servers, which panes stay. Types.
import type {Process} from '../domain/process.ts';
import type {Host} from '../os/host.ts';

export interface Multiplexer {
  /** Whether the server on this socket, as records and plans write it, is one of its. */
  isOwn(socket: string): boolean;
  /** Whether a process is a server of its, by name and arguments: such a one is never signalled, and what is below it may be in a pane. */
  serves(process: Pick<Process, 'comm' | 'argv' | 'ppid'>): boolean;
  /** Ids of a server's panes that stay when their program ends: asked for when a plan would close one. Missing where none stays. */
  remainingPanes?(host: Pick<Host, 'run'>, socket: string): Promise<readonly string[]>;
}
