// Commands of an ordinary day: none ends anything, and none is asked about. A guard that asks too often is switched off.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import type {Facts} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {CALLER, FACTS} from './fleet.ts';

const FILES: ReadonlyMap<string, string> = new Map([
  [
    '/w/a/package.json',
    JSON.stringify({
      workspaces: ['packages/*'],
      scripts: {
        dev: 'vite',
        build: 'tsc -b && vite build',
        prebuild: 'npm run clean',
        clean: 'rm -rf dist node_modules/.vite',
        start: 'node server.js',
        test: 'vitest run',
        lint: 'eslint . --fix',
        e2e: "start-server-and-test dev http://localhost:3000 'playwright test'",
        'dev:all': 'concurrently -k "npm:dev" "npm:start"',
      },
    }),
  ],
  ['/w/a/packages/web/package.json', '{"scripts":{"clean":"rm -rf dist"}}'],
  [
    '/w/a/Makefile',
    'BIN ?= bin/app\nbuild: clean\n\tgo build -o $(BIN) ./...\nclean:\n\trm -rf bin dist\ndocker:\n\tdocker build -t x:$(shell git rev-parse HEAD) .\n',
  ],
  [
    '/w/a/scripts/check.sh',
    '#!/bin/bash\nset -euo pipefail\ntrap "rm -f /tmp/lock" EXIT\nif [[ "$1" == "--fix" ]]; then npm run lint; fi\n',
  ],
  [
    '/w/a/server.js',
    "const child = spawn('vite');\nprocess.on('exit', () => process.kill(-child.pid));\nprocess.kill(process.pid, 'SIGUSR2');\n",
  ],
  ['/w/a/README.md', 'one\ntwo\n'],
]);

const DIRECTORIES: ReadonlyMap<string, readonly string[]> = new Map([
  ['/w/a/packages', ['web']],
  ['/w/a/src', ['a.ts', 'kill.ts']],
]);

/** Every file, directory, server and engine that is not of this project is not there. */
const answered = (facts: Facts, command: string): Facts => {
  let {files, directories, tmux, containers} = facts;
  for (const need of playCommand(command, CALLER, facts).needs) {
    files = need.kind === 'file' ? new Map([...files, [need.path, known(FILES.get(need.path) ?? null)]]) : files;
    directories = need.kind === 'directory' ? new Map([...directories, [need.path, known(DIRECTORIES.get(need.path) ?? [])]]) : directories;
    tmux = need.kind === 'tmux' ? new Map([...tmux, [need.socket, known({socket: need.socket, pid: null, sessions: []})]]) : tmux;
    containers = need.kind === 'containers' ? new Map([...containers, [need.engine, known([])]]) : containers;
  }
  return {...facts, files, directories, tmux, containers};
};

const commands = readFileSync(join(import.meta.dirname, 'ordinary.txt'), 'utf8')
  .split(/^> /m)
  .slice(1)
  .map(block => block.trimEnd());

test.each(commands)('%s', command => {
  let facts = FACTS;
  for (let round = 0; round < 12 && playCommand(command, CALLER, facts).needs.length > 0; round += 1) {
    facts = answered(facts, command);
  }
  const {endings, containers, undecided, needs} = playCommand(command, CALLER, facts);
  expect({endings, containers, undecided, needs}).toEqual({endings: [], containers: [], undecided: [], needs: []});
});
