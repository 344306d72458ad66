// Scripts of the packages of a workspace, played over literals. Each line was run for real by the program that it names: those are who ended,
// but that yarn 4 runs nothing before and after a script.
import {expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import type {Caller, Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {CALLER, FACTS} from './fleet.ts';
import {process} from './processes.ts';

const MARKS = ['root', 'a', 'before', 'after', 'b', 'c'];

const kill = (mark: string): string => `pkill -f '^mark-${mark} '`;

const scripts = (name: string, mark: string, more = {}): string =>
  JSON.stringify({name, scripts: {stop: kill(mark), halt: kill(mark), ...more}});

const around = {prestop: kill('before'), poststop: kill('after'), prehalt: kill('before'), posthalt: kill('after')};

const FILES: ReadonlyMap<string, string> = new Map([
  ['/w/a/package.json', JSON.stringify({...JSON.parse(scripts('top', 'root')), workspaces: ['packages/*', 'tools/c']})],
  ['/w/a/pnpm-workspace.yaml', "packages:\n  - 'packages/*'\n  - tools/c\n"],
  ['/w/a/packages/a/package.json', scripts('@x/a', 'a', around)],
  ['/w/a/packages/b/package.json', scripts('b', 'b')],
  ['/w/a/tools/c/package.json', scripts('c', 'c')],
]);

const DIRECTORIES: ReadonlyMap<string, readonly string[]> = new Map([['/w/a/packages', ['a', 'b']]]);

const START: Facts = {...FACTS, processes: known(new Map(MARKS.map((mark, at) => [at + 50, process(at + 50, 1, `mark-${mark} 5000`)])))};

const answered = (facts: Facts, command: string, caller: Caller): Facts => {
  let {files, directories} = facts;
  for (const need of playCommand(command, caller, facts).needs) {
    files = need.kind === 'file' ? new Map([...files, [need.path, known(FILES.get(need.path) ?? null)]]) : files;
    directories = need.kind === 'directory' ? new Map([...directories, [need.path, known(DIRECTORIES.get(need.path) ?? [])]]) : directories;
  }
  return {...facts, files, directories};
};

/** The marks of those who would end, in the order above. */
const ends = (command: string, directory = '/w/a'): string => {
  const caller = {...CALLER, cwd: directory};
  let facts = START;
  for (let round = 0; round < 12 && playCommand(command, caller, facts).needs.length > 0; round += 1) {
    facts = answered(facts, command, caller);
  }
  const {endings, undecided, needs} = playCommand(command, caller, facts);
  expect({undecided, needs}).toEqual({undecided: [], needs: []});
  return MARKS.filter((_, at) => endings.some(({pid}) => pid === at + 50)).join(' ');
};

const PACKAGES = 'a before after b c';
const ALL = `root ${PACKAGES}`;

test.each([
  ['npm stop', 'root'],
  ['npm run halt --workspaces', PACKAGES],
  ['npm run halt -ws', PACKAGES],
  ['npm run halt --ws --include-workspace-root', ALL],
  ['npm run halt -w b', 'b'],
  ['npm run halt --workspace=@x/a', 'a before after'],
  ['npm -w packages/b run halt', 'b'],
  ['npm stop -w c', 'c'],
  ['npm --prefix packages/b run halt', 'b'],
  ['pnpm -r stop', PACKAGES],
  ['pnpm run -r halt', PACKAGES],
  ['pnpm multi run halt', PACKAGES],
  ['pnpm -r --workspace-concurrency 1 run halt', PACKAGES],
  ['pnpm -r --include-workspace-root run halt', ALL],
  ['pnpm --filter b halt', 'b'],
  ['pnpm -r --filter b --filter c run halt', 'b c'],
  ['pnpm --filter "./packages/*" halt', 'a before after b'],
  ['pnpm -w run halt', 'root'],
  ['pnpm run "/^halt$/"', 'root'],
  ['yarn workspaces run halt', PACKAGES],
  ['yarn --silent workspaces run halt', PACKAGES],
  ['yarn workspaces foreach -Apvi -j 2 run halt', ALL],
  ['yarn workspaces foreach -A --include b run halt', 'b'],
  ['yarn workspaces foreach -A exec pkill -f "^mark-b "', 'b'],
  ['yarn workspace b halt', 'b'],
  ['yarn workspace @x/a run halt', 'a before after'],
  ['yarn workspace b exec pkill -f "^mark-c "', 'c'],
  ['yarn exec pkill -- -f "^mark-b "', 'b'],
])('%s', (command, marks) => {
  expect(ends(command)).toBe(marks);
});

test.each([
  ['pnpm halt', 'b'],
  ['pnpm -r halt', PACKAGES],
  ['pnpm -w halt', 'root'],
  ['npm -w c run halt', 'c'],
  ['yarn run -T halt', 'root'],
  ['yarn workspaces run halt', PACKAGES],
])('in the directory of a package: %s', (command, marks) => {
  expect(ends(command, '/w/a/packages/b')).toBe(marks);
});

test('without a workspace it is for the nearest package', () => {
  const facts: Facts = {
    ...START,
    files: new Map([
      ['/w/a/package.json', known<string | null>(scripts('a', 'a'))],
      ['/w/a/pnpm-workspace.yaml', known(null)],
    ]),
  };
  const {endings, undecided, needs} = playCommand('pnpm -r stop', CALLER, facts);
  expect({ended: endings.map(({pid}) => pid), undecided, needs}).toEqual({ended: [51], undecided: [], needs: []});
});

test('a filter that is not followed may mean every package', () => {
  expect(ends('pnpm --filter "...b" halt')).toBe(ALL);
});
