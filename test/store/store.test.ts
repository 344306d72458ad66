import {describe, expect, test} from 'vitest';
import {finish} from '../../src/core/domain/finish.ts';
import {
  back,
  clearMarks,
  eligibleRows,
  focusNext,
  focusPanel,
  goTo,
  hiddenMarks,
  markAll,
  moveBy,
  moveToEnd,
  setFilter,
  setSorting,
  toggleMark,
} from '../../src/store/changes.ts';
import {addToast, closeOverlay, dropSeenToasts, openOverlay} from '../../src/store/overlays.ts';
import {LIST_PANELS} from '../../src/store/rows.ts';
import {selectedRow} from '../../src/store/state.ts';
import {createScreenStore, type ScreenStore} from '../../src/store/store.ts';
import {isUnattendedRow} from '../../src/store/supervisor-rows.ts';
import {buildFleet, buildPlan, finding, lookAgain} from './fleet.ts';

const open = (): ScreenStore => {
  const store = createScreenStore({readOnly: false});
  store.receive(buildFleet());
  store.change(() => ({touched: new Set(LIST_PANELS)}));
  return store;
};

const selected = (store: ScreenStore): string | undefined => selectedRow(store.getState())?.ref;

const counting = (store: ScreenStore): {count: number} => {
  const calls = {count: 0};
  store.subscribe(() => {
    calls.count += 1;
  });
  return calls;
};

const planOverlay = () =>
  openOverlay({
    kind: 'plan',
    run: {plan: buildPlan(1), openedAt: 0, phase: 'asking', progress: {}, outcome: null, failure: null},
    scroll: 0,
    endSeen: false,
    typed: '',
    leaving: false,
  });

describe('a look', () => {
  test('that changed nothing wakes nobody, yet is the newest', () => {
    const store = open();
    const calls = counting(store);
    const again = lookAgain(buildFleet());
    store.receive(again);
    expect(calls.count).toBe(0);
    expect(store.latest()).toBe(again);
  });

  test('that changed something wakes once', () => {
    const store = open();
    const calls = counting(store);
    store.receive({...buildFleet(), findings: []});
    expect(calls.count).toBe(1);
    expect(store.getState().visible.orphans).toEqual([]);
  });

  test('pauses after each of its rows, and until it is finished the one before is the newest', () => {
    const store = open();
    const calls = counting(store);
    const [before, next] = [store.latest(), {...buildFleet(), findings: [finding('f-9', 'process:1')]}];
    const work = store.receiving(next);
    let pauses = 0;
    while (work.next().done !== true) {
      pauses += 1;
      expect([store.latest(), calls.count]).toEqual([before, 0]);
    }
    const {ports, agents, orphans} = store.getState().view;
    expect(pauses).toBeGreaterThanOrEqual(ports.length + agents.length + orphans.length);
    expect([store.latest(), calls.count, orphans.map(({ref}) => ref)]).toEqual([next, 1, ['f-9']]);
  });

  test('that comes while a plan is opened in a pause is shown when the plan is closed', () => {
    const store = open();
    const shown = store.getState().view;
    const next = {...buildFleet(), findings: []};
    const work = store.receiving(next);
    work.next();
    store.change(planOverlay());
    finish(work);
    expect([store.latest(), store.getState().view]).toEqual([next, shown]);
    store.change(closeOverlay);
    expect(store.getState().view.orphans).toEqual([]);
  });

  test('is shown beside what a key changed in its last pause', () => {
    const store = open();
    const work = store.receiving({...buildFleet(), findings: []});
    let pauses = 0;
    while (work.next().done !== true) {
      pauses += 1;
    }
    const again = open();
    const same = again.receiving({...buildFleet(), findings: []});
    for (let pause = 0; pause < pauses; pause += 1) {
      same.next();
    }
    again.change(setFilter('ida'));
    finish(same);
    const {filter, visible, view} = again.getState();
    expect([filter, visible.agents.map(({ref}) => ref), view.orphans]).toEqual(['ida', ['agent:search/ida'], []]);
  });

  test('is shown with what came of the supervisor in a pause', () => {
    const store = open();
    const work = store.receiving({...buildFleet(), findings: []});
    work.next();
    store.attend({pid: 70, stands: 'acts', because: null, proposals: [], notes: []});
    finish(work);
    const {rigs, orphans} = store.getState().view;
    expect([rigs.some(isUnattendedRow), orphans]).toEqual([true, []]);
  });

  test('a change that changes nothing wakes nobody', () => {
    const store = open();
    store.change(() => ({}));
    const calls = counting(store);
    store.change(focusPanel('agents'));
    store.change(moveBy(-1));
    store.change(setFilter(''));
    expect(calls.count).toBe(0);
  });
});

describe('a selection', () => {
  test('is an identity: it follows its row to another place', () => {
    const store = open();
    store.change(focusPanel('orphans'));
    store.change(moveBy(1));
    expect(selected(store)).toBe('f-2');
    const fleet = lookAgain(buildFleet());
    store.receive({...fleet, findings: [finding('f-0', 'process:1', {severity: 'high'}), ...fleet.findings]});
    expect(selected(store)).toBe('f-2');
  });

  test('stays at the top, where the worst comes to stand, until a key is pressed', () => {
    const store = createScreenStore({readOnly: false});
    const fleet = buildFleet();
    store.receive({...fleet, findings: fleet.findings.slice(0, 2)});
    store.receive(fleet);
    expect(selectedRow(store.getState(), 'orphans')?.ref).toBe('f-5');
    store.change(() => ({touched: new Set(LIST_PANELS)}));
    const worse = finding('f-0', 'process:1', {kind: 'mass-death', severity: 'high'});
    store.receive({...fleet, findings: [worse, ...fleet.findings]});
    expect(selectedRow(store.getState(), 'orphans')?.ref).toBe('f-5');
  });

  test('whose thing is gone passes to the row that took its place', () => {
    const store = open();
    store.change(focusPanel('orphans'));
    store.change(moveBy(1));
    const fleet = lookAgain(buildFleet());
    store.receive({...fleet, findings: fleet.findings.filter(each => each.id !== 'f-2')});
    expect(selected(store)).toBe('f-4');
    store.receive({...fleet, findings: []});
    expect(selected(store)).toBeUndefined();
  });

  test('stops at both ends, and jumps to them', () => {
    const store = open();
    store.change(moveBy(-5));
    expect(selected(store)).toBe('agent:search/ida');
    store.change(moveBy(500));
    expect(selected(store)).toBe('session:default/notes');
    store.change(moveToEnd('top'));
    expect(selected(store)).toBe('agent:search/ida');
  });

  test('is kept for each panel, and Explain explains the list that had the focus last', () => {
    const store = open();
    store.change(moveToEnd('bottom'));
    store.change(focusPanel('orphans'));
    store.change(focusPanel('explain'));
    expect(store.getState().explanation?.ref).toBe('f-5');
    store.change(focusPanel('agents'));
    expect(selected(store)).toBe('session:default/notes');
  });

  test('of a list that no key was pressed in is not the user’s yet; going to a row makes it so', () => {
    const store = createScreenStore({readOnly: false});
    store.receive(buildFleet());
    store.change(goTo('orphans', 'finding f-1'));
    expect(selectedRow(store.getState())?.ref).toBe('f-1');
  });

  test('goes to a row that a filter hides by clearing the filter', () => {
    const store = open();
    store.change(setFilter('claude'));
    const key = store.getState().view.orphans[0]?.key ?? '';
    store.change(goTo('orphans', key));
    expect(store.getState().filter).toBe('');
    expect(selected(store)).toBe('f-1');
  });
});

describe('panels', () => {
  test('turn in a ring', () => {
    const store = open();
    const turn = Array.from({length: 6}, () => {
      store.change(focusNext(1));
      return store.getState().focus;
    });
    expect(turn).toEqual(['orphans', 'explain', 'journal', 'rigs', 'ports', 'agents']);
    store.change(focusNext(-1));
    expect(store.getState().focus).toBe('ports');
  });

  test('of text scroll instead of choosing', () => {
    const store = open();
    store.change(focusPanel('explain'));
    store.change(moveBy(3));
    expect(store.getState().explainScroll).toBe(3);
    store.change(moveToEnd('top'));
    expect(store.getState().explainScroll).toBe(0);
  });
});

describe('marks', () => {
  test('move on to the next row, and never take a barred one', () => {
    const store = open();
    store.change(focusPanel('orphans'));
    for (let press = 0; press < 5; press += 1) {
      store.change(toggleMark);
      store.change(moveBy(store.getState().marks.size > press ? 0 : 1));
    }
    expect([...store.getState().marks.values()].map(mark => mark.ref)).toEqual(['f-5', 'f-2', 'f-1']);
  });

  test('all eligible: sure, with a remedy, of this list, and visible', () => {
    const store = open();
    store.change(focusPanel('orphans'));
    expect(eligibleRows(store.getState()).map(row => row.ref)).toEqual(['f-5', 'f-2', 'f-1']);
    store.change(setFilter('-vite'));
    store.change(markAll);
    expect([...store.getState().marks.values()].map(mark => mark.ref)).toEqual(['f-2']);
  });

  test('say how many a filter hides, die with their targets and are cleared', () => {
    const store = open();
    store.change(focusPanel('orphans'));
    store.change(markAll);
    store.change(setFilter('claude'));
    expect(hiddenMarks(store.getState())).toBe(2);
    const fleet = lookAgain(buildFleet());
    store.receive({...fleet, findings: fleet.findings.filter(each => each.id !== 'f-1')});
    expect([...store.getState().marks.values()].map(mark => mark.ref)).toEqual(['f-5', 'f-2']);
    store.change(clearMarks);
    expect(store.getState().marks.size).toBe(0);
  });
});

describe('Esc', () => {
  test('clears the filter, then the marks, then problems-only, and then does nothing', () => {
    const store = open();
    store.change(focusPanel('orphans'));
    store.change(markAll);
    store.change(setFilter('vite'));
    store.change(() => ({problemsOnly: true}));
    const seen = Array.from({length: 4}, () => {
      store.change(back);
      const {filter, marks, problemsOnly} = store.getState();
      return [filter, marks.size, problemsOnly];
    });
    expect(seen).toEqual([
      ['', 3, true],
      ['', 0, true],
      ['', 0, false],
      ['', 0, false],
    ]);
  });
});

describe('while a plan is open', () => {
  test('rows stay where they are; the newest look shows when it closes', () => {
    const store = open();
    store.change(planOverlay());
    const before = store.getState().visible;
    store.receive({...buildFleet(), findings: []});
    expect(store.getState().visible).toBe(before);
    store.change(closeOverlay);
    expect(store.getState().visible.orphans).toEqual([]);
  });
});

describe('order and messages', () => {
  test('a list keeps its own order', () => {
    const store = open();
    store.change(setSorting('agents', {by: 'name', inverted: false}));
    expect(store.getState().visible.agents[0]?.ref).toBe('agent:billing/bob');
    expect(store.getState().visible.orphans[0]?.ref).toBe('f-5');
  });

  test('messages are gone once a key was pressed', () => {
    const store = open();
    store.change(addToast({id: 1, text: 'no', tone: 'error'}));
    store.change(dropSeenToasts);
    expect(store.getState().toasts).toEqual([]);
  });
});
