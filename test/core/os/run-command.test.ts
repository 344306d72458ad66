import {afterEach, describe, expect, test} from 'vitest';
import type {CommandOptions} from '../../../src/core/os/host.ts';
import {runCommand} from '../../../src/core/os/run-command.ts';
import {markedProcesses} from '../../support/marked.ts';
import {createScope} from '../../support/scope.ts';
import {startProgram} from '../../support/start-program.ts';
import {waitFor} from '../../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

const run = (file: string, args: readonly string[], options: Partial<CommandOptions> = {}, signal = new AbortController().signal) =>
  runCommand(
    file,
    args,
    {timeoutMs: 15_000, ...options},
    {env: {...process.env, TMUX: '/x,1,0', TMUX_PANE: '%9', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8'}, signal, onChild: () => undefined},
  );

describe('what a program does is data', () => {
  test('output and exit code', async () => {
    expect(await run('sh', ['-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 3,
      trouble: null,
    });
  });

  test('arguments arrive as they are, never through a shell', async () => {
    const args = ['a b', '$HOME', '"', "'", 'x\ny', '🦊', '', ';', '*'];
    expect((await run('printf', ['%s|', ...args])).stdout).toBe(`${args.join('|')}|`);
  });

  test('bytes that are no text do no harm', async () => {
    expect((await run('printf', ['a\\377\\376b'])).stdout).toBe('a\ufffd\ufffdb');
  });

  test('input', async () => {
    expect((await run('cat', [], {input: 'hello'})).stdout).toBe('hello');
    expect((await run('cat', [])).stdout).toBe('');
  });

  test('a signal is no exit', async () => {
    expect(await run('sh', ['-c', 'kill -KILL $$'])).toMatchObject({exitCode: null, trouble: null});
  });
});

describe('surroundings', () => {
  test('no tmux, C locale, and what was asked for on top', async () => {
    const {stdout} = await run('sh', ['-c', 'echo "$TMUX|$TMUX_PANE|$LC_ALL|$TZ|$HOME"'], {env: {TZ: 'UTC', HOME: undefined}});
    expect(stdout).toBe('||C|UTC|\n');
  });

  test('the directory', async () => {
    const cwd = await scope.tempDir();
    expect((await run('pwd', [], {cwd})).stdout.trim()).toBe(cwd);
    expect((await run('pwd', [])).stdout).toBe('/\n');
  });
});

describe('trouble has a name', () => {
  test.each([
    ['missing', 'rigtop-no-such-program', [], {}],
    ['denied', '/etc/passwd', [], {}],
    ['denied', '/', [], {}],
    ['too-large', 'head', ['-c', '100000', '/dev/zero'], {maxBytes: 1000}],
    ['failed', 'true', [], {cwd: '/no/such/directory'}],
    ['failed', 'true', ['a\0b'], {}],
  ] as const)('%s: %s', async (trouble, file, args, options) => {
    expect(await run(file, args, options)).toMatchObject({trouble, exitCode: null});
  });

  test('a program that ignores SIGTERM is ended at the deadline all the same', async () => {
    const marker = scope.marker();
    const result = await run('sh', ['-c', "trap '' TERM; while :; do sleep 0.1; done"], {timeoutMs: 300, env: {RIGTOP_TEST: marker}});
    expect(result).toMatchObject({trouble: 'timeout', exitCode: null});
    await waitFor('nothing to be left', () => markedProcesses(marker).length === 0);
  });

  test('a grandchild that keeps the pipes is not waited for', async () => {
    const result = await run('sh', ['-c', 'sleep 600 & echo done'], {env: {RIGTOP_TEST: scope.marker()}});
    expect(result).toMatchObject({stdout: 'done\n', exitCode: 0, trouble: null});
  });

  test('closing ends what is running', async () => {
    const closing = new AbortController();
    const running = run('sleep', ['600'], {env: {RIGTOP_TEST: scope.marker()}}, closing.signal);
    closing.abort();
    expect(await running).toMatchObject({trouble: 'aborted'});
  });

  test('so does the signal of one call', async () => {
    const one = new AbortController();
    const running = run('sleep', ['600'], {env: {RIGTOP_TEST: scope.marker()}, signal: one.signal});
    one.abort();
    expect(await running).toMatchObject({trouble: 'aborted'});
  });
});

test('an output that is too large ends its program', async () => {
  const marker = scope.marker();
  const result = await run('sh', ['-c', 'yes; sleep 600'], {maxBytes: 1000, env: {RIGTOP_TEST: marker}});
  expect(result).toMatchObject({trouble: 'too-large', exitCode: null});
  await waitFor('nothing to be left', () => markedProcesses(marker).length === 0);
});

test('input that nobody reads is no trouble', async () => {
  expect(await run('true', [], {input: 'x'.repeat(1_000_000)})).toMatchObject({exitCode: 0, trouble: null});
});

test('many at once answer each for itself', async () => {
  const said = await Promise.all(Array.from({length: 30}, (_, index) => run('echo', [String(index)])));
  expect(said.map(({stdout}) => stdout)).toEqual(Array.from({length: 30}, (_, index) => `${index}\n`));
});

test.each(['process.exit(0)', "process.kill(process.pid, 'SIGTERM')", "throw new Error('a fault')"])(
  'what runs is taken along by our own end: %s',
  async end => {
    const marker = scope.marker();
    const module = new URL('../../../src/core/os/run-command.ts', import.meta.url).href;
    const context = `{env: process.env, signal: new AbortController().signal, onChild: pid => setImmediate(() => { ${end} })}`;
    const options = `{timeoutMs: 60_000, env: {RIGTOP_TEST: '${marker}'}}`;
    const program = `import('${module}').then(({runCommand}) => runCommand('sleep', ['600'], ${options}, ${context}))`;
    const child = startProgram(scope, process.execPath, ['--import', 'tsx', '-e', program], {cwd: process.cwd()});
    await waitFor('its end', () => child.child.exitCode !== null || child.child.signalCode !== null);
    await waitFor('nothing to be left', () => markedProcesses(marker).length === 0);
  },
);

describe('where no descriptor is left', () => {
  /** What a program prints that may have 200 descriptors: `full` takes those that are left, `empty` gives them back. */
  const inLittleRoom = async (module: string, script: string): Promise<unknown> => {
    const url = new URL(`../../../src/core/os/${module}`, import.meta.url).href;
    const program = `
      const {openSync, closeSync} = await import('node:fs');
      const all = await import('${url}');
      const taken = [];
      const full = () => { try { for (;;) taken.push(openSync('/dev/null')); } catch {} };
      const empty = () => taken.splice(0).forEach(file => closeSync(file));
      ${script}`;
    const limited = `ulimit -n 200; exec "$0" --import tsx --input-type=module -e "$1"`;
    const {stdout, stderr} = await run('sh', ['-c', limited, process.execPath, program], {cwd: process.cwd()});
    return stderr === '' ? JSON.parse(stdout) : stderr;
  };

  test('no program can be run, which is data too, and one can again when there is room', async () => {
    const answers = await inLittleRoom(
      'run-command.ts',
      `const context = {env: process.env, signal: new AbortController().signal, onChild: () => undefined};
      const run = () => all.runCommand('true', [], {timeoutMs: 15_000}, context);
      const answers = [await run()];
      full();
      answers.push(await run());
      await new Promise(resolve => setImmediate(resolve));
      empty();
      answers.push(await run());
      process.stdout.write(JSON.stringify(answers.map(({exitCode, trouble}) => [exitCode, trouble])));`,
    );
    expect(answers).toEqual([
      [0, null],
      [null, 'failed'],
      [0, null],
    ]);
  });

  test('nor one that goes on talking', async () => {
    const answers = await inLittleRoom(
      'line-program.ts',
      `full();
      const end = await new Promise(onEnd => all.startLines('yes', [], {env: process.env, maxLineBytes: 1000, onLines: () => 0, onEnd}));
      empty();
      process.stdout.write(JSON.stringify(end));`,
    );
    expect(answers).toMatchObject({exitCode: null, trouble: 'failed', stderr: expect.stringContaining('EMFILE')});
  });
});

test('the handlers of signals stay between programs: one taken off with a signal on its way would lose it', async () => {
  await run('true', []);
  const between = process.listeners('SIGTERM');
  expect(between).not.toEqual([]);
  const running = run('sleep', ['0.05']);
  expect(process.listeners('SIGTERM')).toEqual(between);
  await running;
  expect(process.listeners('SIGTERM')).toEqual(between);
});
