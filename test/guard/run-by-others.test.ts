// Commands that another program runs: behind `--`, as a text of its own, in a script of another language, as a task.
import {expect, test} from 'vitest';
import {type Known, known} from '../../src/core/domain/known.ts';
import type {Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {mayEnd} from '../../src/guard/shell/quick-scan.ts';
import {CALLER, FACTS} from './fleet.ts';

const FILES: readonly (readonly [string, string | null])[] = [
  ['/w/a/package.json', '{"scripts":{"stop":"kill 21"},"workspaces":["x"]}'],
  ['/w/a/x/package.json', '{"scripts":{"stop":"kill 22"}}'],
  ['/w/a/pnpm-workspace.yaml', null],
  ['/w/a/deno.json', '{"tasks":{"stop":"kill 21","all":{"command":"kill 22"}}}'],
  ['/w/a/stop.ts', 'process.kill(21)'],
  ['/w/a/stop.js', 'process.kill(21)'],
  ['/w/a/stop', null],
  ['/w/a/setup.ts', 'console.log(1)'],
  ['/w/a/tool', null],
  ['/w/a/tool.js', null],
  ['/w/a/scripts/stop.py', 'import os\nos.kill(21, 15)\n'],
  ['/w/a/stop.sh', '#!/bin/sh\nkill 21\n'],
  ['/opt/wrap', '\u007fELF'],
];
const facts: Facts = {...FACTS, files: new Map<string, Known<string | null>>(FILES.map(([path, text]) => [path, known(text)]))};
const played = (command: string) => playCommand(command, CALLER, facts);

test.each<readonly [string, readonly number[]]>([
  ['/opt/wrap kill 21', [21]],
  ['doppler run -- npm stop', [21]],
  ['npm sto', [21]],
  ['npm urn stop', [21]],
  ['npm run-s stop', [21]],
  ['npm exe -- kill 21', [21]],
  ['mise exec -- ./stop.sh', [21]],
  ['poetry run npm stop', [21]],
  ['dotenv -e .env npm stop', [21]],
  ['cross-env A=1 npm stop', [21]],
  ['corepack yarn stop', [21]],
  ['gosu u kill 21', [21]],
  ['xvfb-run -a kill 21', [21]],
  ["nix-shell -p x --run 'kill 21'", [21]],
  ["doppler run --command='kill 21'", [21]],
  ["watchexec -e js 'kill 21'", [21]],
  ["script -qc'kill 21'", [21]],
  ["script --comm 'kill 21' /dev/null", [21]],
  ["$SHELL -c 'kill 21'", [21]],
  ['$PKILL 21; $X kill 21', [21]],
  ['alias kill=echo; kill 21', [21]],
  ['node --run stop', [21]],
  ['node --run=stop', [21]],
  ['deno task stop', [21]],
  ['deno task all', [22]],
  ['deno run -A npm:kill-port@2 3001', [21]],
  ['turbo run stop --filter=x', [22]],
  ['turbo stop', [22]],
  ['lerna run stop', [22]],
  ['node node_modules/.bin/kill-port 3001', [21]],
  ['node ./node_modules/kill-port/cli.js 3001', [21]],
  ['npx --prefix /tmp kill-port 3001', [21]],
  ['npx --package x --yes -- kill-port 3001', [21]],
  ["npx --pack x -c 'kill 21'", [21]],
  ["npm exec --cal 'kill 21'", [21]],
  ['pnpm kill-port 3001', [21]],
  ['bun run kill-port 3001', [21]],
  ["bun exec 'kill 21'", [21]],
  ["yarn exec 'kill 21'", [21]],
  ["pnpm -c exec 'kill 21'", [21]],
  ['uvx kill-port 3001', [21]],
  ["claude -p 'kill 21'", []],
  ["gh pr create -t 'kill 21' --body 'pkill node'", []],
  ["rigtop guard check 'kill 21'", []],
  ['cargo test -- kill', []],
])('%s', (command, pids) => {
  const {endings, undecided, needs} = played(command);
  expect({undecided, needs}).toEqual({undecided: [], needs: []});
  expect(endings.map(({pid}) => pid).toSorted((a, b) => a - b)).toEqual(pids);
});

test.each([
  'node --import tsx stop.ts',
  'node -r ./setup.ts stop',
  'node -r ./stop.ts tool',
  'tsx watch stop.ts',
  'bun run stop.ts',
  'python3 -W ignore -m scripts.stop',
  'uv run scripts/stop.py',
  'bun -e "process.kill(21)"',
  'yarn node -e "process.kill(21)"',
  'poetry run python -c "import os; os.kill(21, 9)"',
  'python3 -c "from os import kill as k; k(21, 9)"',
  'python3 -c "import os; k=os.kill; k(21, 9)"',
  "python3 -c \"import os; os.spawnlp(0, 'kill', 'kill', '21')\"",
  'node -e "process.kill.call(process, 21)"',
  'perl -e \'exec "kill", 21\'',
  "php --run 'posix_kill(21, 9);'",
  "Rscript -e 'tools::pskill(21)'",
  'killport 3001',
  'npx kill-my-port 3001',
  'npx cross-port-killer 3001',
  'start-stop-daemon --stop --pid 21',
  "echo 'kill 21' | script -q /dev/null",
  "ed <<< '!kill 21'",
  "sqlite3 x '.shell kill 21'",
  "su u -c'kill 21'",
  "hyperfine --prepare 'kill 21' true",
  'declare -i p=20+1; kill $p',
])('%s is asked about', command => {
  expect(mayEnd(command)).toBe(true);
  const {undecided, needs} = played(command);
  expect(needs).toEqual([]);
  expect(undecided).not.toEqual([]);
});
