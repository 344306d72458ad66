// Stores of other tools as real files: replaced, cut off, vanished, unreadable; read without a lock and never written.
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {ConfiguredRegister} from '../../src/core/domain/settings.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {createRegisterCollector} from '../../src/sources/registers/read/register-collector.ts';
import {MARKERS} from '../../src/sources/sources.ts';
import {createScope} from '../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await scope.tempDir();
  file = join(directory, 'sessions-a.json');
});

const open = (registers: readonly ConfiguredRegister[] = [], env: Readonly<Record<string, string>> = {SESSION_DATA_DIR: directory}) => {
  const host = createHost({markers: MARKERS, env: {...process.env, SESSION_DATA_DIR: undefined, ...env}});
  scope.add(() => host.close());
  const collector = createRegisterCollector(host, {...DEFAULT_SETTINGS, registers});
  return {
    look: () => collector.collect(),
    states: async () => (await collector.collect()).sources.map(({source, state, detail}) => `${source} ${state}: ${detail}`),
  };
};

/** As its owner does it: a new file that takes the old one's place. */
const replace = async (path: string, text: string): Promise<void> => {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
};

const store = (...ids: readonly string[]): string =>
  JSON.stringify(Object.fromEntries(ids.map(id => [id, {sessionId: id, status: 'active', backendType: 'tmux'}])));

test('no directory is named, and there is no store in its usual place: nothing is looked for', async () => {
  expect(await open([], {HOME: directory}).states()).toEqual([]);
});

test('botmux’s usual place is found without a variable, and where its own note says it is elsewhere, there', async () => {
  const usual = join(directory, '.botmux', 'data');
  await mkdir(usual, {recursive: true});
  await writeFile(join(usual, 'sessions.json'), store('one'));
  const {states} = open([], {HOME: directory});
  expect(await states()).toEqual(['botmux ok: 1 rows, 1 active']);
  const elsewhere = join(directory, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(join(elsewhere, 'sessions-b.json'), store('one', 'two'));
  await writeFile(join(directory, '.botmux', '.data-dir'), `${elsewhere}\n`);
  expect(await states()).toEqual(['botmux ok: 2 rows, 2 active']);
  await writeFile(join(directory, '.botmux', '.data-dir'), '../relative');
  expect(await states()).toEqual(['botmux ok: 1 rows, 1 active']);
});

test('a directory without a store, or that is not there, is told as absent', async () => {
  await writeFile(join(directory, 'other.json'), '{}');
  expect(await open().states()).toEqual(['botmux absent: no session store there']);
  expect(await open([], {SESSION_DATA_DIR: join(directory, 'none')}).states()).toEqual(['botmux absent: no session store there']);
});

test('each bot’s file is a register of its own; locks and leftovers beside them are none, and nothing is written', async () => {
  await writeFile(file, store('one', 'two'));
  await writeFile(join(directory, 'sessions.json'), store('old'));
  await writeFile(`${file}.lock`, '{"pid":1}');
  await writeFile(`${file}.tmp`, '{"cut');
  const before = await readdir(directory);
  const {registers} = await open().look();
  expect(registers.map(({store: name, file: path, rows}) => [name, path, rows.known && rows.value.map(({id}) => id)])).toEqual([
    ['botmux', file, ['one', 'two']],
    ['botmux', join(directory, 'sessions.json'), ['old']],
  ]);
  expect(await readdir(directory)).toEqual(before);
});

test('an unchanged store is the same record; a replaced one is read again', async () => {
  await replace(file, store('one'));
  const {look} = open();
  const first = (await look()).registers[0];
  expect((await look()).registers[0]).toBe(first);
  await replace(file, store('one', 'two'));
  expect((await look()).registers[0]?.rows).toMatchObject({known: true, value: [{id: 'one'}, {id: 'two'}]});
});

test('a store that cannot be read stays unknown until it can, whatever it held before', async () => {
  await replace(file, store('one'));
  const {look, states} = open();
  await look();
  await replace(file, '{"one": {"sess');
  expect(await states()).toEqual([expect.stringMatching(/^botmux unknown: .*it holds no JSON$/)]);
  expect(await states()).toEqual([expect.stringMatching(/^botmux unknown: /)]);
  expect((await look()).registers[0]?.rows.known).toBe(false);
  expect(await readFile(file, 'utf8')).toBe('{"one": {"sess');
  await replace(file, store('one'));
  expect(await states()).toEqual(['botmux ok: 1 rows, 1 active']);
});

test('a store that vanishes is unknown, not empty; a directory in its place, too', async () => {
  await replace(file, store('one', 'two'));
  const {look, states} = open();
  await look();
  await rm(file);
  expect(await states()).toEqual([expect.stringMatching(/^botmux unknown: .*it is gone, and held 2 rows/)]);
  await mkdir(file);
  expect(await states()).toEqual([expect.stringMatching(/^botmux unknown: /)]);
  await rm(directory, {recursive: true});
  expect(await states()).toEqual([expect.stringMatching(/^botmux unknown: .*it is gone/)]);
});

test('a configured register: absent while it has never been there, unknown once it was', async () => {
  const path = join(directory, 'crew.json');
  const crew: ConfiguredRegister = {
    name: 'crew',
    file: path,
    list: '',
    id: 'id',
    session: 'session',
    status: 'status',
    active: ['up'],
    updated: null,
    multiplexer: 'tmux',
    close: ['crewctl', 'close', '{id}'],
  };
  const {look, states} = open([crew], {});
  expect(await states()).toEqual([`register absent: no file ${path}`]);
  await replace(path, JSON.stringify([{id: 'a', session: 's', status: 'up'}]));
  expect(await states()).toEqual(['register ok: 1 rows, 1 active']);
  expect((await look()).registers[0]).toMatchObject({store: 'crew', close: ['crewctl', 'close', '{id}']});
  await rm(path);
  expect(await states()).toEqual([expect.stringMatching(/^register unknown: .*it is gone/)]);
});
