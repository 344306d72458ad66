// Everything that must hold before a change goes in, except the tests: one line per check, the whole output of those that fail.
import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';

const top = fileURLToPath(new URL('..', import.meta.url));

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What the output must show when all is well: a tool that looked at nothing says nothing bad either. */
  readonly proof?: RegExp;
}

const CHECKS: readonly Check[] = [
  {
    name: 'format, lint, layers',
    command: ['biome', 'ci', '--colors=off', '--max-diagnostics=200', '--error-on-warnings', '.'],
    proof: /Checked [1-9]\d+ files/,
  },
  {name: 'types', command: ['tsc', '-p', '.']},
  {name: 'dead code', command: ['knip', '--no-progress']},
  {name: 'files', command: ['tsx', 'scripts/check-files.ts'], proof: /source files: median/},
  {name: 'code', command: ['tsx', 'scripts/check-code.ts'], proof: /functions: longest/},
  {name: 'generated', command: ['tsx', 'scripts/generate.ts', '--check']},
];

const run = ({name, command: [program, ...args], proof}: Check): Promise<boolean> =>
  new Promise(resolve => {
    const started = performance.now();
    execFile(program, args, {cwd: top, maxBuffer: 64 * 1024 * 1024}, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      const ok = error === null && (proof === undefined || proof.test(output));
      console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      if (!ok) {
        console.log(`${output === '' ? String(error) : output}\n`);
      } else if (name === 'files' || name === 'code') {
        console.log(`        ${output}`);
      }
      resolve(ok);
    });
  });

const results: boolean[] = [];
for (const check of CHECKS) {
  results.push(await run(check));
}
process.exitCode = results.every(Boolean) ? 0 : 1;
