import {appendFileSync, readFileSync} from 'node:fs';
import {afterEach, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {SCHEMA_NAMES} from '../../src/cli/documents/schema-names.ts';
import {builtBinary} from '../support/built.ts';
import {createScope} from '../support/scope.ts';
import {createRigtop, type Rigtop} from './rigtop.ts';

const scope = createScope();
let rigtop: Rigtop;

beforeAll(builtBinary);
beforeEach(async () => {
  rigtop = await createRigtop(scope);
});
afterEach(scope.close);

describe('the program', () => {
  test('--version is the package’s, --help names every command', async () => {
    const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {version: string};
    expect(await rigtop.run(['--version'])).toEqual({code: 0, stdout: `${version}\n`, stderr: ''});
    const {stdout, code} = await rigtop.run(['--help']);
    expect(code).toBe(0);
    for (const name of ['status', 'explain', 'doctor', 'snapshot', 'schema', 'completion']) {
      expect(stdout).toContain(`  ${name}`);
      const help = (await rigtop.run([name, '--help'])).stdout;
      expect(help).toContain(`Usage: rigtop ${name}`);
      expect((await rigtop.run(['help', name])).stdout).toBe(help);
    }
  });

  test('answers in a directory that has been removed, without a home and with its input closed', async () => {
    const gone = 'mkdir gone; cd gone; rmdir ../gone; ';
    for (const argv of ['status', '--help', 'explain 1', 'doctor', 'kill :9 --dry-run', 'locks']) {
      const {code, stdout, stderr} = await rigtop.shell(`${gone} env -u HOME $RIGTOP ${argv} <&-`, {cwd: rigtop.directory});
      expect([0, 1, 4], `${argv}: ${stderr}`).toContain(code);
      expect(stdout.length, argv).toBeGreaterThan(20);
      expect(stderr, argv).not.toContain('    at ');
    }
  });

  test('wrong usage is one line that says what to do, and 2', async () => {
    for (const [argv, meant] of [
      [['ls'], 'rigtop status'],
      [['stop', 'x'], 'rigtop kill'],
      [['version'], 'rigtop --version'],
      [['help', 'statu'], 'rigtop status'],
      [['-v'], '--version'],
    ] as const) {
      expect(await rigtop.run(argv)).toMatchObject({code: 2, stderr: expect.stringMatching(new RegExp(`did you mean "?${meant}"?\\?\n$`))});
    }
    expect(await rigtop.run(['statsu'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'rigtop: there is no command "statsu": did you mean "rigtop status"?\n',
    });
    expect(await rigtop.json(['--frobnicate'])).toEqual({
      code: 2,
      document: {error: {code: 'usage', message: 'unknown flag --frobnicate', hint: 'rigtop --help lists its flags'}},
    });
  });

  test('without a command and without a terminal it is the report', async () => {
    const {stdout} = await rigtop.run([]);
    expect(stdout).toMatch(/looked for \d+ ms/);
    expect((await rigtop.json<{schema: string}>([])).document.schema).toBe('rigtop/status@1');
  });

  test('a reader that goes away is no error', async () => {
    expect(await rigtop.shell('$RIGTOP snapshot | head -c 10')).toEqual({code: 0, stdout: '{"takenAt"', stderr: ''});
    expect(await rigtop.shell('$RIGTOP --help >&-')).toMatchObject({code: 0, stderr: ''});
  });

  test('an output that cannot be written is told', async () => {
    const {code, stderr} = await rigtop.shell('$RIGTOP snapshot >/dev/full');
    expect(stderr).toMatch(/^rigtop: the output cannot be written \(ENOSPC\).*\n$/);
    expect(code).toBe(3);
  });

  test('colour comes only where it is wanted', async () => {
    const start = '\u001b[';
    expect((await rigtop.run(['status'])).stdout).not.toContain(start);
    expect((await rigtop.run(['status', '--color', 'always'], {env: {NO_COLOR: '1'}})).stdout).toContain(start);
  });

  test('in the C locale what rigtop itself draws is ASCII', async () => {
    const {stdout} = await rigtop.run(['explain', '1'], {env: {LANG: 'C', LC_ALL: 'C', TERM: 'dumb'}});
    expect(stdout).not.toMatch(/[├└│]/);
  });

  test.each(SCHEMA_NAMES)('schema %s is JSON Schema', async name => {
    const {code, document} = await rigtop.json<{$schema: string; title: string}>(['schema', name]);
    expect(code).toBe(0);
    expect(document.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(document.title).toContain('rigtop');
  });

  test('snapshot has the process table and no verdicts', async () => {
    const {document} = await rigtop.json<{schema: string; processes: readonly {pid: number}[]}>(['snapshot']);
    expect(document.schema).toBe('rigtop/snapshot@1');
    expect(document.processes.some(({pid}) => pid === process.pid)).toBe(true);
    expect(document).not.toHaveProperty('findings');
  });
});

describe('a broken configuration', () => {
  test('still shows the fleet, names file, line and key, and exits with 2', async () => {
    const file = rigtop.write('home/.config/rigtop/config.toml', 'interval = "2s"\n[thresholds]\nterm_grace = 5\n');
    const {code, stdout, stderr} = await rigtop.run(['status', '--json']);
    expect(code).toBe(2);
    expect(stderr).toBe(`rigtop: ${file}:3: thresholds.term_grace: expected a duration such as "500ms", "2s" or "1m", got 5\n`);
    const status = JSON.parse(stdout) as {sources: readonly unknown[]; findings: readonly unknown[]};
    expect(status.sources).toContainEqual(expect.objectContaining({source: 'config', target: file, state: 'unknown'}));
    expect(status.findings).toContainEqual(
      expect.objectContaining({kind: 'blind-spot', subject: `source:config/${file}`, certainty: 'unknown'}),
    );
    expect((await rigtop.run(['doctor'])).code).toBe(2);
  });

  test('keys of the screen belong to it', async () => {
    const file = rigtop.write('home/.config/rigtop/config.toml', '[keys]\nstop = ["F9"]\n');
    expect((await rigtop.run(['status'])).stderr).toBe('');
    rigtop.write('home/.config/rigtop/config.toml', '[keys]\nexplode = ["F9"]\n');
    expect(await rigtop.run(['status'])).toMatchObject({
      code: 2,
      stderr: `rigtop: ${file}:2: keys.explode: there is no action "explode"\n`,
    });
  });

  test('one that was asked for and is missing is broken too', async () => {
    expect(await rigtop.run(['status', '--config', 'none.toml'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('does not exist'),
    });
  });

  test('a whole one is a source that answered', async () => {
    const file = rigtop.write('home/.rigtop.toml', 'read_only = true\n');
    const {document} = await rigtop.json<{readOnly: boolean; sources: readonly unknown[]}>(['status']);
    expect(document.readOnly).toBe(true);
    expect(document.sources).toContainEqual(expect.objectContaining({source: 'config', target: file, state: 'ok'}));
  });
});

describe('rigtop journal', () => {
  const line = (at: string, refs: readonly string[]): string =>
    `${JSON.stringify({schema: 'rigtop/journal@1', run: 'r1', at, type: 'step', step: 'term', refs})}\n`;

  const journal = (text: string): string => rigtop.write('home/.local/state/rigtop/journal.jsonl', text);

  test('is empty before anything was done, and skips what is no line of it', async () => {
    expect(await rigtop.run(['journal'])).toEqual({code: 0, stdout: '', stderr: ''});
    journal(`${line('2026-11-20T10:00:00.000Z', ['process:7'])}not json\n${line('2026-11-20T11:00:00.000Z', ['process:8'])}{"half`);
    const {stdout} = await rigtop.run(['journal']);
    expect(stdout).toBe('2026-11-20T10:00:00.000Z  r1 TERM to process:7\n2026-11-20T11:00:00.000Z  r1 TERM to process:8\n');
    const since = await rigtop.run(['journal', '--json', '--since', '2026-11-20T10:30:00Z']);
    expect(JSON.parse(since.stdout)).toMatchObject({refs: ['process:8']});
    expect(await rigtop.run(['journal', '--since', 'soon'])).toMatchObject({code: 2});
  });

  test('-f waits for more, and ends with its reader', async () => {
    const file = journal(line('2026-11-20T10:00:00.000Z', ['process:7']));
    const following = rigtop.shell('$RIGTOP journal -f | head -n 2');
    // What is appended while the program starts is shown as well: no moment has to be hit.
    appendFileSync(file, line('2026-11-20T10:00:01.000Z', ['process:8']));
    const ended = following.then(({stdout}) => stdout);
    const more = setInterval(() => appendFileSync(file, line('2026-11-20T10:00:02.000Z', ['process:9'])), 200);
    try {
      expect(await ended).toBe('2026-11-20T10:00:00.000Z  r1 TERM to process:7\n2026-11-20T10:00:01.000Z  r1 TERM to process:8\n');
    } finally {
      clearInterval(more);
    }
  });
});

test('bash completes commands, flags, words and values', async () => {
  const complete = async (...words: readonly string[]): Promise<readonly string[]> => {
    const script = `source <($RIGTOP completion bash); COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _rigtop 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await rigtop.shell(`bash -c "$SCRIPT"`, {env: {SCRIPT: script}})).stdout.trim().split('\n');
  };
  expect(await complete('rigtop', 'sta')).toEqual(['status']);
  expect(await complete('rigtop', '--config', 'f', 'sch')).toEqual(['schema']);
  expect(await complete('rigtop', 'schema', 'pl')).toEqual(['plan']);
  expect(await complete('rigtop', 'status', '--fail')).toEqual(['--fail-on']);
  expect(await complete('rigtop', 'status', '--color', 'al')).toEqual(['always']);
});
