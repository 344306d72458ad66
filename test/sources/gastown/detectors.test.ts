// What the detectors of a town's own troubles say, and what they leave alone.

import {describe, expect, test} from 'vitest';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import type {Town, TownRecords} from '../../../src/core/domain/town.ts';
import {assess, emptyMemory} from '../../../src/core/judge/assess.ts';
import type {Detector} from '../../../src/core/judge/detect/detector.ts';
import {buildWorld} from '../../../src/core/judge/detect/world.ts';
import {crashedAgent} from '../../../src/sources/gastown/detect/crashed-agent.ts';
import {invalidLock} from '../../../src/sources/gastown/detect/invalid-lock.ts';
import {lockCollision} from '../../../src/sources/gastown/detect/lock-collision.ts';
import {isTownDaemon, orphanDaemon} from '../../../src/sources/gastown/detect/orphan-daemon.ts';
import {orphanedLock} from '../../../src/sources/gastown/detect/orphaned-lock.ts';
import {staleHeartbeat} from '../../../src/sources/gastown/detect/stale-heartbeat.ts';
import {staleLock} from '../../../src/sources/gastown/detect/stale-lock.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {townRecord, worker} from './town-record.ts';
import {NOW, settings as plain, process, session, type WorldFacts, worldOf} from './world-record.ts';

const PATH = '/home/u/gt';
const MINUTE = 60_000;
const settings: Settings = {...plain, runtimes: [{name: 'claude', processNames: ['claude'], scripts: [], args: []}]};

const detect = (detector: Detector, town: Town | null, facts: WorldFacts = {}) => {
  const {snapshot} = worldOf({...facts, towns: town === null ? [] : [town]});
  return [...detector.detect(buildWorld(snapshot, settings, SOURCES))];
};

const townWith = (records: Partial<TownRecords>): Town =>
  townRecord({rigs: {gastown: {prefix: 'gt', crew: ['max'], polecats: ['fury']}}, records});

const lockOf = (role: 'crew' | 'polecat', name: string, content: TownRecords['locks'][number]['content']): TownRecords['locks'][number] => {
  const holder = worker(PATH, 'gastown', role, name);
  return {path: `${holder.path}/.runtime/agent.lock`, worker: holder, rig: 'gastown', digest: 'd', content, modifiedAt: NOW - 600_000};
};

const taken = known({pid: 41_213, acquiredAt: NOW - 600_000, sessionId: '%7', hostname: 'box'});

describe('locks', () => {
  const locked = townWith({locks: [lockOf('crew', 'max', taken)]});

  test('stale: two looks, remedy, told by path and content', () => {
    expect(detect(staleLock, locked)).toMatchObject([
      {
        kind: 'stale-lock',
        subject: `lock:${PATH}/gastown/crew/max/.runtime/agent.lock`,
        proof: 'two-looks',
        remedies: ['clean-lock'],
        processes: [],
        rig: 'gastown',
        key: `stale-lock ${PATH}/gastown/crew/max/.runtime/agent.lock d`,
      },
    ]);
  });

  test('a reused pid is not among the processes of a stale lock', () => {
    const [found] = detect(staleLock, locked, {processes: [process(41_213, {agoMs: MINUTE})]});
    expect(found?.processes).toEqual([]);
  });

  test('its session in the town’s own socket holds it, dead pid or not', () => {
    const facts = {sessions: [session('gt-crew-max')], processes: [process(100)]};
    expect(detect(staleLock, locked, facts)).toEqual([]);
  });

  test('orphaned, collision and invalid ones offer nothing that would hurt', () => {
    expect(detect(orphanedLock, locked, {processes: [process(41_213, {comm: 'sh', argv: ['sh']})]})).toMatchObject([
      {kind: 'orphaned-lock', remedies: [], processes: [{pid: 41_213}]},
    ]);
    const both = {
      sessions: [session('gt-crew-max'), session('scratch', {server: 'default', pids: [200], paneId: 9})],
      processes: [process(100), process(200, {cwd: `${PATH}/gastown/crew/max`})],
    };
    expect(detect(lockCollision, locked, both)).toMatchObject([{kind: 'lock-collision', severity: 'high', remedies: []}]);
    expect(detect(invalidLock, townWith({locks: [lockOf('polecat', 'fury', unknown('the file is empty'))]}))).toMatchObject([
      {kind: 'invalid-lock', remedies: [], title: 'the lock of agent:gastown/fury cannot be understood'},
    ]);
  });

  test('nothing is said while a server is silent', () => {
    expect(detect(staleLock, locked, {silent: ['work']})).toEqual([]);
  });
});

describe('crashed-agent', () => {
  const working = townWith({heartbeats: known([{session: 'gt-fury', at: NOW - MINUTE, state: 'working', bead: 'gt-12'}])});

  test('the agent, with what says that it was at work', () => {
    expect(detect(crashedAgent, working)).toMatchObject([
      {subject: 'agent:gastown/fury', proof: 'two-looks', remedies: ['restart'], protectedBy: null},
    ]);
    expect(detect(crashedAgent, working)[0]?.evidence.map(each => each.fact)).toContain('said working on gt-12 at 2026-03-01T11:59:00Z');
  });

  test('crew is somebody’s', () => {
    const crew = townWith({heartbeats: known([{session: 'gt-crew-max', at: NOW - MINUTE, state: 'working', bead: null}])});
    expect(detect(crashedAgent, crew)).toMatchObject([{subject: 'agent:gastown/crew/max', protectedBy: {rule: 'crew', unlock: 'crew'}}]);
  });

  test('not while its session exists under an older name or on another socket', () => {
    const elsewhere = session('gt-gastown-fury', {server: 'default'});
    const facts = {sessions: [elsewhere], processes: [process(100, {cwd: `${PATH}/gastown/polecats/fury/gastown`})]};
    expect(detect(crashedAgent, working, facts)).toEqual([]);
  });
});

describe('stale-heartbeat', () => {
  const deacon = {sessions: [session('hq-deacon')], processes: [process(100)]};
  const spoke = (agoMs: number): Partial<TownRecords> => ({deaconHeartbeat: known({at: NOW - agoMs, cycle: 1, lastAction: null})});

  test('a living deacon, silent for twenty minutes', () => {
    expect(detect(staleHeartbeat, townWith(spoke(25 * MINUTE)), deacon)).toMatchObject([
      {subject: 'agent:home/deacon', remedies: [], title: 'the deacon of home has said nothing since 2026-03-01T11:35:00Z'},
    ]);
  });

  test.each([
    ['it waits for work', spoke(15 * MINUTE), deacon],
    ['it is paused', {...spoke(25 * MINUTE), deaconPaused: known({reason: null, by: null, at: null})}, deacon],
    ['the town is frozen', {...spoke(25 * MINUTE), estop: known({path: '', trigger: '', at: NOW, reason: ''})}, deacon],
    ['it has just started', spoke(25 * MINUTE), {...deacon, processes: [process(100, {agoMs: MINUTE})]}],
    ['it is not there', spoke(25 * MINUTE), {}],
  ])('not when %s', (_, records, facts) => {
    expect(detect(staleHeartbeat, townWith(records), facts)).toEqual([]);
  });

  test('a daemon that holds its lock and makes no rounds', () => {
    const daemon = {
      pid: known(70),
      pidWrittenAt: NOW,
      lockHolder: known(70),
      state: known({running: true, pid: 70, startedAt: null, lastHeartbeat: NOW - 30 * MINUTE}),
      restarts: known([]),
    };
    const world = {processes: [process(70, {comm: 'gt', argv: ['gt', 'daemon', 'run']})]};
    expect(detect(staleHeartbeat, townWith({daemon}), world)).toMatchObject([{subject: 'process:70'}]);
    expect(detect(staleHeartbeat, townWith({daemon: {...daemon, lockHolder: known(null)}}), world)).toEqual([]);
  });
});

describe('orphan-daemon', () => {
  const run = (pid: number, cwd?: string) =>
    process(pid, {comm: 'gt', argv: ['/usr/bin/gt', 'daemon', 'run'], env: known({}), ...(cwd === undefined ? {} : {cwd})});
  const daemonOf = (holder: TownRecords['daemon']['lockHolder'], pid: number | null = null): Partial<TownRecords> => ({
    daemon: {pid: known(pid), pidWrittenAt: null, lockHolder: holder, state: known(null), restarts: known([])},
  });

  test('told by the program and its words', () => {
    expect(isTownDaemon({argv: ['gt', 'daemon', 'run']})).toBe(true);
    expect(isTownDaemon({argv: ['vim', 'gt', 'daemon', 'run']})).toBe(false);
    expect(isTownDaemon({argv: ['sh', '-c', 'gt daemon run']})).toBe(false);
  });

  test('of our town, neither in its lock nor in its pid file', () => {
    expect(detect(orphanDaemon, townWith(daemonOf(known(71), 71)), {processes: [run(70, PATH), run(71, PATH)]})).toMatchObject([
      {subject: 'process:70', doubt: null, remedies: ['kill']},
    ]);
    expect(detect(orphanDaemon, townWith(daemonOf(known(null))), {processes: [run(70, PATH)]})).toMatchObject([{doubt: null}]);
  });

  test('never one that a town knows, nor a young one', () => {
    expect(detect(orphanDaemon, townWith(daemonOf(known(null), 70)), {processes: [run(70, PATH)]})).toEqual([]);
    expect(detect(orphanDaemon, townWith(daemonOf(known(70))), {processes: [run(70, PATH)]})).toEqual([]);
    expect(detect(orphanDaemon, townWith(daemonOf(known(null))), {processes: [{...run(70, PATH), bornMs: 35_999_000}]})).toEqual([]);
  });

  test('another town’s is unknown, and so is one whose lock cannot be looked up', () => {
    expect(detect(orphanDaemon, townWith(daemonOf(known(null))), {processes: [run(70, '/home/u/gt-other')]})).toMatchObject([
      {doubt: 'no town is known that it could belong to'},
    ]);
    expect(detect(orphanDaemon, townWith(daemonOf(unknown('macOS does not tell'))), {processes: [run(70, PATH)]})).toMatchObject([
      {doubt: 'macOS does not tell'},
    ]);
  });
});

test('an agent is called crashed after two looks, not before', () => {
  const town = townWith({heartbeats: known([{session: 'gt-fury', at: NOW - MINUTE, state: 'working', bead: 'gt-12'}])});
  const {snapshot} = worldOf({towns: [town]});
  const first = assess(snapshot, settings, emptyMemory, SOURCES);
  const stateIn = (of: typeof first) => of.assessment.fleet.agents.find(agent => agent.ref === 'agent:gastown/fury')?.state;
  expect(stateIn(first)).toBe('unknown');
  const later = {...snapshot, monotonicMs: snapshot.monotonicMs + 600, uptimeMs: snapshot.uptimeMs + 600};
  expect(stateIn(assess(later, settings, first.memory, SOURCES))).toBe('crashed');
});
