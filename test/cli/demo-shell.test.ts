// A shell in the demo: every example of the guide works there, and leaving it in any way leaves nothing behind.
import {spawn} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {constants} from 'node:os';
import {join, resolve} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {readStarted} from '../../src/demo/manifest.ts';
import {BINARY} from '../support/built.ts';
import {isAlive, MARKER} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {createRigtop} from './rigtop.ts';

const scope = createScope();
afterEach(scope.close);

interface Shell {
  readonly temporary: string;
  readonly ended: Promise<{readonly code: number | null; readonly stdout: string; readonly stderr: string}>;
  readonly stdin: NodeJS.WritableStream;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** `rigtop demo --shell …`, with a pipe for its stdin. */
const openShell = async (within: Scope, args: readonly string[] = []): Promise<Shell> => {
  const temporary = await within.tempDir();
  const child = spawn(process.execPath, [BINARY, 'demo', '--shell', ...args], {
    env: {PATH: process.env.PATH, LANG: 'C.UTF-8', TMPDIR: temporary, SHELL: '/bin/sh', [MARKER]: within.marker()},
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const text = {stdout: '', stderr: ''};
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const ended = new Promise<Awaited<Shell['ended']>>((done, failed) => {
    child.once('error', failed);
    child.once('close', code => done({code, ...text}));
  });
  return {temporary, ended, stdin: child.stdin, kill: signal => child.kill(signal)};
};

const demosIn = (temporary: string): readonly string[] => readdirSync(temporary).filter(name => name.startsWith('rigtop-demo-'));

interface Example {
  readonly command: string;
  readonly shown: readonly string[];
}

/** What is typed behind `$ ` in the console blocks of the guide, each with the lines that it shows. */
const examples = (): readonly Example[] => {
  const guide = readFileSync(resolve(import.meta.dirname, '../../docs/guide.md'), 'utf8');
  return [...guide.matchAll(/^( *)```console\n([\s\S]*?)^\1```$/gm)].flatMap(([, indent = '', text = '']) => {
    const lines = text.split('\n').map(line => line.slice(indent.length));
    return lines.flatMap((line, at): readonly Example[] => {
      if (!line.startsWith('$ ')) {
        return [];
      }
      const end = lines.findIndex((other, later) => later > at && other.startsWith('$ '));
      const shown = lines.slice(at + 1, end < 0 ? undefined : end).filter(other => other.trim() !== '');
      return [{command: line.slice(2), shown}];
    });
  });
};

/** What looks first, then what acts, then what tells of it: one fleet serves all. */
const turnOf = ({command}: Example): number => {
  if (command.startsWith('rigtop journal')) {
    return 2;
  }
  return command.includes('--yes') ? 1 : 0;
};

/** A line of the guide as a pattern: its numbers, ids, times and directories are those of another fleet, and it is shortened. */
const shapeOf = (line: string): RegExp =>
  new RegExp(
    line
      .trim()
      .split(/(\/tmp\/rigtop-demo|[\w:.-]*\d[\w:.-]*|…|\s+)/)
      .map((part, at) => {
        if (at % 2 === 0) {
          return part === 'ms' ? 'm?s' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        }
        if (part === '…') {
          return '.*';
        }
        return /^\s+$/.test(part) ? '\\s+' : '[\\w/:.-]+';
      })
      .join(''),
  );

test('every console example of the guide works in it, and shows what the guide shows', async () => {
  const all = examples().toSorted((one, other) => turnOf(one) - turnOf(other));
  expect(all.length).toBeGreaterThan(12);
  const directory = await scope.tempDir();
  const script = join(directory, 'examples.sh');
  writeFileSync(script, all.map(({command}, at) => `echo "=== ${at}"\n${command}\necho "=== exit $?"\n`).join(''));
  const shell = await openShell(scope, ['--', '/bin/sh', script]);
  const {code, stdout, stderr} = await shell.ended;
  expect(code, stderr).toBe(0);
  const missing = all.flatMap(({command, shown}, at) => {
    const output = new RegExp(`^=== ${at}\n([\\s\\S]*?)^=== exit (\\d+)$`, 'm').exec(stdout);
    const [, text = '', status = ''] = output ?? [];
    const lines = text.split('\n');
    const wrong = shown.filter(line => !lines.some(said => shapeOf(line).test(said)));
    return /^[014]$/.test(status) && wrong.length === 0 ? [] : [{command, status, wrong}];
  });
  expect(missing).toEqual([]);
  expect(demosIn(shell.temporary)).toEqual([]);
}, 120_000);

const demoOf = (shell: Shell): Promise<string> =>
  waitFor('the demo to be built', () => {
    const [name] = demosIn(shell.temporary);
    const directory = join(shell.temporary, name ?? '');
    return name !== undefined && existsSync(join(directory, 'in-the-shell')) && directory;
  });

/** Everything that reported itself there. */
const partsOf = (directory: string) => readStarted(directory).map(({pid, startTime}) => ({pid, startTime}));

const expectNothingLeft = (shell: Shell, parts: readonly ProcessId[]): void => {
  expect(demosIn(shell.temporary)).toEqual([]);
  expect(parts.filter(isAlive)).toEqual([]);
};

test('its exit code is that of the command, and what the command leaves behind ends with the demo', async () => {
  const shell = await openShell(scope, ['--', '/bin/sh', '-c', 'sleep 600 & echo "$! $RIGTOP_DEMO_DIR"; exit 7']);
  const {code, stdout} = await shell.ended;
  expect(code).toBe(7);
  const [pid = '', directory = ''] = stdout.trim().split(' ');
  expect(directory).toContain(shell.temporary);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expectNothingLeft(shell, []);
});

test('without a terminal the shell reads stdin, and its end is the end of the demo', async () => {
  const shell = await openShell(scope);
  shell.stdin.write('rigtop status --json | jq -r .counts.agents\ntouch in-the-shell\n');
  const parts = partsOf(await demoOf(shell));
  expect(parts.length).toBeGreaterThan(5);
  shell.stdin.end();
  expect(await shell.ended).toMatchObject({code: 0, stdout: '6\n'});
  expectNothingLeft(shell, parts);
});

test.each(['SIGTERM', 'SIGHUP'] as const)('%s ends the shell and removes the demo', async signal => {
  const shell = await openShell(scope);
  shell.stdin.write('touch in-the-shell\n');
  const parts = partsOf(await demoOf(shell));
  shell.kill(signal);
  expect((await shell.ended).code).toBe(128 + constants.signals[signal]);
  expectNothingLeft(shell, parts);
});

test('SIGKILL: the watchdog removes the demo, the shell with it', async () => {
  const shell = await openShell(scope);
  shell.stdin.write('touch in-the-shell\n');
  const parts = partsOf(await demoOf(shell));
  shell.kill('SIGKILL');
  await waitFor('the watchdog', () => demosIn(shell.temporary).length === 0);
  await shell.ended;
  expectNothingLeft(shell, parts);
});

test('what cannot be run, and words without --shell, are told in a line', async () => {
  const shell = await openShell(scope, ['--', 'no-such-program']);
  const {code, stderr} = await shell.ended;
  expect(code).toBe(2);
  expect(stderr).toMatch(/^rigtop: no-such-program cannot be run: .*ENOENT.*\n$/);
  expectNothingLeft(shell, []);
  const rigtop = await createRigtop(scope);
  expect(await rigtop.run(['demo', 'status'])).toMatchObject({code: 2, stderr: expect.stringContaining('rigtop demo cannot use "status"')});
  expect(await rigtop.run(['status'], {env: {RIGTOP_DEMO_DIR: '/nonexistent'}})).toMatchObject({
    code: 2,
    stderr: 'rigtop: the demo of this shell is gone (/nonexistent): leave the shell\n',
  });
});
