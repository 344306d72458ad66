import {describe, expect, test} from 'vitest';
import {completeFilter, matchesFilter, parseFilter} from '../../src/store/filter.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import {visibleRows} from '../../src/store/visible-rows.ts';
import {buildFleet} from './fleet.ts';

const view = viewFleet(buildFleet(), EMPTY_VIEW);
const found = (filter: string): readonly string[] =>
  view.orphans.filter(row => matchesFilter(row, parseFilter(filter))).map(row => row.ref);

describe('filter', () => {
  test.each([
    ['', ['f-1', 'f-2', 'f-3', 'f-4', 'f-5']],
    ['vite', ['f-1', 'f-5']],
    ['VITE', ['f-1', 'f-5']],
    ['state:orphan', ['f-1', 'f-2', 'f-3']],
    ['state:orphan state:sure', ['f-1', 'f-2']],
    ['state:unknown', ['f-3']],
    ['port:3102', ['f-5']],
    ['port:310', []],
    ['rig:bill', ['f-1', 'f-4']],
    ['pid:7714', ['f-1']],
    ['kind:zombie', ['f-4']],
    ['-vite', ['f-2', 'f-3', 'f-4']],
    ['-state:orphan vite', ['f-5']],
    ['rig:', ['f-1', 'f-2', 'f-3', 'f-4', 'f-5']],
    ['nonsense:x', []],
    ['  vite   -rig:checkout ', ['f-1']],
  ])('%j finds %j', (filter, refs) => {
    expect(found(filter)).toEqual(refs);
  });

  test('completes keys, then values that exist', () => {
    expect(completeFilter('st', view.orphans)).toEqual(['state:']);
    expect(completeFilter('vite s', view.orphans)).toEqual(['vite state:', 'vite session:', 'vite server:', 'vite slot:']);
    expect(completeFilter('rig:b', view.orphans)).toEqual(['rig:billing']);
    expect(completeFilter('', view.orphans)).toEqual([]);
  });
});

describe('order', () => {
  const names = (sorting: Parameters<typeof visibleRows>[2]['sorting']): readonly string[] =>
    visibleRows('agents', view.agents, {terms: [], problemsOnly: false, sorting}).map(row => row.cells.name ?? '');

  test('most severe first, then by name', () => {
    expect(names({by: 'severity', inverted: false})).toEqual(['search/ida', 'billing/bob', 'checkout/max', 'notes']);
  });

  test('by any measure, and turned round', () => {
    expect(names({by: 'memory', inverted: false})[0]).toBe('checkout/max');
    expect(names({by: 'memory', inverted: true}).at(-1)).toBe('checkout/max');
    expect(names({by: 'name', inverted: false})).toEqual(['billing/bob', 'checkout/max', 'notes', 'search/ida']);
  });

  test('what stood in order before is taken on from there: the same order as from the beginning', () => {
    const rows = Array.from({length: 60}, (_, at) => ({
      ...view.agents[0],
      key: `row ${at}`,
      order: {...view.agents[0]?.order, severity: (at * 7) % 5, name: `name ${(at * 11) % 9}`},
    })) as typeof view.agents;
    for (const inverted of [false, true]) {
      const sorted = (some: typeof rows, before: typeof rows = []) =>
        visibleRows('agents', some, {terms: [], problemsOnly: false, sorting: {by: 'severity', inverted}}, before);
      for (const gap of [1, 2, 3, 7, 59]) {
        const [some, others] = [rows.filter((_, at) => at % gap === 0), rows.filter((_, at) => at % (gap + 1) !== 1).toReversed()];
        expect(sorted(others, sorted(some))).toEqual(sorted(others));
      }
    }
  });

  test('problems only leaves what is well away', () => {
    const rows = visibleRows('agents', view.agents, {terms: [], problemsOnly: true, sorting: {by: 'name', inverted: false}});
    expect(rows.map(row => row.cells.name)).toEqual(['billing/bob', 'search/ida']);
  });
});
