// A TCP socket in LISTEN and everyone who holds it, and who is connected to a server. Pure records.
import type {Known} from './known.ts';

export interface Listener {
  readonly port: number;
  /** `127.0.0.1`, `0.0.0.0`, `::1`, `::`, canonical text form. */
  readonly address: string;
  readonly family: 4 | 6;
  /** Socket inode on Linux; elsewhere the kernel address that lsof prints. Identity of the socket. */
  readonly inode: string;
  readonly uid: number;
  /** Pids of every holder (forked servers share one socket). Unknown when the owner may not be seen: never "free". */
  readonly owners: Known<readonly number[]>;
}

/** Somebody is connected to a socket that a process serves. */
export interface Connection {
  readonly server: number;
  /** Null: who it is cannot be told. */
  readonly client: number | null;
  /** `port 4096`, `socket /run/x.sock`. */
  readonly how: string;
}

/** A process and the file that its standard output goes to. */
export interface OutputFile {
  readonly pid: number;
  readonly path: string;
}

/** A process that listens on a unix socket. */
export interface UnixServer {
  readonly pid: number;
  readonly path: string;
}
