// `npm run check` on a copy of the project with one fault of every kind in it: each check must fail and name its fault.
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {execa} from 'execa';
import {afterAll, beforeAll, expect, it} from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const PARTS = [
  'src',
  'scripts',
  'docs',
  'package.json',
  'tsconfig.json',
  'biome.json',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'vitest.config.ts',
  'vitest.reality.config.ts',
  'test/reality/programs.json',
];

const SEEDED: Readonly<Record<string, string>> = {
  'src/core/domain/crooked.ts': '// Badly laid out.\nexport const crooked   =  {a:1}\n',
  'src/core/plan/peeking.ts': "// A plan that reads a file.\nexport {readFileSync} from 'node:fs';\n",
  'src/core/os/mistyped.ts': "// Imports what is not there.\nexport {nothing} from './nowhere.ts';\n",
  'src/core/domain/endless.ts': `// Far too long.\n${'// More.\n'.repeat(401)}`,
  'src/ui/armed.ts': '// Has the name of another.\nexport const armed = 1;\n',
  'src/core/domain/some-utils.ts': 'export const silent = 1;\n',
  'src/core/domain/long-winded.ts': `// A function without end.\nexport const longWinded = () => {\n${'  //\n'.repeat(200)}};\n`,
  'src/core/os/armed.ts': '// Signals whom it likes.\nexport const shoot = (pid: number) => process.kill(pid);\n',
  'src/core/domain/choosy.ts': '// Chooses twice at once.\nexport const choosy = (a: boolean, b: boolean) => (a ? 1 : b ? 2 : 3);\n',
  'src/sources/zellij/neighbour.ts': "// Knows another source.\nexport * from '../herdr/read/herdr-sessions.ts';\n",
  'src/sources/zellij/entered.ts': "// Knows the list.\nexport * from '../sources.ts';\n",
  'src/cli/entering.ts': "// Knows the entry of a source.\nexport * from '../sources/tmux/index.ts';\n",
  'src/core/domain/hen.ts': "// Comes from the egg.\nimport type {Egg} from './egg.ts';\nexport type Hen = Egg;\n",
  'src/core/domain/egg.ts': "// Comes from the hen.\nimport type {Hen} from './hen.ts';\nexport type Egg = Hen;\n",
  'test/endless.test.ts': `${'// More.\n'.repeat(501)}`,
};

let place = '';
let output = '';
let exitCode: number | undefined;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'rigtop-check-'));
  for (const part of PARTS) {
    cpSync(join(root, part), join(place, part), {recursive: true});
  }
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  mkdirSync(join(place, 'test'), {recursive: true});
  for (const [path, text] of Object.entries(SEEDED)) {
    writeFileSync(join(place, path), text);
  }
  const config = JSON.parse(readFileSync(join(place, 'biome.json'), 'utf8'));
  writeFileSync(join(place, 'biome.json'), JSON.stringify({...config, overrides: config.overrides.slice(0, -1)}));
  await execa('git', ['init', '-q'], {cwd: place});
  const run = await execa(join(root, 'node_modules/.bin/tsx'), ['scripts/check.ts'], {
    cwd: place,
    reject: false,
    all: true,
    env: {PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`, NO_COLOR: '1'},
  });
  output = run.all;
  exitCode = run.exitCode;
}, 120_000);

afterAll(() => rmSync(place, {recursive: true, force: true}));

/** What the named check printed. */
const section = (name: string): string => {
  const start = output.indexOf(`FAILED  ${name}`);
  const end = output.slice(start + 1).search(/^(ok {4}|FAILED) {2}/m);
  return start < 0 ? '' : output.slice(start, end < 0 ? undefined : start + 1 + end);
};

it('fails as a whole', () => {
  expect(exitCode).toBe(1);
});

it.each([
  ['format, lint, layers', /src\/core\/domain\/crooked\.ts format/],
  ['format, lint, layers', /plan may not import this module/],
  ['format, lint, layers', /src\/core\/domain\/choosy\.ts[\s\S]*noNestedTernary/],
  ['types', /mistyped\.ts.*Cannot find module '\.\/nowhere\.ts'/],
  ['dead code', /src\/core\/domain\/crooked\.ts/],
  ['files', /src\/core\/domain\/endless\.ts: 402 lines, at most 400/],
  ['files', /test\/endless\.test\.ts: 501 lines, at most 500/],
  ['files', /some-utils\.ts: a name that says nothing/],
  ['files', /some-utils\.ts: must open with a sentence/],
  ['files', /ui\/armed\.ts: has the name of src\/core\/os\/armed\.ts/],
  ['code', /long-winded\.ts:2: a function of 202 lines/],
  ['code', /armed\.ts:2: sends a signal/],
  ['code', /a circle of imports: src\/core\/domain\/egg\.ts ↔ src\/core\/domain\/hen\.ts/],
  ['code', /zellij\/neighbour\.ts: knows src\/sources\/herdr\/read\/herdr-sessions\.ts/],
  ['code', /zellij\/entered\.ts: knows src\/sources\/sources\.ts/],
  ['code', /cli\/entering\.ts: knows src\/sources\/tmux\/index\.ts/],
  ['generated', /biome\.json is out of date/],
])('%s finds %s', (name, fault) => {
  expect(section(name)).toMatch(fault);
});
