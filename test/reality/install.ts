// Before the tests on real programs: installs them, and prints versions and what could not be had.
import {execFileSync} from 'node:child_process';
import {cacheDirectory, installPrograms, PROGRAMS} from './programs.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export const setup = async (): Promise<void> => {
  const answers = await installPrograms();
  say(`Real programs in ${cacheDirectory()} (Node ${process.version}, ${execFileSync('tmux', ['-V'], {encoding: 'utf8'}).trim()}):`);
  for (const {name, version, missing} of answers) {
    say(`  ${name} ${version} (${PROGRAMS[name].package})${missing === null ? '' : `: not to be had: ${missing}`}`);
  }
};
