// Any program as a test's own child, marked and ended with its scope.
import {type ChildProcess, spawn} from 'node:child_process';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {identify, MARKER, signalTo} from './marked.ts';
import type {Scope} from './scope.ts';

export interface Program extends ProcessId {
  readonly child: ChildProcess;
  /** Write to its standard input. */
  say(text: string): void;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Its standard input is a pipe that stays open; its output is dropped. */
export const startProgram = (scope: Scope, file: string, args: readonly string[], {cwd, env = {}}: ProgramOptions = {}): Program => {
  const {TMUX: _, TMUX_PANE: __, ...clean} = process.env;
  const child = spawn(file, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {...clean, ...env, [MARKER]: scope.marker()},
    ...(cwd === undefined ? {} : {cwd}),
  });
  // EPIPE after its end is no news.
  child.stdin.on('error', () => undefined);
  const id = identify(child.pid ?? 0);
  // It may have left the marker behind in an exec.
  scope.add(() => signalTo(id, 'SIGKILL'));
  return {...id, child, say: text => child.stdin.write(text)};
};
