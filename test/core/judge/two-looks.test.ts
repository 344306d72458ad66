// Memory between looks: when a suspicion becomes sure, what starts the count again, and mass death.

import {describe, expect, test} from 'vitest';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {assess, emptyMemory, needsSecondLook} from '../../../src/core/judge/assess.ts';
import {findingIds} from '../../../src/core/judge/finding-id.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {
  assessAll,
  facts,
  inPane,
  later,
  look,
  ofKind,
  pane,
  process,
  server,
  session,
  settings,
  silentServer,
  verdicts,
} from '../../support/world.ts';

const orphan = process(5000, 1, 'vite', {env: inPane('%12')});
const one = look({processes: [orphan]});
const clean = look();
const helpersAfter = (...looks: readonly Snapshot[]): readonly string[] => verdicts(assessAll(looks).assessment.findings, 'orphan-helper');
const SURE = ['sure process:5000'];
const UNKNOWN = ['unknown process:5000'];

describe('two looks', () => {
  test('one look is no proof, and says what it waits for', () => {
    const {assessment, memory} = assessAll([one]);
    expect(assessment.findings).toMatchObject([{certainty: 'unknown', remedies: []}]);
    expect(facts(assessment.findings[0])).toContain('not certain: seen in one look so far');
    expect(needsSecondLook(memory)).toBe(true);
  });

  test('sure at the gap, not before', () => {
    expect(helpersAfter(one, later(one, 499))).toEqual(UNKNOWN);
    expect(helpersAfter(one, later(one, 500))).toEqual(SURE);
    expect(helpersAfter(one, later(one, 300), later(one, 600))).toEqual(SURE);
    expect(needsSecondLook(assessAll([one, later(one, 500)]).memory)).toBe(false);
  });

  test('an interruption starts the count again', () => {
    expect(helpersAfter(one, later(clean, 600), later(one, 1_200))).toEqual(UNKNOWN);
  });

  test('a recycled pid is another thing', () => {
    const reborn = look({processes: [process(5000, 1, 'vite', {env: inPane('%12'), startTime: 77})]});
    expect(helpersAfter(one, later(reborn, 600))).toEqual(UNKNOWN);
  });

  test('a look without an answer is no look at an absence', () => {
    const silent = look({processes: [orphan], servers: [silentServer('default')]});
    expect(helpersAfter(one, later(silent, 600))).toEqual(UNKNOWN);
    expect(helpersAfter(silent, later(one, 600))).toEqual(UNKNOWN);
    expect(helpersAfter(silent, later(one, 600), later(one, 1_200))).toEqual(SURE);
  });

  test('a suspended machine, another boot, a clock that runs backwards, a very long pause', () => {
    expect(helpersAfter(one, {...later(one, 600), uptimeMs: one.uptimeMs + 3_600_000})).toEqual(UNKNOWN);
    expect(helpersAfter(one, {...later(one, 600), bootId: 'boot-2'})).toEqual(UNKNOWN);
    expect(helpersAfter(one, {...later(one, 600), monotonicMs: one.monotonicMs - 1})).toEqual(UNKNOWN);
    expect(helpersAfter(one, later(one, 3_600_000))).toEqual(UNKNOWN);
    expect(helpersAfter(one, later(one, 3_600_000), later(one, 3_600_600))).toEqual(SURE);
  });

  test('the wall clock plays no part', () => {
    expect(helpersAfter(one, {...later(one, 600), takenAt: one.takenAt - 86_400_000})).toEqual(SURE);
  });

  test('nothing hangs on a second look when nothing is suspected, or nothing could become sure', () => {
    expect(needsSecondLook(assessAll([clean]).memory)).toBe(false);
    const blind = look({sources: [{source: 'tmux', target: 'work', state: 'unknown', detail: 'timed out', tookMs: 2_000}]});
    expect(needsSecondLook(assessAll([blind]).memory)).toBe(false);
    expect(needsSecondLook(emptyMemory)).toBe(false);
  });

  test('a blind spot is unknown for ever', () => {
    const source = {source: 'tmux', target: 'work', state: 'unknown', detail: 'timed out', hint: 'SIGCONT to 4711', tookMs: 2_000} as const;
    const blind = look({sources: [source]});
    const [finding] = assessAll([blind, later(blind, 600), later(blind, 1_200)]).assessment.findings;
    expect(finding).toMatchObject({kind: 'blind-spot', certainty: 'unknown', subject: 'source:tmux/work', remedies: []});
    expect(facts(finding)).toContain('SIGCONT to 4711');
  });

  test('a defunct child is shown only when it stays; many of one parent are one finding', () => {
    const defunct = (pid: number) => process(pid, 4000, [], {comm: 'node', state: 'Z'});
    const parent = process(4000, 890, 'vite', {tty: 'pts/90'});
    const few = look({processes: [parent, defunct(4001)]});
    expect(assessAll([few]).assessment.findings).toEqual([]);
    const [finding] = assessAll([few, later(few, 600)]).assessment.findings;
    expect(finding).toMatchObject({kind: 'defunct-process', certainty: 'sure', subject: 'process:4001', remedies: []});
    expect(finding?.title).toContain('its parent vite 4000');
    const many = look({processes: [parent, ...[4001, 4002, 4003, 4004].map(defunct)]});
    expect(assessAll([many, later(many, 600)]).assessment.findings.map(each => each.processes.length)).toEqual([4]);
    const others = look({processes: [process(4001, 1, [], {comm: 'x', state: 'Z', uid: 0})]});
    expect(assessAll([others, later(others, 600)]).assessment.findings).toEqual([]);
  });
});

describe('mass death', () => {
  const panes = [1, 2, 3, 4].map(n => pane(`%${n}`, 4000 + n));
  const sessions = panes.map((each, index) => session(`s${index}`, [each]));
  const agents = panes.map(each => process(each.pid, 700, 'claude', {tty: each.tty, cwd: '/w/shop'}));
  const helper = process(5000, 1, 'vite', {env: inPane('%2')});
  const alive = look({servers: [server('default', sessions)], processes: [...agents, helper]});
  const dead = look({servers: [server('default', [])], processes: [helper]});
  const gone = look({servers: [server('default', [], {state: 'absent', pid: null, because: 'no server running'})], processes: [helper]});

  test('all sessions of a server in one look: everything from that look is unknown', () => {
    for (const after of [dead, gone]) {
      const {assessment, memory} = assessAll([alive, later(after, 600)]);
      expect(verdicts(assessment.findings, 'mass-death')).toEqual(['unknown source:processes/agents', 'unknown source:tmux/default']);
      expect(verdicts(assessment.findings, 'orphan-helper')).toEqual(UNKNOWN);
      expect(assessment.findings.every(each => each.remedies.length === 0)).toBe(true);
      expect(needsSecondLook(memory)).toBe(true);
    }
  });

  test('two fresh looks afterwards make sure, and the notice stays for a while', () => {
    const looks = [alive, later(dead, 600), later(dead, 1_200), later(dead, 1_800)];
    expect(helpersAfter(...looks.slice(0, 3))).toEqual(UNKNOWN);
    expect(helpersAfter(...looks)).toEqual(SURE);
    expect(ofKind(assessAll(looks).assessment.findings, 'mass-death')).toHaveLength(2);
    expect(ofKind(assessAll([...looks, later(dead, 11 * 60_000)]).assessment.findings, 'mass-death')).toEqual([]);
  });

  test('more than half of at least three agents, though the sessions stay', () => {
    const shells = look({
      servers: [server('default', sessions)],
      processes: agents.map((each, index) =>
        index === 0 ? each : {...each, argv: ['-bash'], comm: 'bash', startTime: each.startTime + 1},
      ),
    });
    expect(verdicts(assessAll([alive, later(shells, 600)]).assessment.findings, 'mass-death')).toEqual(['unknown source:processes/agents']);
  });

  test('a server that falls silent is a blind spot, not a death; and its sessions are remembered', () => {
    const silent = later(look({servers: [silentServer('default')], processes: agents}), 600);
    expect(ofKind(assessAll([alive, silent]).assessment.findings, 'mass-death')).toEqual([]);
    expect(verdicts(assessAll([alive, silent, later(dead, 1_200)]).assessment.findings, 'mass-death')).toContain(
      'unknown source:tmux/default',
    );
  });

  test('a process table that cannot be read kills nobody', () => {
    const source = {source: 'processes', target: 'table', state: 'unknown', detail: 'EMFILE', tookMs: 1} as const;
    const blind: Snapshot = {...later(alive, 600), processes: new Map(), processesComplete: false, sources: [source]};
    const {assessment} = assessAll([alive, blind, later(blind, 600), later(blind, 1_200)]);
    expect(assessment.findings.map(each => `${each.certainty} ${each.kind}`)).toEqual(['unknown blind-spot']);
  });

  test('everyday life is no mass death: one session of four, a server’s only session, two agents of two', () => {
    const fewer = look({servers: [server('default', sessions.slice(1))], processes: agents.slice(1)});
    expect(ofKind(assessAll([alive, later(fewer, 600)]).assessment.findings, 'mass-death')).toEqual([]);
    const single = look({servers: [server('default', sessions.slice(0, 1))], processes: agents.slice(0, 1)});
    expect(ofKind(assessAll([single, later(clean, 600)]).assessment.findings, 'mass-death')).toEqual([]);
  });

  test('another boot is another world', () => {
    expect(ofKind(assessAll([alive, {...later(dead, 600), bootId: 'boot-2'}]).assessment.findings, 'mass-death')).toEqual([]);
  });
});

describe('ids and order', () => {
  test('stable while the thing is the same, hex, unlike for unlike things', () => {
    const first = assessAll([one]).assessment.findings[0]?.id;
    expect(first).toMatch(/^f-[0-9a-f]{8}$/);
    expect(assessAll([one, later(one, 600)]).assessment.findings[0]?.id).toBe(first);
    const ids = findingIds(Array.from({length: 20_000}, (_, index) => `orphan-process ${index}@${index}`));
    expect(new Set(ids.values()).size).toBe(20_000);
  });

  test('most severe first, sure before unknown, and the same order for the same facts', () => {
    const snapshot = look({
      processes: [orphan, process(4388, 1, 'claude', {env: inPane('%12')}), process(4389, 1, 'claude', {env: {}})],
      sources: [{source: 'botmux', target: 'store', state: 'unknown', detail: 'EACCES', tookMs: 1}],
    });
    const {findings} = assessAll([snapshot, later(snapshot, 600)]).assessment;
    expect(findings.map(each => `${each.severity} ${each.certainty} ${each.kind}`)).toEqual([
      'high sure orphan-process',
      'medium sure orphan-helper',
      'low unknown orphan-process',
      'low unknown blind-spot',
    ]);
    const reversed = {...snapshot, processes: new Map([...snapshot.processes].toReversed())};
    expect(assessAll([reversed, later(reversed, 600)]).assessment.findings.map(each => each.id)).toEqual(findings.map(each => each.id));
  });

  test('pure: the same look and memory give the same answer, and leave the memory as it was', () => {
    const {memory} = assessAll([one]);
    const before = structuredClone(memory);
    expect(assess(later(one, 600), settings, memory, SOURCES)).toEqual(assess(later(one, 600), settings, memory, SOURCES));
    expect(memory).toEqual(before);
  });
});
