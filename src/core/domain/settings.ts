// The settings that decisions depend on, after config is loaded and merged. Pure records; durations in milliseconds.

import type {MultiplexerKind} from './multiplexer.ts';

export interface RuntimeSignature {
  readonly name: string;
  /** Names of the program: comm or argv[0] basename. */
  readonly processNames: readonly string[];
  /** Script basenames when it runs under node, bun, npx or python (`codex`, `gemini`). */
  readonly scripts: readonly string[];
  /** Arguments without which a name that others share too (`agent`, `pi`) does not count. */
  readonly args: readonly string[];
  /** Whether such a name counts without any argument too, at a terminal: that is how a person starts it. */
  readonly plain?: true | undefined;
}

export interface ConfiguredService {
  readonly name: string;
  readonly basePort: number;
  readonly command: string | null;
}

export interface ConfiguredRig {
  readonly name: string;
  readonly path: string;
  readonly session: string | null;
  readonly slots: number;
  readonly slotStride: number;
  readonly services: readonly ConfiguredService[];
}

/** A JSON file in which another tool keeps its sessions. Paths are keys joined by dots. */
export interface ConfiguredRegister {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** Where the rows are, an array or an object of records; empty for the whole file. */
  readonly list: string;
  readonly id: string;
  readonly session: string;
  readonly status: string;
  /** Words of `status` that mean that the session should be there. */
  readonly active: readonly string[];
  /** When the row was last used; null: not told, and then nothing is ever sure. */
  readonly updated: string | null;
  readonly multiplexer: MultiplexerKind;
  readonly close: readonly string[] | null;
}

/** What holds for decisions. Every place in it is the person’s own word: what a project’s file adds gets here by approval only. */
export interface Settings {
  readonly orphanMinAgeMs: number;
  readonly confirmGapMs: number;
  readonly termGraceMs: number;
  readonly protect: {readonly sessions: readonly string[]; readonly commands: readonly string[]; readonly paths: readonly string[]};
  readonly runtimes: readonly RuntimeSignature[];
  readonly towns: readonly string[];
  readonly repos: readonly string[];
  readonly rigs: readonly ConfiguredRig[];
  readonly registers: readonly ConfiguredRegister[];
  /** Only these servers (names or paths); null for every server of this user. */
  readonly sockets: readonly string[] | null;
}
