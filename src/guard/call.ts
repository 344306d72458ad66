// What a program is given when a command is played through instead of run, and what it answers. Pure records.
import type {Known} from '../core/domain/known.ts';
import type {Caller, ContainerFact, Facts, Need} from './facts.ts';

/** Text that a shell would have, or why it cannot be told. */
export type Text = Known<string>;

export interface Result {
  /** What it writes to its standard output. */
  readonly out: Text;
  /** What there is where its errors go the same way, if that is more. */
  readonly both?: Text;
  /** Its exit status where that is certain, else null. */
  readonly status: number | null;
  /** What it leaves for certain: this round of the loop around it, or the loop. */
  readonly leaves?: 'round' | 'loop';
}

/** Who would be ended by what. */
export interface Ending {
  readonly pid: number;
  /** The part of the command that ends it, as it would run. */
  readonly by: string;
}

export interface Undecided {
  readonly by: string;
  readonly because: string;
}

export interface ContainerEnding extends ContainerFact {
  readonly engine: string;
  readonly by: string;
}

/** Collects what a command comes to. */
export interface Verdicts {
  readonly endings: Map<number, Ending>;
  readonly containers: Map<string, ContainerEnding>;
  readonly undecided: Map<string, Undecided>;
  readonly needs: Map<string, Need>;
  /** All shell text that was played: what stands in a text of which a part is not known. */
  source: string;
  /** What shells do as they end, by the event that each waits for. */
  readonly traps: Set<ReadonlyMap<string, () => unknown>>;
  /** Steps left before it is given up. */
  steps: number;
}

export interface Variable {
  readonly values: readonly Text[];
  /** Of a list with subscripts of its own, one for each value. */
  readonly keys?: readonly string[];
  readonly isArray: boolean;
  /** Declared so that what it is given becomes another text: a sum, capitals, somebody else's. */
  readonly changes?: true;
}

/** What is in a file, or of a directory in the file below it (`/x/y`); null where there is none. */
export type Origin = (call: Call, below: string) => Known<string | null>;

/** What one shell knows. */
export interface Scope {
  readonly variables: Map<string, Variable>;
  readonly functions: Map<string, unknown>;
  readonly aliases: Map<string, string>;
  /** What a function that runs has hidden by variables of its own, by name. */
  readonly hidden: Map<string, Variable | undefined>;
  /** Files that the command itself has written, by path. */
  readonly written: Map<string, Text>;
  /** Files that it has copied, moved, linked or edited: what is in them, read only where somebody asks. What was written since counts more. */
  readonly made: Map<string, Origin>;
  /** What this shell does by the event that it waits for. A way that may be taken or not has its own. */
  readonly traps: Map<string, () => unknown>;
  args: readonly Text[];
  /** `$0`. */
  name: Text;
  cwd: Text;
  /** Lists are whole without a subscript, and count from 1. */
  isZsh: boolean;
  /** Runs as the system’s administrator. */
  isRoot: boolean;
  /** In a loop without an end in sight. */
  repeats: boolean;
  /** In the body of a loop that `break` leaves: not in a subshell, a function or a text below it. */
  inLoop: boolean;
  depth: number;
}

export interface Call {
  /** The program’s base name. */
  readonly name: string;
  readonly args: readonly Text[];
  /** Null: nothing is fed to it. */
  readonly stdin: Text | null;
  readonly scope: Scope;
  readonly facts: Facts;
  readonly caller: Caller;
  readonly verdicts: Verdicts;
  /** The call in words, for people. */
  readonly shown: string;
  /** Plays a program with words of its own in a scope. */
  run(words: readonly Text[], stdin: Text | null, scope?: Scope): Result;
  /** Plays shell text in a scope. */
  runText(text: string, scope: Scope, stdin: Text | null): Result;
}

export type Program = (call: Call) => Result;
