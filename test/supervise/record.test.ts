import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {EMPTY_STATE, parseState} from '../../src/supervise/loop-state.ts';
import {formatNote, inherit, isStalled, parseRecord, type SuperviseRecord} from '../../src/supervise/record.ts';

const NOW = 1_800_000_000_000;

const record = (over: Partial<SuperviseRecord> = {}): SuperviseRecord => ({
  schema: 'rigtop/supervise@1',
  pid: 7,
  startTime: 70,
  bootId: 'boot-1',
  host: 'box',
  startedAt: new Date(NOW - 60_000).toISOString(),
  mode: 'act',
  intervalMs: 30_000,
  heartbeat: {count: 4, at: new Date(NOW - 10_000).toISOString()},
  paused: false,
  blocked: null,
  state: {...EMPTY_STATE, sureSince: {'f-1': NOW - 10_000}, deaths: [NOW - 10_000], halted: {since: 1, because: 'x'}},
  proposals: [],
  kept: [],
  notes: [],
  ...over,
});

describe('a record', () => {
  it('reads what was written', () => {
    expect(parseRecord(JSON.stringify(record()))).toEqual(record());
  });

  it.each(['', '{', 'null', '[]', '{"schema":"rigtop/supervise@2"}', JSON.stringify(record()).slice(0, -20)])('%j is none', text => {
    expect(parseRecord(text)).toBeNull();
  });

  it('proposes nothing that it cannot read', () => {
    const restart = {kind: 'restart', ref: 'agent:x/a', because: 'it crashed'};
    const damaged = [{...restart, kind: 'flush'}, {...restart, ref: 7}, {...restart, kind: 'cleanup'}, null, 'restart'];
    expect(parseRecord(JSON.stringify({...record(), proposals: [restart, ...damaged]}))?.proposals).toEqual([restart]);
    expect(parseRecord(JSON.stringify({...record(), proposals: undefined}))?.proposals).toEqual([]);
  });

  it('forgets what is damaged, but never a halt', () => {
    const damaged = parseRecord(JSON.stringify({...record(), state: {keeps: {a: 1}, cleanups: ['x'], halted: 'yes', tries: null}}));
    expect(damaged?.state).toMatchObject({keeps: {}, cleanups: [], tries: {}, halted: {because: expect.stringContaining('damaged')}});
  });

  it('makes a whole state of anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(Object.keys(parseState(value)).toSorted()).toEqual(Object.keys(EMPTY_STATE).toSorted());
      }),
    );
  });
});

describe('one that runs', () => {
  const lookedAgo = (ms: number, over: Partial<SuperviseRecord> = {}) =>
    isStalled(record({heartbeat: {count: 4, at: new Date(NOW - ms).toISOString()}, ...over}), NOW);

  it('is stalled when it has not looked for longer than a round with restarts may take', () => {
    expect([30_000, 380_000, 400_000].map(ms => lookedAgo(ms))).toEqual([false, false, true]);
    expect(lookedAgo(400_000, {intervalMs: 60_000})).toBe(false);
  });

  it('has as long for its first look, and is not stalled by a time that cannot be read or a clock set back', () => {
    const startedAgo = (ms: number) =>
      isStalled(record({heartbeat: {count: 0, at: null}, startedAt: new Date(NOW - ms).toISOString()}), NOW);
    expect([60_000, 400_000].map(startedAgo)).toEqual([false, true]);
    expect(isStalled(record({heartbeat: {count: 1, at: 'soon'}}), NOW)).toBe(false);
    expect(lookedAgo(-3_600_000)).toBe(false);
  });
});

describe('what is taken over', () => {
  it('is what ran only within one boot: what runs after it was put there by somebody', () => {
    const seenUp = ['slot:search/1/web'];
    const old = record({state: {...EMPTY_STATE, seenUp}});
    expect(inherit(old, 'boot-1', NOW + 86_400_000).state.seenUp).toEqual(seenUp);
    expect(inherit(old, 'boot-2', NOW).state.seenUp).toEqual([]);
  });

  it('is everything when the one before looked a moment ago', () => {
    expect(inherit(record(), 'boot-1', NOW)).toEqual({state: record().state, paused: false, continuous: true});
  });

  it.each([
    ['another boot', record(), 'boot-2', NOW],
    ['a long time in which nobody looked', record(), 'boot-1', NOW + 3_600_000],
    ['a clock that was set back', record(), 'boot-1', NOW - 3_600_000],
    ['one that never looked', record({heartbeat: {count: 0, at: null}}), 'boot-1', NOW],
  ])('after %s: the halt, and nothing about how long something has been so', (_, before, boot, now) => {
    const {state, continuous} = inherit(before, boot, now);
    expect(continuous).toBe(false);
    expect(state).toMatchObject({sureSince: {}, deaths: [], halted: {because: 'x'}});
  });

  it('holds a pause of a person', () => {
    expect(inherit(record({paused: true}), 'boot-2', NOW).paused).toBe(true);
  });
});

it('a note is one line that no terminal acts on, whatever the names in it', () => {
  const nasty = 'x\u001b]0;PWN\u0007\u009b\u202ey\nz';
  const line = formatNote({at: '2026-11-01T10:00:00Z', what: 'would', text: `restart ${nasty}`, ref: nasty});
  expect(line).toContain('restart x\\u{1b}]0;PWN\\u{7}\\u{9b}\\u{202e}y z');
  expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
});
