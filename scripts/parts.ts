// Runs parts of the tests side by side, each with a temporary directory and a report of its own.
import {chmodSync, mkdirSync, mkdtempSync} from 'node:fs';
import {join} from 'node:path';
import {execa} from 'execa';

/** unshare(1) ignores a polite signal; what it started ends with it. */
const KILLED = {killSignal: 'SIGKILL'} as const;

export interface Part {
  readonly name: string;
  readonly command: readonly string[];
  /** The directory where its report goes. */
  readonly reports: string;
}

/** Runs one part to its end; what it printed is shown only when it failed. */
const runPart = async ({name, command, reports}: Part, scratch: string): Promise<boolean> => {
  const started = performance.now();
  const temporary = mkdtempSync(join(scratch, 't'));
  // Some tests act as another user.
  chmodSync(temporary, 0o1777);
  const [file = '', ...args] = [
    ...command,
    '--reporter=dot',
    '--reporter=blob',
    `--outputFile.blob=${join(reports, `${name.replaceAll(/\W/g, '-')}.json`)}`,
  ];
  const {exitCode, all} = await execa(file, args, {stdin: 'ignore', all: true, reject: false, env: {TMPDIR: temporary}, ...KILLED});
  const ok = exitCode === 0;
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  if (!ok) {
    console.log(all);
  }
  return ok;
};

/** Runs them in this order, so many at once. False when one has failed. */
export const runParts = async (parts: readonly Part[], atOnce: number, scratch: string): Promise<boolean> => {
  const waiting = [...parts];
  const results: boolean[] = [];
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      mkdirSync(part.reports, {recursive: true});
      results.push(await runPart(part, scratch));
    }
  };
  await Promise.all(Array.from({length: atOnce}, work));
  return results.every(Boolean);
};
