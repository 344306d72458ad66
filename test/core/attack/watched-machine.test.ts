// What a watched machine can say: bounded as a configuration is, so that judging it neither freezes nor ends the watcher.
import {expect, test} from 'vitest';
import {jsonLine} from '../../../src/cli/documents/json-text.ts';
import {createSnapshotReader} from '../../../src/cli/documents/read-snapshot.ts';
import {snapshotDocument} from '../../../src/cli/documents/snapshot-document.ts';
import type {ConfiguredRig, Settings} from '../../../src/core/domain/settings.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {look, process, settings} from '../../support/world.ts';
import {native, shop, slotSession} from '../judge/slots/shop.ts';

const read = (snapshot: Snapshot, overrides: Partial<Settings> = {}) =>
  createSnapshotReader().read(jsonLine(snapshotDocument(snapshot, {version: '1', settings: {...settings, ...overrides}})));

const rig: ConfiguredRig = {name: 'x', path: '/x', session: null, slots: 8, slotStride: 1, services: []};
const web = (basePort: number) => ({name: 'web', basePort, command: null});

test.each<[string, readonly ConfiguredRig[]]>([
  ['slots', [{...rig, slots: 2_147_483_647}]],
  ['fewer than no slots', [{...rig, slots: -1}]],
  ['a stride', [{...rig, slotStride: 0}]],
  ['a port', [{...rig, services: [web(70_000)]}]],
  ['rigs', Array.from({length: 1_001}, (_, index) => ({...rig, name: `r${index}`}))],
  ['slots of all rigs', Array.from({length: 11}, (_, index) => ({...rig, name: `r${index}`, slots: 10_000}))],
  ['slots by services', [{...rig, slots: 10_000, services: Array.from({length: 11}, () => web(3000))}]],
])('settings with too many or impossible %s are no report', (_, rigs) => {
  expect(read(look(), {rigs})).toMatchObject({unreadable: true, because: expect.stringContaining('settings.rigs')});
});

test('honest settings are one', () => {
  expect(read(look(), {rigs: [{...rig, slots: 10_000, services: [web(3000), web(20_000)]}]})).not.toHaveProperty('unreadable');
});

test('records beyond what their tool can hold are no report', () => {
  expect(read(look({repos: [shop(Array.from({length: 513}, (_, index) => slotSession(`s${index}`, 1)))]}))).toHaveProperty('unreadable');
  expect(
    read(
      look({
        repos: [
          shop(
            [],
            Array.from({length: 65}, () => native('web', 3000)),
          ),
        ],
      }),
    ),
  ).toHaveProperty('unreadable');
});

test('a chain of processes that nobody runs is no report, a long one is', () => {
  const chain = (length: number) => Array.from({length}, (_, index) => process(10_000 + index, index === 0 ? 1 : 9_999 + index, 'claude'));
  expect(read(look({processes: chain(20_000)}))).toMatchObject({unreadable: true, because: expect.stringContaining('above one another')});
  expect(read(look({processes: chain(2_000)}))).not.toHaveProperty('unreadable');
  const loop = [process(5000, 5001, 'a'), process(5001, 5000, 'b')];
  expect(read(look({processes: loop}))).not.toHaveProperty('unreadable');
});
