import {appendFile, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {formatJournalLine} from '../../../src/cli/journal-text.ts';
import {createJournal, type JournalLine, type JournalTarget} from '../../../src/core/act/journal-file.ts';
import {followJournal} from '../../../src/core/act/journal-reader.ts';
import {gatherEntries, parseJournal, readJournal} from '../../../src/core/act/read-journal.ts';
import {stateDirectory} from '../../../src/core/act/state-directory.ts';
import type {Outcome} from '../../../src/core/domain/outcome.ts';
import type {Plan} from '../../../src/core/domain/plan.ts';
import {createHost} from '../../../src/core/os/real-host.ts';
import {MARKERS} from '../../../src/sources/sources.ts';

let directory: string;
const host = createHost({markers: MARKERS});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rt-journal-'));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const plan = {id: 'p1', action: 'kill', asked: ['process:7'], force: false, starts: []} as unknown as Plan;
const target = (pid: number): JournalTarget => ({ref: `process:${pid}`, pid, startTime: pid, command: 'node x'});
const outcome = (result: 'gone' | 'survived'): Outcome => ({
  ok: result === 'gone',
  tookMs: 1,
  targets: [{ref: 'process:7', pid: 7, result, signal: 'SIGTERM', because: null, tookMs: 1}],
  ports: [],
  late: [],
  escaped: [],
  started: [],
  problems: [],
  refused: null,
});

const journal = (maxBytes?: number) =>
  createJournal({host, directory, own: {pid: 1, startTime: 1}, isAlive: () => true, ...(maxBytes === undefined ? {} : {maxBytes})});

describe('the journal', () => {
  it('is read back as it was written, private', async () => {
    const run = journal().begin('r1', plan);
    expect(await run.intent([target(7)], false)).toEqual({ok: true});
    await run.step('gone', ['process:7']);
    await run.outcome(outcome('gone'));
    const lines = await readJournal(directory);
    expect(lines.map(({type}) => type)).toEqual(['intent', 'step', 'outcome']);
    expect((await stat(join(directory, 'journal.jsonl'))).mode & 0o777).toBe(0o600);
    expect(gatherEntries(lines, () => false)).toMatchObject([{state: 'done', left: [], asked: ['process:7']}]);
  });

  it('survives half a line, and closes it before the next', async () => {
    const run = journal().begin('r1', plan);
    await run.intent([target(7)], false);
    await appendFile(join(directory, 'journal.jsonl'), '{"schema":"rigtop/journal@1","type":"outc');
    await run.step('term', ['process:7']);
    expect((await readJournal(directory)).map(({type}) => type)).toEqual(['intent', 'step']);
  });

  it.each([
    ['an intent without the one who acts', {type: 'intent', targets: []}],
    ['an intent whose target is no target', {type: 'intent', targets: [null], by: {pid: 1, startTime: 1, bootId: null}}],
    ['an outcome without ports', {type: 'outcome', outcome: {ok: true, tookMs: 1, targets: []}}],
    ['an outcome whose target has no result', {type: 'outcome', outcome: {...outcome('gone'), targets: [{}]}}],
    ['a step of a kind that is not known', {type: 'step', step: 'frozen', refs: []}],
    ['a time that is none', {type: 'note', what: 'did', ref: null, text: 'x', at: 'yesterday'}],
    ['a name of a prototype', {type: 'constructor'}],
  ])('one bad line is one bad line: %s', async (_, line) => {
    const run = journal().begin('r1', plan);
    await run.intent([target(7)], false);
    const base = {schema: 'rigtop/journal@1', run: 'bad', at: '2026-01-01T00:00:00.000Z'};
    await appendFile(join(directory, 'journal.jsonl'), `${JSON.stringify({...base, ...line})}\n[1]\nnull\n"x"\n`);
    await run.outcome(outcome('gone'));
    const lines = await readJournal(directory);
    expect(lines.map(({type, run: name}) => [type, name])).toEqual([
      ['intent', 'r1'],
      ['outcome', 'r1'],
    ]);
    expect(lines.map(formatJournalLine)).toHaveLength(2);
    expect(gatherEntries(lines, () => true)).toMatchObject([{run: 'r1', state: 'done'}]);
  });

  it('an outcome that was written before there were restarts still counts', () => {
    const {started: _, problems: __, ...old} = outcome('gone');
    const line = {schema: 'rigtop/journal@1', run: 'r', at: '2026-01-01T00:00:00.000Z', type: 'outcome', outcome: old};
    expect(parseJournal(JSON.stringify(line))).toEqual([{...line, outcome: {...outcome('gone')}}]);
  });

  it('tells an action that was cut short, with what was not yet gone, from one that still runs', async () => {
    const run = journal().begin('r1', plan);
    await run.intent([target(7), target(8)], false);
    await run.intent([target(9)], true);
    await run.step('gone', ['process:8']);
    const lines = await readJournal(directory);
    expect(gatherEntries(lines, () => false)).toMatchObject([{state: 'interrupted', left: [{pid: 7}, {pid: 9}], outcome: null}]);
    expect(gatherEntries(lines, () => true)).toMatchObject([{state: 'running'}]);
  });

  it('keeps what survived among what is left', async () => {
    const run = journal().begin('r1', plan);
    await run.intent([target(7)], false);
    await run.outcome(outcome('survived'));
    expect(gatherEntries(await readJournal(directory), () => false)).toMatchObject([{state: 'done', left: [{pid: 7}]}]);
  });

  it('is set aside when it is full, and both files are read, bounded', async () => {
    const book = journal(2000);
    for (let index = 0; index < 40; index += 1) {
      await book.begin(`r${index}`, plan).intent([target(index + 2)], false);
    }
    const lines = await readJournal(directory);
    expect(lines.at(-1)?.run).toBe('r39');
    expect(lines.length).toBeLessThan(20);
    const sizes = await Promise.all(['journal.jsonl', 'journal.1.jsonl'].map(async name => (await stat(join(directory, name))).size));
    expect(Math.max(...sizes)).toBeLessThan(3000);
  });

  it('loses no line and tears none when several write and set aside at once', async () => {
    const books = [journal(4000), journal(4000), journal(4000)];
    await Promise.all(
      books.map(async (book, who) => {
        for (let index = 0; index < 12; index += 1) {
          await book.begin(`w${who}-${index}`, plan).intent([target(7)], false);
        }
      }),
    );
    const text = await readFile(join(directory, 'journal.jsonl'), 'utf8');
    expect(text.split('\n').filter(row => row !== '').length).toBe(parseJournal(text).length);
  });

  it('takes nothing for a line that is none', () => {
    expect(parseJournal('\n{}\nnull\n[]\n"x"\n{"schema":"rigtop/journal@1","type":"intent"}\n')).toEqual([]);
  });

  it('since a time, and what comes after', async () => {
    const run = journal().begin('r1', plan);
    await run.intent([target(7)], false);
    expect(await readJournal(directory, Date.now() + 60_000)).toEqual([]);
    const stop = new AbortController();
    const seen: JournalLine[] = [];
    for await (const line of followJournal(host, directory, 0, stop.signal)) {
      seen.push(line);
      if (seen.length === 1) {
        void run.step('term', ['process:7']);
      }
      if (seen.length === 2) {
        stop.abort();
      }
    }
    expect(seen.map(({type}) => type)).toEqual(['intent', 'step']);
  });

  it('does not follow a link', async () => {
    await writeFile(join(directory, 'elsewhere'), '');
    const {symlink} = await import('node:fs/promises');
    await symlink(join(directory, 'elsewhere'), join(directory, 'journal.jsonl'));
    expect(
      await journal()
        .begin('r1', plan)
        .intent([target(7)], false),
    ).toMatchObject({ok: false});
  });
});

describe('the state directory', () => {
  it('is XDG’s, unless that is relative', () => {
    expect(stateDirectory({XDG_STATE_HOME: '/s'}, '/home/u')).toBe('/s/rigtop');
    expect(stateDirectory({XDG_STATE_HOME: 's'}, '/home/u')).toBe('/home/u/.local/state/rigtop');
    expect(stateDirectory({}, '/home/u')).toBe('/home/u/.local/state/rigtop');
  });
});
