// Agent locks: the pid is the least of it.
import {describe, expect, test} from 'vitest';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {LockRecord, TownLockFile} from '../../../src/core/domain/town.ts';
import {identifyLocks} from '../../../src/sources/gastown/locks/agent-locks.ts';
import {townRecord, worker} from './town-record.ts';
import {NOW, process, session, settings, type WorldFacts, worldOf} from './world-record.ts';

const PATH = '/home/u/gt';
const home = `${PATH}/gastown/crew/max`;
const AGENT = 'agent:gastown/crew/max';

const lock = (record: Partial<LockRecord> = {}, more: Partial<TownLockFile> = {}): TownLockFile => ({
  path: `${home}/.runtime/agent.lock`,
  worker: worker(PATH, 'gastown', 'crew', 'max'),
  rig: 'gastown',
  digest: 'd',
  content: known({pid: 41_213, acquiredAt: NOW - 1_800_000, sessionId: '%7', hostname: 'box', ...record}),
  modifiedAt: NOW - 1_800_000,
  ...more,
});

const verdict = (file: TownLockFile, facts: WorldFacts = {}, of = settings): string => {
  const town = townRecord({rigs: {gastown: {prefix: 'gt', crew: ['max']}}, records: {locks: [file]}});
  const {snapshot, fleet} = worldOf({...facts, towns: [town]});
  return identifyLocks(snapshot, fleet, of)[0]?.state ?? 'none';
};

const crew = session('gt-crew-max');
const atHome: WorldFacts = {sessions: [crew], owners: {'gt-crew-max': AGENT}, processes: [process(100)], runtimes: [100]};

describe('the shared decision table', () => {
  test('dead pid, its pane belongs to the expected session, which lives: held', () => {
    expect(verdict(lock(), atHome)).toBe('held');
  });

  test('dead pid, pane gone, session absent: stale', () => {
    expect(verdict(lock())).toBe('stale');
  });

  test('dead pid, taken outside tmux: stale, but an agent program in the directory holds it', () => {
    expect(verdict(lock({sessionId: 'gastown/max'}))).toBe('stale');
    const working = {processes: [process(300, {cwd: `${home}/src`})], runtimes: [300]};
    expect(verdict(lock({sessionId: 'gastown/max'}), working)).toBe('held');
  });

  test('alive under another user: held or unknown, never stale', () => {
    const others = process(41_213, {uid: 0});
    expect(verdict(lock(), {processes: [others]})).toBe('unknown');
    expect(verdict(lock(), {...atHome, processes: [process(100), others]})).toBe('held');
  });

  test('pid reused by a younger program, pane gone, session absent: stale', () => {
    expect(verdict(lock(), {processes: [process(41_213, {agoMs: 60_000})]})).toBe('stale');
  });
});

describe('beyond it', () => {
  test('a pane of the same number in somebody else’s session proves nothing', () => {
    const foreign = session('work', {server: 'default', pids: [200]});
    expect(verdict(lock(), {sessions: [foreign], owners: {work: 'agent:other/ann'}, processes: [process(200)]})).toBe('stale');
  });

  test('the very process that took it lives without a session: orphaned', () => {
    expect(verdict(lock(), {processes: [process(41_213)]})).toBe('orphaned');
  });

  test('a process for which it was taken outside every session holds it as long as it lives', () => {
    const none = lock({sessionId: null});
    expect(verdict(none, {processes: [process(41_213)]})).toBe('held');
    expect(verdict(none)).toBe('stale');
    expect(verdict(none, {...atHome, processes: [process(100), process(41_213)]})).toBe('collision');
  });

  test('the very process that took it lives elsewhere while the session lives: collision', () => {
    expect(verdict(lock(), {...atHome, processes: [process(100), process(41_213)]})).toBe('collision');
    expect(verdict(lock(), {...atHome, processes: [process(100), process(41_213, {ppid: 100})]})).toBe('held');
  });

  test('two sessions with agents in one directory: collision; with one agent between them: held', () => {
    const second = session('scratch', {server: 'default', pids: [200]});
    const both = {...atHome, sessions: [crew, second], processes: [process(100), process(200, {cwd: home})]};
    expect(verdict(lock(), {...both, runtimes: [100, 200]})).toBe('collision');
    expect(verdict(lock(), {...both, runtimes: [100]})).toBe('held');
  });

  test('what could not be observed is unknown', () => {
    expect(verdict(lock(), {silent: ['work']})).toBe('unknown');
    expect(verdict(lock(), {}, {...settings, sockets: ['default']})).toBe('unknown');
    expect(verdict(lock(), {complete: false})).toBe('unknown');
    expect(verdict(lock({hostname: 'elsewhere'}))).toBe('unknown');
    expect(verdict(lock({acquiredAt: null}), {processes: [process(41_213)]})).toBe('unknown');
  });

  test('a tmux server that no socket led to hides sessions of the town, and of nobody else', () => {
    const hidden = process(60, {comm: 'tmux: server', argv: ['tmux'], env: known({})});
    const below = (cwd: string) => ({processes: [hidden, process(61, {ppid: 60, comm: 'sh', argv: ['sh'], cwd, env: known({})})]});
    expect(verdict(lock(), below(`${PATH}/beads`))).toBe('unknown');
    expect(verdict(lock(), below('/home/u/other'))).toBe('stale');
    const mute = {processes: [hidden, process(61, {ppid: 60, comm: 'sh', argv: ['sh']})]};
    expect(verdict(lock(), mute)).toBe('unknown');
  });

  test('host names are compared without their domain and their case', () => {
    expect(verdict(lock({hostname: 'BOX.example.org'}))).toBe('stale');
    expect(verdict(lock({hostname: null}))).toBe('stale');
  });

  test('a defunct process has ended', () => {
    expect(verdict(lock(), {processes: [process(41_213, {state: 'Z'})]})).toBe('stale');
  });

  test('no record in it: invalid, unless it is being written', () => {
    const broken = {content: unknown('not a JSON object')};
    expect(verdict(lock({}, broken))).toBe('invalid');
    expect(verdict(lock({}, {...broken, modifiedAt: NOW - 1_000}))).toBe('unknown');
  });

  test('a lock that cannot be read is listed as unknown', () => {
    const trouble = {
      path: `${home}/.runtime/agent.lock`,
      worker: worker(PATH, 'gastown', 'crew', 'max'),
      rig: 'gastown',
      because: 'permission denied',
    };
    const town = townRecord({records: {lockTroubles: [trouble]}});
    const {snapshot, fleet} = worldOf({towns: [town]});
    expect(identifyLocks(snapshot, fleet, settings)).toMatchObject([{state: 'unknown', because: 'permission denied', agent: AGENT}]);
  });
});
