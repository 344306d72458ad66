import {describe, expect, test} from 'vitest';
import {enterGroup, focusPanel, setFilter, sortBy, toggleZoom} from '../../src/store/changes.ts';
import {parseRemembered, rememberedOf, standAs} from '../../src/store/remembered.ts';
import {createScreenStore} from '../../src/store/store.ts';
import {buildFleet} from './fleet.ts';

const open = () => {
  const store = createScreenStore({readOnly: false});
  store.receive(buildFleet());
  return store;
};

const moved = () => {
  const store = open();
  for (const change of [focusPanel('orphans'), sortBy('memory'), sortBy('memory'), setFilter('state:orphan'), toggleZoom]) {
    store.change(change);
  }
  return store;
};

describe('what is remembered', () => {
  test('is panel, zoom, filter, orders and theme, and a new screen stands there', () => {
    const kept = rememberedOf(moved().getState(), 'light');
    expect(parseRemembered(JSON.stringify(kept))).toEqual(kept);
    const next = open();
    next.change(standAs(kept));
    expect(next.getState()).toMatchObject({
      focus: 'orphans',
      subjectPanel: 'orphans',
      zoomed: true,
      filter: 'state:orphan',
      sorting: {orphans: {by: 'memory', inverted: true}, agents: {by: 'severity', inverted: false}},
    });
    expect(rememberedOf(next.getState(), 'light')).toEqual(kept);
  });

  test('from inside a rig is the place before it', () => {
    const store = open();
    store.change(focusPanel('rigs'));
    store.change(setFilter('x'));
    const row = store.getState().view.rigs.find(({cells}) => cells.name === 'checkout');
    store.change((row && enterGroup(row)) ?? (() => ({})));
    expect(store.getState().focus).toBe('agents');
    expect(rememberedOf(store.getState(), null)).toMatchObject({panel: 'rigs', filter: 'x'});
  });

  const good = rememberedOf(moved().getState(), null);
  test.each([
    ['nothing', ''],
    ['half of it', JSON.stringify(good).slice(0, 60)],
    ['no object', '[1]'],
    ['another version', JSON.stringify({...good, schema: 'rigtop/screen@2'})],
    ['a panel that there is not', JSON.stringify({...good, panel: 'constructor'})],
    ['a filter that is none', JSON.stringify({...good, filter: {}})],
    ['an endless filter', JSON.stringify({...good, filter: 'x'.repeat(10_000)})],
    ['an order that the list has not', JSON.stringify({...good, sorting: {...good.sorting, ports: {by: 'memory', inverted: false}}})],
    ['orders of some lists only', JSON.stringify({...good, sorting: {agents: good.sorting.agents}})],
  ])('%s is none', (_, text) => {
    expect(parseRemembered(text)).toBeNull();
  });
});
