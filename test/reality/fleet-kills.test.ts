// The corpus of commands against real servers: vite and tool servers as npm and npx start them, below two agents in sibling work trees.
// Who has ended once a command was run is who the guard said would.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {ARENA, isRoot, isWrong, type Row, runAlone} from '../os/guard-arena/alone.ts';
import {readCorpus} from '../os/guard-arena/corpus.ts';
import {cacheDirectory} from './programs.ts';

test.runIf(isRoot)('whom the guard names is who ends, where package managers stand between', {timeout: 900_000}, async () => {
  const rows = (await runAlone(['--real'], cacheDirectory())) as readonly Row[];
  const corpus = readCorpus(readFileSync(join(ARENA, 'real-corpus.txt'), 'utf8'));
  expect(rows.map(({command}) => command)).toEqual(corpus.map(({command}) => command));
  expect(rows.filter(isWrong)).toEqual([]);
});
