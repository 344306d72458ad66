import {describe, expect, it} from 'vitest';
import {paneMark} from '../../../src/core/domain/pane-mark.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {findLate, type Traces, traceTargets, withMembers} from '../../../src/core/plan/late.ts';
import {inPane, process, SOCKETS} from '../../support/world.ts';

const tableOf = (...processes: readonly Process[]): ReadonlyMap<number, Process> => new Map(processes.map(each => [each.pid, each]));

const BORN_MS = 100 * 3_600_000;
const system = [process(1, 0, 'init'), process(500, 1, ['systemd', '--user'], {comm: 'systemd'})];
const root = process(100, 500, 'node a.js');
const child = process(101, 100, 'node b.js', {pgid: 100, sid: 100});
const before = tableOf(...system, root, child);
const traces = traceTargets([root, child], before, [paneMark(`${SOCKETS}/default`, 700, '%1')]);

const found = (
  now: readonly Process[],
  {spared = [], lastAlive = 0, with: given = traces}: {spared?: readonly number[]; lastAlive?: number; with?: Traces} = {},
): readonly string[] =>
  findLate(given, {processes: tableOf(...system, ...now), spared: new Set(spared), lastAlive: () => lastAlive}).map(
    ({process: {pid}, how}) => `${pid} ${how}`,
  );

const young = {ageMs: 0};

describe('what belongs to targets and is none', () => {
  it('a child, and what is below it, while a target lives', () => {
    expect(found([root, process(200, 100, 'x', young), process(201, 200, 'y', young)])).toEqual(['200 late', '201 late']);
  });

  it('not below another process that has a target’s pid by now', () => {
    expect(found([{...root, startTime: 9}, process(200, 100, 'x', young)])).toEqual([]);
  });

  it('a member of their group or session while one of them is still in it, as a defunct entry too', () => {
    expect(found([{...child, ppid: 1}, process(200, 1, 'x', {pgid: 100, sid: 200, ...young})])).toEqual(['200 late']);
    expect(found([{...root, state: 'Z'}, process(200, 1, 'x', {pgid: 200, sid: 100, ...young})])).toEqual(['200 late']);
  });

  it('a member of their group that was born while one of them was seen alive', () => {
    const orphan = process(200, 1, 'x', {pgid: 100, ...young});
    expect(found([orphan], {lastAlive: BORN_MS + 20})).toEqual(['200 late']);
    expect(found([orphan], {lastAlive: BORN_MS - 1})).toEqual(['200 doubtful']);
  });

  it('not a group that another process leads by now', () => {
    const stranger = process(100, 500, 'psql', {startTime: 9, ...young});
    expect(found([stranger, process(200, 100, 'x', {pgid: 100, ...young})])).toEqual([]);
  });

  it('what was seen to be born of a target, wherever it is now, and what is below it', () => {
    const born = withMembers(traces, [], new Map([[200, 2000]]));
    const escaped = process(200, 1, 'x', young);
    expect(found([escaped, process(201, 200, 'y', young)], {with: born})).toEqual(['200 late', '201 late']);
    expect(found([{...escaped, startTime: 7}], {with: born})).toEqual([]);
  });

  it('what was started in a pane that ends', () => {
    expect(found([process(200, 1, 'x', {env: inPane('%1')}), process(201, 1, 'x', {env: inPane('%2')})])).toEqual(['200 escaped']);
  });

  it('nothing that was left out of the plan, nor below it', () => {
    expect(found([root, process(200, 100, 'vim', young), process(201, 200, 'sh', young)], {spared: [200]})).toEqual([]);
  });

  it('nothing defunct', () => {
    expect(found([root, process(200, 100, '', {state: 'Z', ...young})])).toEqual([]);
  });

  it('nobody in a group in which a bystander was from the start', () => {
    const shared = traceTargets([root, child], tableOf(...system, root, child, process(150, 500, 'tee', {pgid: 100})), []);
    expect(found([{...child, ppid: 1}, process(200, 1, 'x', {pgid: 100, ...young})], {with: shared})).toEqual([]);
  });
});
