// Nothing that ends somebody passes for want of a word: what the quick scan lets through is never read.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {mayEnd} from '../../src/guard/shell/quick-scan.ts';
import {readCorpus} from '../os/guard-arena/corpus.ts';

const CORPUS = ['corpus.txt', 'real-corpus.txt'].flatMap(name =>
  readCorpus(readFileSync(join(import.meta.dirname, '../os/guard-arena', name), 'utf8')),
);

test('every command of the corpus that ends somebody, or is undecided, is read', () => {
  expect(CORPUS.filter(({ends, undecided, command}) => (undecided || ends.length > 0) && !mayEnd(command))).toEqual([]);
});

test.each([
  'pm2 reload all',
  'npx pm2 start web',
  'pm2 -s scale api 1',
  'docker pause web',
  'systemctl isolate rescue.target',
  'systemctl suspend',
  'tmux movew -k -s a -t b',
  'tmux new-window -dk -t a:0',
  'zellij ka -y',
  'screen -X stuff "x"',
  "psql -c 'drop database x'",
  "psql -c 'select pg_cancel_backend(5)'",
  'kubectl drain node-1',
  'service x force-reload',
])('%s is read', command => {
  expect(mayEnd(command)).toBe(true);
});

test.each(['git status', 'ls -la', 'cargo test', 'rg -n pattern src', 'curl -s localhost:3000', 'cat package.json'])(
  '%s is not',
  command => {
    expect(mayEnd(command)).toBe(false);
  },
);
