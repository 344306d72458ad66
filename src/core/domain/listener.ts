// A TCP socket in LISTEN and everyone who holds it. Pure records.
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
