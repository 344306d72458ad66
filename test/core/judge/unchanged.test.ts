// A look that shows the same as one that was judged: judged anew, it would be told the same, over random machines.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Process} from '../../../src/core/domain/process.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {assess, emptyMemory} from '../../../src/core/judge/assess.ts';
import {isUnchanged, LONGEST_UNJUDGED_MS} from '../../../src/core/judge/unchanged.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {later, listener, look, pane, process, server, session} from '../../support/world.ts';
import {buildLiving, worldSpec} from '../living/living-world.ts';

const everybody = ({processes}: Snapshot): ReadonlySet<number> => new Set(processes.keys());

const withProcess = (snapshot: Snapshot, pid: number, change: (process: Process) => Process): Snapshot => ({
  ...snapshot,
  processes: new Map([...snapshot.processes].map(([key, each]) => [key, key === pid ? change(each) : each])),
});

test('of the same facts in other objects the same verdicts are made', () => {
  fc.assert(
    fc.property(
      worldSpec,
      fc.integer({min: 0, max: LONGEST_UNJUDGED_MS - 1}),
      fc.double({min: 0, max: 1.9, noNaN: true}),
      (spec, ms, cpu) => {
        const {snapshot, settings} = buildLiving(spec);
        const first = assess(snapshot, settings, emptyMemory, SOURCES);
        const settled = later(snapshot, settings.confirmGapMs + 1000);
        const second = assess(settled, settings, first.memory, SOURCES);
        const copy = structuredClone({processes: settled.processes, servers: settled.servers, listeners: settled.listeners});
        const processes = new Map([...copy.processes].map(([pid, each]) => [pid, {...each, cpu: (each.cpu ?? 0) + cpu}]));
        const again = later({...settled, ...copy, processes}, ms);
        expect(isUnchanged(settled, again, everybody(settled))).toBe(true);
        const told = (assessed: typeof second) =>
          assessed.assessment.findings.map(({id, certainty, remedies}) => [id, certainty, remedies]);
        expect(told(assess(again, settings, second.memory, SOURCES))).toEqual(told(second));
      },
    ),
    {numRuns: 300},
  );
});

describe('a look is another one', () => {
  const base = look({
    processes: [process(700, 1, 'tmux'), process(701, 700, 'claude'), process(900, 1, 'sleep 9')],
    servers: [server('default', [session('work', [pane('%1', 701)])])],
    listeners: [listener(4000, 701)],
  });
  const soon = later(base, 2000);
  const attended = new Set([701]);
  const unchanged = (now: Snapshot): boolean => isUnchanged(base, now, attended);

  test('not by itself', () => expect(unchanged(soon)).toBe(true));

  test.each<[string, Partial<Process>]>([
    ['an argument', {argv: ['codex']}],
    ['a parent', {ppid: 700}],
    ['a start', {startTime: 1}],
    ['a state', {state: 'Z'}],
    ['an owner', {uid: 1}],
    ['a removed directory', {cwdDeleted: true}],
    ['an environment', {env: {known: true, value: {GT_RIG: 'x'}}}],
    ['no memory', {rss: 0}],
  ])('by %s', (_, facts) => {
    expect(unchanged(withProcess(soon, 900, each => ({...each, ...facts})))).toBe(false);
  });

  test('by what is shown of who is attended to, and of nobody else', () => {
    expect(unchanged(withProcess(soon, 701, each => ({...each, cpu: 50})))).toBe(false);
    expect(unchanged(withProcess(soon, 900, each => ({...each, cpu: 50})))).toBe(true);
  });

  test('by one more process, another listener, another session, another boot, a source that fails', () => {
    expect(unchanged({...soon, processes: new Map([...soon.processes, [901, process(901, 1, 'sh')]])})).toBe(false);
    expect(unchanged({...soon, listeners: [listener(4001, 701)]})).toBe(false);
    expect(unchanged({...soon, servers: [server('default', [])]})).toBe(false);
    expect(unchanged({...soon, bootId: 'another'})).toBe(false);
    expect(unchanged({...soon, sources: [...soon.sources, {source: 'tmux', target: 'x', state: 'unknown', detail: 'x', tookMs: 0}]})).toBe(
      false,
    );
  });

  test('by time: after a while, after a clock that went back, and after a sleep', () => {
    expect(unchanged(later(base, LONGEST_UNJUDGED_MS))).toBe(false);
    expect(unchanged(later(base, -1))).toBe(false);
    expect(unchanged({...soon, uptimeMs: soon.uptimeMs + 3_600_000})).toBe(false);
  });
});
