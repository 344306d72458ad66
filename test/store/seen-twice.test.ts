// A process that two machines see is one row: the one that knows most of it.
import {expect, test} from 'vitest';
import {systemwideKey} from '../../src/core/domain/process.ts';
import {EMPTY_VIEW} from '../../src/store/fleet-view.ts';
import type {FleetView, Row} from '../../src/store/rows.ts';
import {shownOnce} from '../../src/store/seen-twice.ts';

const row = (key: string, process: Row['process'] | null, session: string | null = null, word = 'BUSY'): Row => ({
  key,
  ref: key,
  badge: {word, tone: 'busy'},
  cells: {},
  fields: {rig: ['shop']},
  order: {severity: 0, name: key, age: 0, cpu: 0, memory: 0, idle: 0, pid: 0, port: 0},
  measures: {cpu: null, memory: null},
  problem: false,
  barred: null,
  unmarkable: null,
  eligible: false,
  remedy: 'kill',
  depth: 0,
  session,
  ...(process === null || process === undefined ? {} : {process}),
});

const view = (agents: readonly Row[], orphans: readonly Row[] = []): FleetView => ({
  ...EMPTY_VIEW,
  agents,
  orphans,
  header: {
    ...EMPTY_VIEW.header,
    agents: agents.length,
    doing: {...EMPTY_VIEW.header.doing, busy: agents.length},
    counts: orphans.length === 0 ? [] : [{word: 'ORPHAN', tone: 'warning', count: orphans.length}],
  },
});

const keys = (views: readonly FleetView[]): readonly (readonly string[])[] =>
  views.map(({agents, orphans}) => [...agents, ...orphans].map(({key}) => key));

test('a container and its host say the same of one process', () => {
  const inContainer = {bootId: 'b', self: {pidNamespace: 77}};
  const onHost = {bootId: 'b', self: {pidNamespace: 1}};
  expect(systemwideKey({pid: 12, startTime: 900}, inContainer)).toBe(systemwideKey({pid: 5012, startTime: 900, inside: '77:12'}, onHost));
  expect(systemwideKey({pid: 12, startTime: 900}, onHost)).not.toBe(systemwideKey({pid: 12, startTime: 900}, inContainer));
  expect(systemwideKey({pid: 12, startTime: 900}, {bootId: null, self: {pidNamespace: 1}})).toBeNull();
});

test('who knows its session shows it, else who has it in its own namespace, else the first', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(key => ({key, isInside: false}));
  const host = view([row('host-a', {key: 'a', isInside: true}), row('host-b', b ?? null), row('host-c', c ?? null), row('other', null)]);
  const box = view([row('box-a', a ?? null), row('box-b', b ?? null, 's'), row('box-c', c ?? null)]);
  expect(keys(shownOnce([host, box]))).toEqual([
    ['host-c', 'other'],
    ['box-a', 'box-b'],
  ]);
});

test('what is not shown is not counted; two rows of one machine about one process stay', () => {
  const process = {key: 'p', isInside: false};
  const [first, second] = shownOnce([
    view([row('x', process)], [row('f1', process, null, 'ORPHAN'), row('f2', process, null, 'ORPHAN')]),
    view([row('y', process)], [row('f3', process, null, 'ORPHAN')]),
  ]);
  expect(keys([first ?? EMPTY_VIEW])).toEqual([['x', 'f1', 'f2']]);
  expect(second?.header).toMatchObject({agents: 0, doing: {busy: 0}, counts: []});
});

test('a session without an agent is a row of the agents that the header does not count', () => {
  const machine = (): FleetView => {
    const shell = {...row('shell', {key: 'q', isInside: false}, 't', 'SESSION'), fields: {rig: []}};
    const seen = view([row('agent', {key: 'p', isInside: false}, 's'), shell]);
    const rig = {...row('rig', null), ref: 'rig:shop', cells: {count: '1'}};
    return {...seen, rigs: [rig], header: {...seen.header, rigs: 1, agents: 1, doing: {...seen.header.doing, busy: 1}}};
  };
  const [first, second] = shownOnce([machine(), machine()]);
  expect(first).toEqual(machine());
  expect(second).toMatchObject({rigs: [], agents: [], header: {rigs: 0, agents: 0, doing: {busy: 0}}});
});

test('a rig counts the agents that are left in it, and goes with the last', () => {
  const inRig = (one: Row, rig: string): Row => ({...one, fields: {rig: [rig]}, cells: {count: '2'}});
  const process = {key: 'p', isInside: false};
  const rigs = ['shop', 'docs', 'town'].map(name => inRig(row(name, null), name));
  const [, second] = shownOnce([
    view([row('x', process), row('y', {key: 'q', isInside: false})]),
    {
      ...view([inRig(row('a', process), 'shop'), inRig(row('b', {key: 'q', isInside: false}), 'docs'), inRig(row('c', null), 'docs')]),
      rigs,
    },
  ]);
  expect(second?.rigs.map(({key, cells}) => [key, cells.count])).toEqual([
    ['docs', '1'],
    ['town', '2'],
  ]);
});

test('where nothing is seen twice nothing changes', () => {
  const views = [view([row('x', {key: 'p', isInside: false})]), view([row('y', {key: 'q', isInside: false})])];
  expect(shownOnce(views)).toBe(views);
});

test('what belongs to no rig has no row of its own where all of it is shown elsewhere', () => {
  const loose = (key: string, process: Row['process'] | null) => ({...row(key, process, null, 'DEFUNCT'), fields: {rig: []}});
  const rigs = [row('rig', null), {...row('norig', null), fields: {}}];
  const seen = (orphans: readonly Row[]) => ({...view([], orphans), rigs});
  const twin = {key: 'p', isInside: false};
  const [box, host, busy] = shownOnce([
    seen([loose('box', twin)]),
    seen([loose('host', {...twin, isInside: true})]),
    seen([loose('twin', {...twin, isInside: true}), loose('own', null)]),
  ]).map(each => each.rigs.map(({key}) => key));
  expect([box, host, busy]).toEqual([['rig', 'norig'], ['rig'], ['rig', 'norig']]);
});

const ofKind = (one: Row, kind: string): Row => ({...one, fields: {...one.fields, kind: [kind]}});

test('what one machine says of a process hides nothing else that another one says of it', () => {
  const [inside, outside] = [
    {key: 'p', isInside: true},
    {key: 'p', isInside: false},
  ];
  const host = view([], [ofKind(row('host-port', inside), 'wrong-owner'), ofKind(row('host-left', inside), 'orphan-process')]);
  const box = view([], [ofKind(row('box-left', outside), 'orphan-process')]);
  expect(keys(shownOnce([host, box]))).toEqual([['host-port'], ['box-left']]);
});

test('whoever sees it now shows it, whatever a machine knew that cannot be seen any more', () => {
  const host = view([row('host', {key: 'p', isInside: true})]);
  const box = view([row('box', {key: 'p', isInside: false}, 's')]);
  expect(keys(shownOnce([host, box]))).toEqual([[], ['box']]);
  expect(keys(shownOnce([host, box], new Set([box])))).toEqual([['host'], []]);
});
