// The table of many machines on a terminal that keeps what was written: a frame writes the cells that have changed, so that the number of
// agents cannot be told from its bytes.
import {fileURLToPath} from 'node:url';
import {privateTmux} from '../test/support/private-tmux.ts';
import type {Scope} from '../test/support/scope.ts';
import {waitFor} from '../test/support/wait-for.ts';
import {processorMs} from './measure.ts';

const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));

export interface Table {
  readonly pid: number;
  /** Milliseconds from its start until all are shown. */
  readonly fullMs: number;
  /** Processor time until then, of all its threads. */
  readonly workMs: number;
  end(): Promise<void>;
}

/** `rigtop watch` with these words in a home of its own, once it shows so many agents. */
export const openTable = async (scope: Scope, home: string, words: readonly string[], agents: number): Promise<Table> => {
  const tmux = await privateTmux(scope, {
    columns: 160,
    rows: 48,
    env: {HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: `${home}/.config`},
  });
  const started = performance.now();
  const {id, pid} = await tmux.newSession('table', {cwd: home, command: [process.execPath, PROGRAM, 'watch', ...words]});
  const shown = async (): Promise<number> => Number(/(\d+) agents/.exec(await tmux.run('capture-pane', '-p', '-t', id))?.[1] ?? 0);
  await waitFor('all agents in the table', async () => (await shown()) >= agents, {
    deadlineMs: 120_000,
    describe: async () => String(await shown()),
  });
  return {pid, fullMs: performance.now() - started, workMs: processorMs(pid), end: tmux.killServer};
};
