// A machine's looks as lines and back: nothing is lost on the way, jitter is not sent, and nothing is believed unchecked.
import {expect, test} from 'vitest';
import {jsonLine} from '../../../src/cli/documents/json-text.ts';
import {createSnapshotReader, isUnreadable, type Report, type SnapshotReader} from '../../../src/cli/documents/read-snapshot.ts';
import {snapshotDocument} from '../../../src/cli/documents/snapshot-document.ts';
import {createReporter} from '../../../src/cli/remote/report-changes.ts';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {sessionRef} from '../../../src/core/domain/reference.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {townRecord} from '../../sources/gastown/town-record.ts';
import {listener, look, pane, process, server, session} from '../../support/world.ts';

const observer = {version: '1.2.3', settings: DEFAULT_SETTINGS};

const readable = (answer: ReturnType<SnapshotReader['read']>): Report => {
  if (isUnreadable(answer) || 'quiet' in answer) {
    throw new Error('quiet' in answer ? 'nothing new' : answer.because);
  }
  return answer;
};

const held = session('work', [pane('%1', 4100)]);
const fleet = (more: Partial<Omit<Snapshot, 'processes' | 'checkouts'>> = {}): Snapshot =>
  look({
    processes: [process(4100, 700, 'claude'), process(4200, 4100, ['node', 'vite', 'a\nb'])],
    servers: [server('default', [held])],
    listeners: [listener(3000, 4200), listener(3100, 4200)],
    towns: [townRecord()],
    programs: new Map([['gt', '/usr/bin/gt']]),
    sources: [{source: 'tmux', target: 'default', state: 'unknown', detail: 'no answer', hint: 'wait', tookMs: 3}],
    ...more,
  });

test('a whole look comes back as it was, settings with it', () => {
  const before = fleet();
  const {snapshot, settings, version} = readable(createSnapshotReader().read(jsonLine(snapshotDocument(before, observer))));
  expect(snapshot.processes.get(4200)?.argv).toEqual(['node', 'vite', 'a\nb']);
  // Who is connected to whom is asked on the spot only: a reader elsewhere knows that it was not told.
  expect({...snapshot, processes: null}).toEqual({...before, processes: null, clientsUntold: true, screens: []});
  expect(snapshot.processes.get(4100)).toEqual(before.processes.get(4100));
  // Where a program was seen is for the documents, and stays here.
  const travels = (signature: object) => Object.fromEntries(Object.entries(signature).filter(([name]) => name !== 'seen'));
  expect(settings).toEqual({...DEFAULT_SETTINGS, runtimes: DEFAULT_SETTINGS.runtimes.map(travels)});
  expect(version).toBe('1.2.3');
});

const at = (monotonicMs: number, more: Parameters<typeof fleet>[0] = {}): Snapshot => fleet({monotonicMs, uptimeMs: monotonicMs, ...more});

/** Everything that is sent of these looks, and what the reader makes of the last. */
const follow = (looks: readonly Snapshot[]): {readonly lines: readonly (string | null)[]; readonly read: Snapshot} => {
  const report = createReporter(observer);
  const reader = createSnapshotReader();
  const lines = looks.map(report);
  for (const line of lines.filter(each => each !== null)) {
    expect(isUnreadable(reader.read(line))).toBe(false);
    // As it is between two lines, while nobody looks into it.
    reader.rest();
  }
  return {lines, read: reader.last()?.snapshot ?? look()};
};

test('changes are sent as changes and add up to the look', () => {
  const born = at(4000, {servers: [server('default', [held, session('more', [pane('%2', 4300)])])], listeners: [listener(3100, 4200)]});
  const processes = new Map([...born.processes].filter(([pid]) => pid !== 4200));
  const last = {...born, processes: processes.set(4300, process(4300, 700, 'codex')), programs: new Map()};
  const {lines, read} = follow([at(2000), last]);
  expect(read).toEqual({...last, sources: read.sources, clientsUntold: true, screens: []});
  expect(lines[1]?.length).toBeLessThan((lines[0]?.length ?? 0) / 2);
  expect(lines[1]).toContain('"4200":null');
});

test('jitter is no news; a quiet look follows every change, then one every ten seconds', () => {
  const busy = (ms: number): Snapshot => {
    const now = at(ms, {servers: [server('default', [{...held, activity: held.activity + ms / 2000}])]});
    const claude = {...process(4100, 700, 'claude'), cpu: 3, rss: 1024 + ms / 1000, state: 'R' as const};
    return {...now, tookMs: ms, processes: new Map(now.processes).set(4100, claude)};
  };
  const {lines} = follow([busy(0), busy(2000), busy(4000), busy(6000), busy(8000), busy(12_500), busy(14_000)]);
  expect(lines.map(line => line !== null)).toEqual([true, true, false, false, false, true, false]);
  expect(lines[1]?.length).toBeLessThan(200);
});

test('a process that is stopped is news, and so is another one of the same pid', () => {
  const stopped = at(2000);
  const processes = new Map(stopped.processes).set(4100, {...process(4100, 700, 'claude'), state: 'T'});
  expect(follow([at(0), {...stopped, processes}]).read.processes.get(4100)?.state).toBe('T');
  const reborn = new Map(stopped.processes).set(4100, {...process(4100, 700, 'claude'), startTime: 77});
  expect(follow([at(0), {...stopped, processes: reborn}]).read.processes.get(4100)?.startTime).toBe(77);
});

const first = jsonLine(snapshotDocument(fleet(), observer));

test.each([
  ['text', 'Welcome to devbox', /JSON/],
  ['a list', '[]', /not an object/],
  ['a later version', '{"schema":"rigtop/snapshot@2"}', /rigtop\/snapshot@2/],
  ['a change without a look', '{"schema":"rigtop/snapshot-change@1"}', /snapshot-change/],
  ['a look without its parts', '{"schema":"rigtop/snapshot@1"}', /rigtop: /],
  ['a pid in words', first.replace('"pid":4100', '"pid":"4100"'), /processes\.\d+\.pid|servers/],
])('%s is not believed', (_, line, reason) => {
  const answer = createSnapshotReader().read(line);
  expect(isUnreadable(answer) && answer.because).toMatch(reason);
});

test('a change that does not fit, or makes nonsense, is not believed', () => {
  for (const change of ['"servers":{"9":{"name":["x"]}}', '"processes":{"4100":{"pid":["x"]}}', '"hostname":[7]']) {
    const {read} = createSnapshotReader();
    readable(read(first));
    expect(isUnreadable(read(`{"schema":"rigtop/snapshot-change@1",${change}}`)), change).toBe(true);
  }
});

test('a long line of brackets is not even read; brackets in words are words', () => {
  const reader = createSnapshotReader();
  const brackets = '['.repeat(100_000);
  for (const line of [
    brackets,
    `[${'{},'.repeat(600_000)}{}]`,
    `{"schema":"rigtop/snapshot@1","programs":{"\\\\":${brackets}`,
    `{"a":"\\"",${'{"a":'.repeat(50_000)}`,
  ]) {
    expect(reader.read(line)).toMatchObject({unreadable: true, because: 'more records than any look has'});
  }
  const wordy = look({processes: [process(4100, 700, ['claude', `${brackets}\\`, `"${brackets}`])]});
  expect(readable(reader.read(jsonLine(snapshotDocument(wordy, observer)))).snapshot.processes.get(4100)?.argv).toHaveLength(3);
});

test('a name from elsewhere is the one that machine has, and cannot act on a terminal where it is shown', () => {
  const nasty = 'a\u001b[2Jb\u009bc\u202ed\ne';
  const before = fleet({hostname: nasty, servers: [server('default', [session(nasty, [pane('%1', 4100)])])]});
  const line = jsonLine(snapshotDocument(before, observer));
  expect(line).not.toMatch(/[\u001b\u009b\u202e]/);
  const {snapshot} = readable(createSnapshotReader().read(line));
  expect(snapshot.servers[0]?.sessions[0]?.name).toBe(nasty);
  expect(sessionRef('default', nasty)).toBe('session:default/a\\u{1b}[2Jb\\u{9b}c\\u{202e}d\\u{a}e');
});

test('what screens say is sent, not what stands on them', () => {
  const screen = {socket: '/s', paneId: '%1', state: 'asks', text: 'Go on?', since: 5, tail: ['a secret', 'Go on?']} as const;
  const {lines, read} = follow([at(1000), at(2000), at(3000, {screens: [screen]})]);
  expect(lines.join('')).not.toContain('a secret');
  expect(read.screens).toEqual([{socket: '/s', paneId: '%1', state: 'asks', text: 'Go on?', since: 5}]);
});
