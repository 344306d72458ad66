// The built program showing its demo in a terminal of a given size.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {readManifest, readStarted} from '../../src/demo/manifest.ts';
import {builtBinary} from '../support/built.ts';
import type {Scope} from '../support/scope.ts';
import {openTerminal, type Terminal, type TerminalOptions} from '../support/terminal.ts';
import {waitFor} from '../support/wait-for.ts';

export interface DemoTerminal extends Terminal {
  /** Where demos of this terminal are made. */
  readonly temporary: string;
  /** Directory of the demo; waits for it. */
  demoDirectory(): Promise<string>;
  demosLeft(): readonly string[];
  /** A stand-in by its part's name. */
  part(name: string): Promise<ProcessId & {readonly port: number | null}>;
}

export type DemoTerminalOptions = Omit<Partial<TerminalOptions>, 'command'> & {
  readonly args?: readonly string[];
  readonly temporary?: string;
};

export const openDemo = async (
  scope: Scope,
  {args = [], env = {}, temporary, ...rest}: DemoTerminalOptions = {},
): Promise<DemoTerminal> => {
  const binary = await builtBinary();
  const directory = temporary ?? (await scope.tempDir());
  const terminal = await openTerminal(scope, {
    ...rest,
    command: [process.execPath, binary, 'demo', ...args],
    env: {TMPDIR: directory, ...env},
  });
  const demosLeft = (): readonly string[] => readdirSync(directory).filter(name => name.startsWith('rigtop-demo-'));
  const demoDirectory = (): Promise<string> =>
    waitFor('the demo to be built', () => {
      const [name] = demosLeft().filter(each => readManifest(join(directory, each)) !== null);
      return name !== undefined && join(directory, name);
    });
  return {
    ...terminal,
    temporary: directory,
    demosLeft,
    demoDirectory,
    part: async name => {
      const demo = await demoDirectory();
      return waitFor(`part ${name} of the demo`, () => readStarted(demo).find(({part}) => part === name));
    },
  };
};

/** Shown once two looks have made the verdicts sure. */
export const settled = (terminal: Terminal): Promise<string> => terminal.waitForText(/ORPHAN [1-9]/);

/** The screen once nothing has been written for `quietMs`: several looks have passed without a change. */
export const untilQuiet = async (terminal: Terminal, quietMs: number): Promise<void> => {
  let bytes = -1;
  let since = performance.now();
  await waitFor(
    `${quietMs} ms without a byte`,
    async () => {
      const now = await terminal.bytesWritten();
      if (now !== bytes) {
        bytes = now;
        since = performance.now();
      }
      return performance.now() - since >= quietMs;
    },
    {deadlineMs: quietMs * 6 + 10_000},
  );
};
