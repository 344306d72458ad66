// What the guard takes for the output of a filter is what the real one writes. What it does not follow it must not know.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import {NO_FACTS} from '../../src/guard/facts.ts';
import {playScript} from '../../src/guard/shell/run-script.ts';
import {openScope} from '../../src/guard/shell/scope.ts';
import {CALLER} from '../guard/fleet.ts';

const TEXTS: ReadonlyMap<string, string> = new Map([
  [
    'table',
    [
      'u          10  0.0  0.1   1000   200 ?        Ss   10:00   0:00 claude',
      'u          11  0.5  0.1   1000   200 ?        Sl   10:00   0:01 node vite --port 3000',
      'u          12  0.5  0.1   1000   200 pts/1    S+   10:00   0:01 node mcp-server.js',
      '',
      'u          21  0.5  0.1   1000   200 ?        S    10:00   0:01 node vite --port 3001',
      'root        3  0.5  0.1   1000   200 ?        S    10:00   0:01 [kworker/0:1]',
      '',
    ].join('\n'),
  ],
  ['numbers', '21\n3\n100\n21\n12\n'],
  ['fields', 'a:1:x y\nb:2:z\n:3:\nc\t4\td e\npid=21,fd=3 pid=22,fd=4\nLISTEN 0 127.0.0.1:3001 users:(("node",pid=21,fd=18))\n'],
]);

const [, filters = [], alone = []] = readFileSync(join(import.meta.dirname, 'guard-arena/filters.txt'), 'utf8')
  .split(/^(?:#.*|---)$/m)
  .map(part => part.split('\n').filter(line => line !== ''));

let place = '';
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'filters-'));
  for (const [name, text] of TEXTS) {
    writeFileSync(join(place, name), text);
  }
});
afterAll(() => rmSync(place, {recursive: true}));

const real = (command: string): string => {
  try {
    const env = {PATH: process.env.PATH, LC_ALL: 'C'};
    return execFileSync('bash', ['-c', command], {encoding: 'utf8', env, cwd: place, stdio: ['ignore', 'pipe', 'ignore']});
  } catch (error) {
    return String((error as {readonly stdout: string}).stdout);
  }
};

const said = (command: string) => {
  const verdicts = {
    endings: new Map(),
    containers: new Map(),
    undecided: new Map(),
    traps: new Set<never>(),
    needs: new Map(),
    source: '',
    steps: 20_000,
  };
  const files = new Map([...TEXTS].map(([name, text]) => [join(place, name), known(text)]));
  return playScript(command, openScope({...CALLER, cwd: place}), {facts: {...NO_FACTS, files}, caller: CALLER, verdicts}).out;
};

const differing = (commands: readonly string[]): readonly unknown[] =>
  commands.flatMap(command => {
    const out = said(command);
    const written = out.known ? real(command) : '';
    return out.known && out.value !== written ? [{command, said: out.value, written}] : [];
  });

test('filters of a text', {timeout: 120_000}, () => {
  expect(filters.length).toBeGreaterThan(200);
  expect(differing([...TEXTS.keys()].flatMap(name => filters.map(filter => `cat ${name} | ${filter}`)))).toEqual([]);
});

test('commands that make their own text', {timeout: 60_000}, () => {
  expect(alone.length).toBeGreaterThan(100);
  expect(differing(alone)).toEqual([]);
});

test('what commands pick pids by is known', () => {
  const picked = ["awk '/vite/ {print $2}'", 'grep -n node', "sed -n '2,3p'", 'cut -d: -f2', 'tr -cd 0-9', 'head -n -1', 'tail -n +2'];
  expect(picked.filter(filter => !said(`cat table | ${filter}`).known)).toEqual([]);
});
