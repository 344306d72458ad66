// What goes through NATS and what is made of it, without a server: addresses, names, credentials, lines, chains, turns.
import {randomBytes} from 'node:crypto';
import {deflateRawSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {jsonLine} from '../../../src/cli/documents/json-text.ts';
import {snapshotDocument} from '../../../src/cli/documents/snapshot-document.ts';
import {HISTORY, MOST_CHANGES, machineInbox, nameIn, subjectOf, WATCHER_INBOX} from '../../../src/cli/nats/bucket.ts';
import {createBackOff} from '../../../src/cli/nats/connection.ts';
import {createLineChain} from '../../../src/cli/nats/line-chain.ts';
import {createLineDesk} from '../../../src/cli/nats/line-desk.ts';
import {encodeLine, type PublishedLine, readHead, unpackLine} from '../../../src/cli/nats/published-line.ts';
import {publishLooks, type Sent} from '../../../src/cli/nats/publisher.ts';
import {createGates} from '../../../src/cli/remote/gates.ts';
import {isNatsAddress, machineWordTrouble, parseNatsAddress, publishedNameTrouble} from '../../../src/cli/remote/nats-address.ts';
import {parseNatsCredentials} from '../../../src/cli/remote/nats-credentials.ts';
import {createRemoteMachine, type News} from '../../../src/cli/remote/remote-machine.ts';
import type {Way} from '../../../src/cli/remote/way.ts';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {waitFor} from '../../support/wait-for.ts';
import {look, process} from '../../support/world.ts';

const MARK = '0123abcd';

const published = (number: number, text = `line ${number}`, mark = MARK): Uint8Array => encodeLine({mark, number}, text);

const headOf = (data: Uint8Array): PublishedLine => {
  const head = readHead(data);
  if (head === null) {
    throw new Error('no head');
  }
  return head;
};

test('addresses: hosts with and without ports, TLS, and nothing that a person would not mean', () => {
  expect(parseNatsAddress('nats://a.example,b:4333,[::1]:1')).toEqual({
    text: 'nats://a.example,b:4333,[::1]:1',
    servers: ['a.example:4222', 'b:4333', '[::1]:1'],
    tls: false,
  });
  expect(parseNatsAddress('tls://nats.example/')).toMatchObject({servers: ['nats.example:4222'], tls: true});
  for (const bad of [
    'nats://',
    'nats://a,,b',
    'nats://a b',
    'nats://a:99999',
    'nats://user:secret@a',
    'nats://a/b',
    'nats://-x',
    'http://a',
  ]) {
    expect(parseNatsAddress(bad), bad).toHaveProperty('because');
  }
  expect(['nats://a', 'tls://a', 'box', '-nats://'].map(isNatsAddress)).toEqual([true, true, false, false]);
  expect(machineWordTrouble('box')).toBeNull();
  expect(machineWordTrouble('-box')).not.toBeNull();
  expect(machineWordTrouble('nats://me:secret@a')).toContain('--creds');
});

test('names are keys of a bucket: no wildcards, no blanks, no subject of anything else', () => {
  expect(['box1', 'a.b-c.example', '_x', '日'].map(publishedNameTrouble).map(each => each === null)).toEqual([true, true, true, false]);
  for (const bad of ['', '*', '>', 'a.*', 'a..b', '.a', 'a.', 'a b', '-a', '$KV.x', 'a\n', 'a'.repeat(300)]) {
    expect(publishedNameTrouble(bad), bad).not.toBeNull();
  }
  expect(nameIn(subjectOf('a.b'))).toBe('a.b');
  // Nobody's inbox lies below another's.
  expect(machineInbox('watch').startsWith(`${WATCHER_INBOX}.`)).toBe(false);
});

test('credentials are one of three', () => {
  expect(parseNatsCredentials('box1:secret:with:colons\n')).toEqual({kind: 'password', user: 'box1', password: 'secret:with:colons'});
  expect(parseNatsCredentials(`# mine\nSU${'A'.repeat(56)}\n`)).toEqual({kind: 'nkey', seed: `SU${'A'.repeat(56)}`});
  expect(parseNatsCredentials('-----BEGIN NATS USER JWT-----\nx')?.kind).toBe('jwt');
  expect(['', 'nothing', 'a b:c', ':x', 'x:'].map(parseNatsCredentials)).toEqual(Array(5).fill(null));
});

test('a line comes back as it was; a small one that unpacks to gigabytes, or is none of ours, does not', () => {
  const data = published(3, 'a "line" of 日本\n');
  expect(headOf(data)).toMatchObject({mark: MARK, number: 3});
  expect(unpackLine(headOf(data), 1_000)).toBe('a "line" of 日本');
  const bomb = Buffer.concat([Buffer.from(`rigtop/published@1 ${MARK} 0\n`), deflateRawSync(Buffer.alloc(64 * 1024 * 1024))]);
  expect(bomb.length).toBeLessThan(100_000);
  expect(unpackLine(headOf(bomb), 16 * 1024 * 1024)).toBeNull();
  expect(unpackLine({body: Buffer.from('not packed')}, 1_000)).toBeNull();
  for (const text of [
    '',
    '\n',
    'x\n{}',
    `rigtop/published@2 ${MARK} 0\n`,
    `rigtop/published@1 ${MARK} -1\n`,
    `rigtop/published@1 ${MARK} 0`,
  ]) {
    expect(readHead(Buffer.from(text)), text).toBeNull();
  }
});

test('a chain begins with a whole look, goes on without a gap, and is bounded in number and bytes', () => {
  const chain = createLineChain();
  const numbers = (): readonly number[] => chain.rest().map(({number}) => number);
  const take = (number: number, mark = MARK): boolean => chain.take(headOf(published(number, 'x', mark)));
  expect(take(1)).toBe(false);
  expect([take(0), take(1), take(3), take(2, 'ffffffff'), take(2)]).toEqual([true, true, false, false, true]);
  expect(numbers()).toEqual([0, 1, 2]);
  expect(numbers()).toEqual([]);
  expect(take(3)).toBe(true);
  expect(numbers()).toEqual([3]);
  chain.rewind();
  expect(numbers()).toEqual([0, 1, 2, 3]);
  expect(take(0, 'ffffffff')).toBe(true);
  expect(numbers()).toEqual([0]);
  for (let number = 1; number <= MOST_CHANGES; number += 1) {
    expect(take(number, 'ffffffff')).toBe(true);
  }
  expect(take(MOST_CHANGES + 1, 'ffffffff')).toBe(false);
  expect(HISTORY).toBeGreaterThan(MOST_CHANGES + 1);
  expect(chain.take({mark: MARK, number: 0, body: new Uint8Array(5 * 1024 * 1024)})).toBe(false);
  expect(chain.isEmpty()).toBe(true);
});

/** Looks of a machine where at every one something has changed, sent as `answers` say; ends when they are used up. */
const publish = async (answers: readonly Sent[]) => {
  const heads: string[] = [];
  const told: (string | null)[] = [];
  const waits: number[] = [];
  let at = 0;
  const because = await publishLooks({
    look: async () => {
      at += 1;
      return look({monotonicMs: at * 2_000, processes: [process(100 + at, 1, 'claude')]});
    },
    observer: {version: '1.0.0', settings: DEFAULT_SETTINGS},
    send: async data => {
      const {mark, number} = headOf(data);
      heads.push(`${mark} ${number}`);
      return answers[heads.length - 1] ?? {ok: false, forbidden: true, because: 'the end'};
    },
    sleep: async ms => {
      waits.push(ms);
    },
    intervalMs: 2_000,
    backOff: {next: () => 77, reset: () => undefined},
    tell: each => told.push(each),
  });
  return {
    because,
    told,
    waits,
    marks: [...new Set(heads.map(head => head.slice(0, 8)))],
    numbers: heads.map(head => Number(head.slice(9))),
  };
};

const OK: Sent = {ok: true};

test('a publisher sends a whole look, fifteen changes, a whole look again', async () => {
  const {numbers, marks, because} = await publish(Array(40).fill(OK));
  expect(numbers.slice(0, 18)).toEqual([...Array(16).keys(), 0, 1]);
  expect(marks).toHaveLength(3);
  expect(because).toBe('the end');
});

test('behind a line that did not arrive stands a whole look, after a while', async () => {
  const lost: Sent = {ok: false, forbidden: false, because: 'timeout'};
  const {numbers, told, waits} = await publish([OK, OK, lost, lost, OK, OK]);
  expect(numbers.slice(0, 7)).toEqual([0, 1, 2, 0, 0, 1, 2]);
  expect(told.slice(0, 5)).toEqual([null, null, 'timeout', 'timeout', null]);
  expect(waits.filter(ms => ms === 77)).toHaveLength(2);
});

/** A reader of one machine at a desk. */
const readAt = (way: Way) => {
  const heard: string[][] = [];
  const ends: string[] = [];
  const program = way.connect({
    maxLineBytes: 1_000_000,
    onLines: lines => heard.push([...lines]),
    onEnd: ({stderr}) => ends.push(stderr),
  });
  return {heard, ends, program};
};

const deskOf = (showsSilent: boolean) => createLineDesk({address: 'nats://x', showsSilent, changed: () => undefined});

/** Each machine has its turn of the event loop. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise(resolve => setImmediate(resolve));
  }
};
const HOUR = 3_600_000;

test('a desk hands each machine its own lines, all of them to who comes later', async () => {
  const desk = deskOf(true);
  desk.begin(1_000, 3);
  desk.take('a', published(0), 1_000);
  desk.take('b', published(0, 'other'), 1_000);
  desk.take('a', published(1), 1_000);
  await desk.loaded;
  expect(desk.ways().map(({name}) => name)).toEqual(['a', 'b']);
  const [a, b] = desk.ways();
  const [first, other] = [readAt(a as Way), readAt(b as Way)];
  await turns();
  expect([first.heard, other.heard]).toEqual([[['line 0', 'line 1']], [['other']]]);
  first.program.end();
  expect(a?.isWaiting?.()).toBe(false);
  const second = readAt(a as Way);
  desk.take('a', published(2), 1_000);
  expect(a?.isWaiting?.()).toBe(true);
  await new Promise(resolve => setTimeout(resolve, 600));
  expect(second.heard).toEqual([['line 0', 'line 1', 'line 2']]);
  expect(first.heard).toHaveLength(1);
});

test('names that are none, lines that are none and machines beyond the limit are nobody', async () => {
  const desk = deskOf(true);
  desk.begin(0, 1);
  for (const name of ['', '*', 'a b', '\u001b[2J', '../x']) {
    desk.take(name, published(0), 0);
  }
  desk.take('a', Buffer.from('garbage'), 0);
  for (let index = 0; index < 6_000; index += 1) {
    desk.take(`m${index}`, published(0), 0);
  }
  expect(desk.ways()).toHaveLength(5_000);
});

test('how long a machine has been silent is told by the server’s clock, once, and it comes back by itself', async () => {
  const now = Date.now() + 1_000 * HOUR;
  const desk = deskOf(true);
  desk.begin(now, 1);
  desk.take('a', published(0), now - 3 * HOUR);
  const [way] = desk.ways() as [Way];
  const first = readAt(way);
  await turns();
  expect([first.heard, first.ends]).toEqual([[['line 0']], ['it has published nothing for 3h00m']]);
  expect(Math.round((way.ageMs?.() ?? 0) / HOUR)).toBe(3);
  first.program.end();
  const second = readAt(way);
  await turns();
  expect([second.heard, second.ends]).toEqual([[], []]);
  desk.take('a', published(1), now);
  await new Promise(resolve => setTimeout(resolve, 600));
  expect([second.heard, second.ends]).toEqual([[['line 0', 'line 1']], []]);

  const report = deskOf(false);
  report.begin(now, 1);
  report.take('a', published(0), now - 3 * HOUR);
  const reader = readAt((report.ways() as [Way])[0]);
  await turns();
  expect([reader.heard, reader.ends]).toEqual([[], ['it has published nothing for 3h00m']]);
});

test('a lost connection is told to every reader, and nobody is shown anything old as new meanwhile', async () => {
  const desk = deskOf(true);
  desk.begin(0, 1);
  desk.take('a', published(0), 0);
  const [way] = desk.ways() as [Way];
  const first = readAt(way);
  await turns();
  desk.lose();
  expect(first.ends).toEqual(['the connection to nats://x was lost']);
  first.program.end();
  const second = readAt(way);
  await new Promise(resolve => setTimeout(resolve, 600));
  expect(second.heard).toEqual([]);
  desk.regain();
  await turns();
  expect(second.heard).toEqual([['line 0']]);
});

test('a server that is back is found within eight seconds, by each at a moment of its own', () => {
  const waits = Array.from({length: 50}, () => {
    const backOff = createBackOff();
    return Array.from({length: 12}, backOff.next);
  });
  expect(Math.max(...waits.flat())).toBeLessThanOrEqual(8_000);
  expect(Math.min(...waits.map(each => each.at(-1) ?? 0))).toBeGreaterThanOrEqual(4_000);
  expect(new Set(waits.map(each => Math.round(each[0] ?? 0))).size).toBeGreaterThan(10);
});

test('what cannot be unpacked ends that machine’s lines, and no other’s', async () => {
  const desk = deskOf(true);
  desk.begin(0, 2);
  desk.take('bad', Buffer.concat([Buffer.from(`rigtop/published@1 ${MARK} 0\n`), deflateRawSync(Buffer.alloc(4_000_000))]), 0);
  desk.take('good', published(0), 0);
  const readers = desk.ways().map(readAt);
  await turns();
  expect(readers.map(({heard, ends}) => [heard, ends])).toEqual([
    [[], ['it published what cannot be unpacked']],
    [[['line 0']], []],
  ]);
});

test('what was published before something that cannot be unpacked is handed on', async () => {
  const desk = deskOf(true);
  desk.begin(0, 3);
  desk.take('a', published(0), 0);
  desk.take('a', Buffer.concat([Buffer.from(`rigtop/published@1 ${MARK} 1\n`), randomBytes(100)]), 0);
  desk.take('a', published(2), 0);
  const [reader] = desk.ways().map(readAt);
  await turns();
  expect([reader?.heard, reader?.ends]).toEqual([[['line 0']], ['it published what cannot be unpacked']]);
});

test('a look that cannot be read loses the machine until the next whole one', async () => {
  const whole = jsonLine(
    snapshotDocument(look({processes: [process(4_100, 1, 'claude')]}), {version: '1.0.0', settings: DEFAULT_SETTINGS}),
  );
  const desk = deskOf(true);
  desk.begin(0, 1);
  desk.take('a', published(0, whole.slice(0, 500)), 0);
  const [way] = desk.ways() as [Way];
  const machine = createRemoteMachine({
    way,
    gates: createGates(),
    version: '1.0.0',
    epochMs: () => 0,
    monotonicMs: () => 0,
    share: () => 1,
  });
  const news: News[] = [];
  machine.listen(each => news.push(each));
  await waitFor('the loss', () => news.length > 0);
  expect(news).toMatchObject([{trouble: {because: expect.stringContaining('cannot read')}}]);
  desk.take('a', published(1, '{"schema":"rigtop/snapshot-change@1"}'), 0);
  desk.take('a', published(0, whole, '89abcdef'), 0);
  await waitFor('it to be seen again', () => news.some(each => 'look' in each));
  expect(news.slice(1)).toMatchObject([{look: {snapshot: {hostname: 'box'}}}]);
  machine.close();
});
