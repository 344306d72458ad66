// The corpus against the real thing: each command is run by an agent in a fleet of its own, in namespaces, and who has ended then is who the
// guard said would. Of one command for each kind of victims the built hook is asked as well, below the agent.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {builtBinary} from '../support/built.ts';
import {ARENA, isRoot, isWrong, type Row, runAlone} from './guard-arena/alone.ts';
import {readCorpus} from './guard-arena/corpus.ts';

test.runIf(isRoot)('whom the guard names is who ends', {timeout: 900_000}, async () => {
  const rows = (await runAlone([])) as readonly Row[];
  expect(rows.map(({command}) => command)).toEqual(readCorpus(readFileSync(join(ARENA, 'corpus.txt'), 'utf8')).map(({command}) => command));
  expect(rows.length).toBeGreaterThan(200);
  expect(rows.filter(isWrong)).toEqual([]);
});

interface Answered {
  readonly command: string;
  readonly ends: readonly string[];
  readonly decision: string;
  readonly reason: string;
}

/** What is the calling agent’s: below it, or left behind in its work tree. */
const OWN = new Set(['a.vite', 'a.mcp', 'a.far', 'a.daemon']);

test.runIf(isRoot)('the hook lets through what ends only the agent’s own, and names all others', {timeout: 600_000}, async () => {
  await builtBinary();
  const rows = (await runAlone(['--hook'])) as readonly Answered[];
  expect(rows.length).toBeGreaterThan(10);
  const wrong = rows.filter(({ends, decision}) => (decision === 'deny') !== ends.some(name => !OWN.has(name)));
  expect(wrong).toEqual([]);
  expect(rows.filter(({decision, reason}) => decision === 'deny' && !/not yours|--mine/.test(reason))).toEqual([]);
});
