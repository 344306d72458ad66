// Agents that should be there and are not: what may be said about them.
import {describe, expect, test} from 'vitest';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {TownRecords, TownRig} from '../../../src/core/domain/town.ts';
import {identifyAbsentAgents} from '../../../src/sources/gastown/absent-agents.ts';
import {operationOf} from '../../../src/sources/gastown/town-operation.ts';
import {townRecord, worker} from './town-record.ts';
import {NOW, process, settings, type WorldFacts, worldOf} from './world-record.ts';

const PATH = '/home/u/gt';
const FURY = 'agent:gastown/fury';

interface Facts {
  readonly records?: Partial<TownRecords>;
  readonly rig?: Partial<TownRig>;
  readonly world?: WorldFacts;
  readonly present?: readonly string[];
}

const stateOf = (ref: string, {records = {}, rig = {}, world = {}, present = []}: Facts = {}): string => {
  const town = townRecord({rigs: {gastown: {prefix: 'gt', crew: ['max'], polecats: ['fury']}}, records, rig});
  const {snapshot, fleet} = worldOf({...world, towns: [town]});
  const agent = identifyAbsentAgents({snapshot, settings, runtimes: fleet.runtimes, present: new Set(present)}).find(
    each => each.ref === ref,
  );
  return agent?.state ?? 'none';
};

const heartbeat = (session: string, agoMs: number, state: string | null, bead: string | null = null): Partial<TownRecords> => ({
  heartbeats: known([{session, at: NOW - agoMs, state, bead}]),
});

const furysLock: Partial<TownRecords> = {
  locks: [
    {
      path: `${PATH}/gastown/polecats/fury/gastown/.runtime/agent.lock`,
      worker: worker(PATH, 'gastown', 'polecat', 'fury'),
      rig: 'gastown',
      digest: 'd',
      content: known({pid: 4, acquiredAt: NOW - 600_000, sessionId: '%7', hostname: null}),
      modifiedAt: NOW - 600_000,
    },
  ],
};

const MINUTE = 60_000;

describe('crashed: it was at work, and its session is provably gone', () => {
  test.each([
    ['work on its hook, however long ago', heartbeat('gt-fury', 90 * MINUTE, 'working', 'gt-12')],
    ['a fresh sign of life', heartbeat('gt-fury', MINUTE, 'working')],
    ['a fresh sign under its older name', heartbeat('gt-gastown-fury', MINUTE, 'working')],
    ['a lock never given back', furysLock],
  ])('%s', (_, records) => {
    expect(stateOf(FURY, {records})).toBe('crashed');
  });

  test('a dog at work, a deacon that just spoke', () => {
    expect(stateOf('agent:home/deacon', {records: {deaconHeartbeat: known({at: NOW - MINUTE, cycle: 1, lastAction: null})}})).toBe(
      'crashed',
    );
    expect(stateOf('agent:home/deacon', {records: {deaconHeartbeat: known({at: NOW - 30 * MINUTE, cycle: 1, lastAction: null})}})).toBe(
      'stopped',
    );
  });
});

describe('stopped: nothing says that it was at work', () => {
  test.each([
    ['no report', {}],
    ['idle', heartbeat('gt-fury', MINUTE, 'idle', 'gt-12')],
    ['exiting', heartbeat('gt-fury', MINUTE, 'exiting')],
    ['an old report without work', heartbeat('gt-fury', 90 * MINUTE, 'working')],
    ['somebody else’s report', heartbeat('gt-max', MINUTE, 'working')],
    ['done since it took its lock', {...furysLock, ...heartbeat('gt-fury', MINUTE, 'exiting')}],
  ])('%s', (_, records) => {
    expect(stateOf(FURY, {records})).toBe('stopped');
  });

  test('an orderly end in the feed after its last sign', () => {
    const death = {
      at: NOW - 5 * MINUTE,
      origin: 'events' as const,
      type: 'session_death',
      actor: 'gt-fury',
      text: 'session: gt-fury, reason: user shutdown, caller: gt down',
      session: 'gt-fury',
    };
    const records = {...furysLock, events: known([death])};
    expect(stateOf(FURY, {records})).toBe('stopped');
    expect(stateOf(FURY, {records: {...records, events: known([{...death, text: 'reason: crash detected by daemon health check'}])}})).toBe(
      'crashed',
    );
    expect(stateOf(FURY, {records: {...records, events: known([{...death, at: NOW - 60 * MINUTE}])}})).toBe('crashed');
  });
});

describe('parked, shut down, present', () => {
  const working = heartbeat('gt-fury', MINUTE, 'working', 'gt-12');

  test('an absence that is meant is no crash', () => {
    expect(stateOf(FURY, {records: working, rig: {operation: known({status: 'parked', autoRestart: null, blocked: []})}})).toBe('parked');
    expect(stateOf(FURY, {records: {...working, estop: known({path: '', trigger: 'manual', at: NOW, reason: ''})}})).toBe('parked');
    expect(stateOf(FURY, {records: {...working, shutdown: known(77)}})).toBe('stopped');
    expect(stateOf('agent:home/deacon', {records: {deaconPaused: known({reason: 'lunch', by: null, at: null})}})).toBe('parked');
  });

  test('agents that were seen are left to those who saw them', () => {
    expect(stateOf(FURY, {records: working, present: [FURY]})).toBe('none');
  });

  test('the mayor outside tmux runs; a younger process under its pid does not count', () => {
    const helpers = [{kind: 'acp' as const, pid: 400, session: null, path: '', writtenAt: NOW - 60 * MINUTE}];
    expect(stateOf('agent:home/mayor', {records: {helpers}, world: {processes: [process(400, {agoMs: 60 * MINUTE})]}})).toBe('running');
    expect(stateOf('agent:home/mayor', {records: {helpers}, world: {processes: [process(400, {agoMs: MINUTE})]}})).toBe('stopped');
  });
});

describe('unknown is never dead', () => {
  const working = heartbeat('gt-fury', MINUTE, 'working', 'gt-12');

  test('a server that did not answer, an incomplete table, reports or states that cannot be read', () => {
    expect(stateOf(FURY, {records: working, world: {silent: ['work']}})).toBe('unknown');
    expect(stateOf(FURY, {records: working, world: {complete: false}})).toBe('unknown');
    expect(stateOf(FURY, {records: {...furysLock, heartbeats: unknown('permission denied')}})).toBe('unknown');
    expect(stateOf(FURY, {records: working, rig: {operation: unknown('corrupt')}})).toBe('unknown');
  });

  test('a tmux server that no socket led to, with something of the town below it', () => {
    const hidden = process(60, {comm: 'tmux: server', argv: ['tmux'], env: known({})});
    const member = process(61, {ppid: 60, comm: 'sh', argv: ['sh'], cwd: '/', env: known({GT_ROLE: 'gastown/witness', GT_ROOT: PATH})});
    expect(stateOf(FURY, {records: working, world: {processes: [hidden, member]}})).toBe('unknown');
  });

  test('it spoke a moment ago, or its program still runs', () => {
    expect(stateOf(FURY, {records: heartbeat('gt-fury', 2_000, 'working', 'gt-12')})).toBe('unknown');
    const living = {processes: [process(300, {cwd: `${PATH}/gastown/polecats/fury/gastown`})], runtimes: [300]};
    expect(stateOf(FURY, {records: working, world: living})).toBe('unknown');
  });
});

describe('operationOf', () => {
  const verdict = (rig: Partial<TownRig>, records: Partial<TownRecords> = {}) => {
    const town = townRecord({rigs: {gastown: {prefix: 'gt'}}, rig, records});
    const found = town.rigs.known ? town.rigs.value[0] : undefined;
    return found === undefined ? null : operationOf(town, found);
  };

  test('parked and blocked at once, each for itself, and not at all', () => {
    expect(verdict({operation: known({status: 'parked', autoRestart: null, blocked: ['auto_restart']})})).toEqual({
      operational: false,
      because: 'parked, automatic restarts are blocked',
    });
    expect(verdict({operation: known({status: null, autoRestart: false, blocked: []})})).toMatchObject({operational: false});
    expect(verdict({operation: known({status: 'parked', autoRestart: null, blocked: ['status']})})).toMatchObject({operational: true});
    expect(verdict({operation: known(null)})).toEqual({operational: true, because: null});
  });

  test('unreadable is unknown; a freeze and a missing directory are reasons', () => {
    expect(verdict({operation: unknown('corrupt')})).toEqual({operational: null, because: 'corrupt'});
    expect(verdict({}, {estop: unknown('permission denied')})).toMatchObject({operational: null});
    expect(verdict({estop: known({path: '', trigger: 'manual', at: NOW, reason: 'closing laptop'})})).toMatchObject({
      operational: false,
      because: 'emergency stop: closing laptop',
    });
    expect(verdict({exists: false})).toMatchObject({operational: false});
  });
});
