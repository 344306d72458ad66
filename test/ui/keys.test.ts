import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {selectedRow, topOverlay} from '../../src/store/state.ts';
import {helpEntries, hintsOf, paletteEntries} from '../../src/ui/actions/overlay-content.ts';
import {paste} from '../../src/ui/dispatch.ts';
import {decodeKeys, functionKeys, isKeyName, typedBy} from '../../src/ui/key-events.ts';
import {checkKeys, createKeymap, describeKeymap} from '../../src/ui/keymap.ts';
import type {Outside} from '../../src/ui/outside.ts';
import {fuzzyScore, searchPalette} from '../../src/ui/palette.ts';
import {buildFleet, finding} from '../store/fleet.ts';
import {openScreen} from './context.ts';

describe('input becomes keys', () => {
  test.each([
    ['j', {}, ['j']],
    ['jjk', {}, ['j', 'j', 'k']],
    ['j\r', {}, ['j', 'Enter']],
    ['a b\tc', {}, ['a', 'Space', 'b', 'Tab', 'c']],
    ['日é', {}, ['日', 'é']],
    ['', {upArrow: true}, ['Up']],
    ['', {pageDown: true}, ['PgDn']],
    ['', {return: true}, ['Enter']],
    ['', {escape: true}, ['Esc']],
    ['', {tab: true}, ['Tab']],
    ['', {tab: true, shift: true}, ['Shift-Tab']],
    ['p', {ctrl: true}, ['^P']],
    ['\u0010', {}, ['^P']],
    ['x', {meta: true}, ['Esc', 'x']],
    ['', {}, []],
    ['j', {eventType: 'release'}, []],
  ] as const)('%j with %j is %j', (input, key, keys) => {
    expect(decodeKeys(input, key)).toEqual(keys);
  });

  test('function keys are found in the raw chunk, but never in pasted text', () => {
    expect(functionKeys('\u001b[20~')).toEqual(['F9']);
    expect(functionKeys('\u001bOPj\u001b[24~')).toEqual(['F1', 'F12']);
    expect(functionKeys('\u001b[200~a\u001b[20~b\u001b[201~')).toEqual([]);
    expect(functionKeys('\u001b[200~never closed \u001b[20~')).toEqual([]);
    expect(functionKeys('\u001b[5~\u001b[A')).toEqual([]);
  });

  test('whatever arrives becomes names that a config could hold, or nothing', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', maxLength: 12}), input => {
        expect(decodeKeys(input, {}).filter(name => !isKeyName(name))).toEqual([]);
      }),
    );
  });

  test('only characters are typed into a text', () => {
    expect(['x', 'Space', '日'].map(typedBy)).toEqual(['x', ' ', '日']);
    expect(['Enter', '^P', 'F9', 'Up', 'Esc'].map(typedBy)).toEqual([null, null, null, null, null]);
  });
});

describe('keys typed fast', () => {
  test('each do what they would do alone', () => {
    const screen = openScreen();
    screen.chunk('j', 'j', 'k', '4', 'j');
    expect(screen.store.getState().focus).toBe('orphans');
    expect(selectedRow(screen.store.getState())?.ref).toBe('f-2');
  });

  test('into the filter are its text, q and x included', () => {
    const screen = openScreen();
    screen.chunk('4', '/', 'q', 'x', 'Backspace', 'Backspace', 'v', 'i', 't', 'e', 'Enter', 'j');
    expect(screen.store.getState().filter).toBe('vite');
    expect(screen.exits.count).toBe(0);
    expect(selectedRow(screen.store.getState())?.ref).toBe('f-1');
  });

  test('Esc takes the filter back to what it was, Tab completes it', () => {
    const screen = openScreen();
    screen.chunk('/', 'r', 'i', 'g', ':', 'b', 'Tab');
    expect(screen.store.getState().filter).toBe('rig:billing');
    screen.chunk('Esc');
    expect(screen.store.getState().filter).toBe('');
  });

  test('behind one that opened something are dropped', () => {
    const screen = openScreen();
    screen.chunk('?', 'q', 'q');
    expect(screen.store.getState().overlays.map(overlay => overlay.kind)).toEqual(['help']);
    expect(screen.exits.count).toBe(0);
  });
});

describe('pasted text', () => {
  test('is never keys', () => {
    const screen = openScreen();
    paste(screen.context, 'x\ry\rq');
    expect(screen.requests).toEqual([]);
    expect(screen.exits.count).toBe(0);
  });

  test('goes into the filter on one line', () => {
    const screen = openScreen();
    screen.chunk('/');
    paste(screen.context, 'vite\r\nesbuild\u001b[2J');
    expect(screen.store.getState().filter).toBe('vite esbuild [2J');
  });
});

describe('moving about', () => {
  test('q and ^C quit; ^C closes what is on top first', async () => {
    const screen = openScreen();
    await screen.press('?', '^C');
    expect([screen.store.getState().overlays.length, screen.exits.count]).toEqual([0, 0]);
    await screen.press('^C', 'q');
    expect(screen.exits.count).toBe(2);
  });

  test('Enter on a rig goes to its agents and on into Explain; Esc comes out the same way and never quits', async () => {
    const screen = openScreen();
    screen.store.change(() => ({filter: 'c'}));
    await screen.press('1', 'Enter');
    expect(screen.store.getState()).toMatchObject({filter: 'rig:checkout', focus: 'agents'});
    await screen.press('Enter');
    expect(screen.store.getState()).toMatchObject({filter: 'rig:checkout', focus: 'explain'});
    await screen.press('Esc');
    expect(screen.store.getState()).toMatchObject({filter: 'rig:checkout', focus: 'agents'});
    await screen.press('Esc');
    expect(screen.store.getState()).toMatchObject({filter: 'c', focus: 'rigs'});
    await screen.press('Esc', 'Esc', 'Esc');
    expect(screen.store.getState()).toMatchObject({filter: '', focus: 'rigs'});
    expect(screen.exits.count).toBe(0);
  });

  test('who has gone elsewhere meanwhile is not taken back to the rigs: Esc clears the filter', async () => {
    const screen = openScreen();
    await screen.press('1', 'Enter', '4', '3', 'Esc');
    expect(screen.store.getState()).toMatchObject({filter: '', focus: 'agents'});
  });

  test('Esc comes out of a text and of a zoom, whichever way it was gone into', async () => {
    const screen = openScreen();
    await screen.press('4', 'z', '6');
    expect(screen.context.layout().panels).toHaveProperty('journal');
    await screen.press('Esc');
    expect(screen.store.getState()).toMatchObject({focus: 'orphans', zoomed: true});
    expect(Object.keys(screen.context.layout().panels)).toEqual(['orphans']);
    await screen.press('Esc');
    expect(screen.store.getState()).toMatchObject({focus: 'orphans', zoomed: false});
    await screen.press('z', 'z');
    expect(screen.store.getState().zoomed).toBe(false);
  });

  test('a key orders the list by what it is about, once more the other way round, and shows its top', async () => {
    const screen = openScreen();
    await screen.press('4', 'G', 'M');
    const state = screen.store.getState();
    expect(state.sorting.orphans).toEqual({by: 'memory', inverted: false});
    expect(selectedRow(state)?.key).toBe(state.visible.orphans[0]?.key);
    await screen.press('G', 'M');
    expect(screen.store.getState().sorting.orphans).toEqual({by: 'memory', inverted: true});
    expect(selectedRow(screen.store.getState())?.key).toBe(screen.store.getState().visible.orphans[0]?.key);
    await screen.press('S', '1', 'M');
    expect(screen.store.getState().sorting).toMatchObject({orphans: {by: 'severity', inverted: false}, rigs: {by: 'severity'}});
    expect(screen.store.getState().toasts.at(-1)?.text).toBe('M does nothing now: rigs cannot be ordered by memory');
  });

  test('the palette begins with what can be done now', async () => {
    const screen = openScreen();
    const reasons = paletteEntries(screen.context, '').flatMap(({target, reason}) => ('action' in target ? [reason !== null] : []));
    expect(reasons).toContain(true);
    expect(reasons.lastIndexOf(false)).toBeLessThan(reasons.indexOf(true));
  });

  test('r says at once that what is left over cannot be started again', async () => {
    const [screen, other] = [openScreen(), openScreen()];
    await screen.press('4', 'g', 'r');
    expect(screen.requests).toEqual([{action: 'restart', asked: ['f-5']}]);
    await other.press('4', 'g', 'j', 'r');
    expect(selectedRow(other.store.getState())?.ref).toBe('f-2');
    expect(other.store.getState().toasts.at(-1)?.text).toBe('r does nothing now: only agents and services can be restarted');
    expect(other.requests).toEqual([]);
  });

  test('o leads from a verdict to its agent by name, where nothing runs any more, and back', async () => {
    const fleet = buildFleet();
    const crashed = finding('f-8', 'agent:checkout/max', {kind: 'crashed-agent', remedies: ['restart']});
    const gone = fleet.fleet.agents.map(each =>
      each.ref === 'agent:checkout/max' ? {...each, state: 'crashed' as const, session: null, process: null} : each,
    );
    const screen = openScreen({fleet: {...fleet, fleet: {...fleet.fleet, agents: gone}, findings: [crashed]}});
    await screen.press('4', 'g', 'o');
    expect(selectedRow(screen.store.getState())?.ref).toBe('agent:checkout/max');
    await screen.press('o');
    expect(selectedRow(screen.store.getState())?.ref).toBe('f-8');
  });

  test('the tree of rigs cannot be turned round, and a group of it has no command of its own', async () => {
    const screen = openScreen();
    const said = (): string | undefined => screen.store.getState().toasts.at(-1)?.text;
    await screen.press('1', 'I');
    expect(said()).toBe('I does nothing now: rigs keep the order of their tree');
    expect(screen.store.getState().sorting.rigs.inverted).toBe(false);
    await screen.press('G', 'c');
    expect(selectedRow(screen.store.getState())?.ref).toBe('');
    expect(said()).toBe('c does nothing now: it stands for several things: choose one of them');
  });

  test('o goes round between a slot, its holder and the verdict', async () => {
    const screen = openScreen();
    await screen.press('2', 'o');
    expect(selectedRow(screen.store.getState())?.ref).toBe('agent:search/ida');
    await screen.press('o');
    expect(screen.store.getState().subjectPanel).toBe('orphans');
    expect(selectedRow(screen.store.getState())?.ref).toBe('f-5');
  });

  test('o takes no session for a service that happens to have its name', async () => {
    const fleet = buildFleet();
    const [first, ...others] = fleet.snapshot.servers;
    const sessions = (first?.sessions ?? []).map(each => (each.name === 'notes' ? {...each, name: 'web'} : each));
    const servers = first === undefined ? [] : [{...first, sessions}, ...others];
    const screen = openScreen({fleet: {...fleet, snapshot: {...fleet.snapshot, servers}}});
    const isLed = async (): Promise<boolean> => {
      const before = screen.store.getState().subjectPanel;
      await screen.press('o');
      return screen.store.getState().subjectPanel !== before;
    };
    await screen.press('3', '/', ...'session:web', 'Enter');
    expect(selectedRow(screen.store.getState())?.ref).toBe('session:default/web');
    expect(await isLed()).toBe(false);
  });

  test('the sort menu orders the list it was opened on', async () => {
    const screen = openScreen();
    await screen.press('3', 's', 'j', 'Enter');
    expect(screen.store.getState().sorting.agents).toEqual({by: 'name', inverted: false});
    await screen.press('I');
    expect(screen.store.getState().sorting.agents).toEqual({by: 'name', inverted: true});
  });

  test('Z pauses, and looks at once when it goes on', async () => {
    const screen = openScreen();
    await screen.press('Z');
    expect([screen.store.getState().paused, screen.refreshes.count]).toEqual([true, 0]);
    await screen.press('Z');
    expect([screen.store.getState().paused, screen.refreshes.count]).toEqual([false, 1]);
  });

  test('c copies the selection as a command, the marked as a stop', async () => {
    const screen = openScreen();
    await screen.press('3', 'c', '4', 'A', 'c');
    expect(screen.copied).toEqual(['rigtop explain agent:search/ida', 'rigtop kill f-5 f-2 f-1']);
  });
});

/** The fleet with one agent that asks something. */
const asking = (): Assessment => {
  const fleet = buildFleet();
  const agents = fleet.fleet.agents.map(agent =>
    agent.ref === 'agent:search/ida' ? {...agent, hint: {state: 'asks', since: null, text: 'Go on?', source: 'screen'} as const} : agent,
  );
  return {...fleet, fleet: {...fleet.fleet, agents}};
};

describe('the palette', () => {
  test('does an action by name, with its reasons', async () => {
    const screen = openScreen();
    await screen.press(':', 'p', 'r', 'o', 'b', 'l', 'e', 'm', 's', 'Enter');
    expect(screen.store.getState().problemsOnly).toBe(true);
    expect(paletteEntries(screen.context, 'force-stop')[0]?.reason).toMatch(/try x first/);
  });

  test('goes to an agent by name', async () => {
    const screen = openScreen();
    await screen.press('^P', ...'bob', 'Enter');
    expect(selectedRow(screen.store.getState())?.ref).toBe('agent:billing/bob');
  });

  test('finds agents by what they do, and verdicts by their word; moving needs no name', () => {
    const screen = openScreen({fleet: asking()});
    const notes = (query: string) => paletteEntries(screen.context, query).map(({note}) => note);
    for (const query of ['wait', 'asks', 'question']) {
      expect(notes(query)[0]).toMatch(/^agents {2}ASKS/);
    }
    expect(notes('zombie')[0]).toContain('ZOMBIE');
    const titles = paletteEntries(screen.context, '').map(({title}) => title);
    expect(titles.filter(title => /^(down|up|top|bottom|page-|next-panel|open|back) /.test(title))).toEqual([]);
    expect(titles[0]).toMatch(/^panel-rigs/);
  });

  test('changes the colours while the screen runs', async () => {
    const screen = openScreen();
    await screen.press(':', ...'theme high', 'Enter');
    expect(screen.themes).toEqual(['high-contrast']);
  });

  test('an action that opens a plan still has to be answered by itself', async () => {
    const screen = openScreen();
    screen.chunk(':', ...'cleanup', 'Enter', 'y', 'y');
    await screen.settle();
    expect(screen.requests).toEqual([{action: 'cleanup', asked: []}]);
    expect(screen.performed).toEqual([]);
  });

  test('prefers letters that stand together and at the beginning of words', () => {
    const entries = ['checkout/crew/max', 'max', 'mark-all', 'matrix'].map(title => ({
      title,
      note: '',
      reason: null,
      target: {action: title},
    }));
    expect(searchPalette(entries, 'max').map(entry => entry.title)).toEqual(['max', 'checkout/crew/max', 'matrix']);
    expect(searchPalette(entries, 'ma').map(entry => entry.title)[0]).toBe('max');
    expect(fuzzyScore('xyz', 'abc')).toBeNull();
    expect(fuzzyScore('', 'abc')).not.toBeNull();
  });
});

describe('the registry', () => {
  test('binds no key twice in a scope', () => {
    expect(checkKeys({})).toEqual([]);
  });

  test('every action that opens a plan is told from moving by a key of its own, and says what it does', () => {
    const dangerous = describeKeymap().filter(binding => binding.dangerous);
    expect(dangerous.map(({id, keys}) => `${id} ${keys.join(' ')}`)).toEqual([
      'stop x',
      'force-stop X',
      'restart r',
      'flush f',
      'cleanup C',
      'approve p',
    ]);
    expect(dangerous.every(({title}) => title.endsWith('shows the plan first'))).toBe(true);
  });

  test('no destructive Ctrl-letter, no Delete, no Backspace', () => {
    const keys = describeKeymap()
      .filter(binding => binding.dangerous || binding.id === 'confirm')
      .flatMap(binding => binding.keys);
    expect(keys.filter(key => key.startsWith('^') || key === 'Delete' || key === 'Backspace')).toEqual([]);
  });

  test('keys can be rebound and unbound', async () => {
    const screen = openScreen({keys: {stop: ['F9'], quit: []}});
    await screen.press('q', 'x');
    expect([screen.exits.count, screen.requests.length]).toEqual([0, 0]);
    await screen.press('F9');
    expect(screen.requests).toHaveLength(1);
    expect(hintsOf(screen.context).map(hint => hint.label)).not.toContain('quit');
  });

  test.each([
    [{nonsense: ['x']}, 'there is no action "nonsense"'],
    [{stop: ['ctrl-x']}, '"ctrl-x" is not a key (write x, G, ^P, Space, Enter, PgUp, F9)'],
    [{stop: ['j']}, 'j is bound to down too'],
    [{quit: ['^L']}, '^L is bound to redraw too'],
    [{confirm: ['x']}, 'x may not carry a plan out: it opens or closes one'],
    [{confirm: ['n']}, 'n belongs to cancel in every plan, and to nothing else'],
    [{confirm: ['F9'], 'copy-plan': ['y']}, 'y belongs to confirm in every plan, and to nothing else'],
    [{confirm: ['F9'], interrupt: ['y']}, 'y belongs to confirm in every plan, and to nothing else'],
    [{cancel: ['F11'], unlock: ['Esc']}, 'Esc belongs to cancel in every plan, and to nothing else'],
    [{cancel: ['F11'], redraw: ['n']}, 'n belongs to cancel in every plan, and to nothing else'],
    [{confirm: ['F9'], cancel: ['y']}, 'y belongs to confirm in every plan, and to nothing else'],
    [{confirm: ['Enter']}, 'Enter may not carry a plan out: it opens or closes one'],
  ])('%j is a fault of the config', (settings, problem) => {
    expect(checkKeys(settings).map(each => each.problem)).toContain(problem);
  });

  test('Esc, n and Enter cancel a plan whatever a configuration says', async () => {
    const screen = openScreen({keys: {cancel: ['F11'], quit: ['F12'], stop: ['q']}});
    for (const key of ['Esc', 'n', 'Enter', 'F11']) {
      await screen.press('q');
      expect(topOverlay(screen.store.getState())?.kind).toBe('plan');
      await screen.press(key);
      expect(screen.store.getState().overlays).toEqual([]);
    }
    expect(screen.performed).toEqual([]);
  });

  test('help lists every key of the panels and says why some do nothing now', () => {
    const screen = openScreen({readOnly: true});
    const help = helpEntries(screen.context);
    expect(help.find(entry => entry.keys === 'x')?.reason).toMatch(/read-only/);
    expect(help.find(entry => entry.keys === 'j Down')?.reason).toBeNull();
    expect(hintsOf(screen.context).map(hint => hint.key)).not.toContain('x');
  });

  test('the footer names no key for what is not there, and holds still under a filter', () => {
    const screen = openScreen({outside: {} as Outside});
    const keys = (): readonly string[] => hintsOf(screen.context).map(hint => hint.key);
    const all = keys();
    expect(all).toEqual(['a', 'n', 'd', 'l', 'x', '/', 'z', ':', 'r', 'C', 'f', 'Space', 'Tab', 'e', '?', 'q']);
    screen.chunk('/', 'n', 'o', 'n', 'e', 'Enter');
    expect(keys()).toEqual(all);
    const {view} = screen.store.getState();
    screen.store.change(() => ({view: {...view, agents: []}}));
    expect(keys()).toEqual(['d', 'x', '/', 'z', ':', 'r', 'C', 'f', 'Space', 'Tab', 'e', '?', 'q']);
    screen.store.change(() => ({view: {...view, rigs: [], ports: [], agents: [], orphans: []}}));
    expect(keys()).toEqual(['z', ':', 'Tab', '?', 'q']);
  });

  test('the keys of the product are bound to what they do', () => {
    const {find} = createKeymap();
    const ids = ['j', 'k', 'g', 'G', 'PgUp', '1', '6', 'Tab', 'Enter', 'Esc', '/', ':', '^P', '?', 'd', 'Space', 'U', 'A', 's', 'I', 'Z'];
    expect(ids.map(key => find('panels', key)?.id ?? key)).toEqual([
      ...[
        'down',
        'up',
        'top',
        'bottom',
        'page-up',
        'panel-rigs',
        'panel-journal',
        'next-panel',
        'open',
        'back',
        'filter',
        'palette',
        'palette',
      ],
      ...['help', 'explain', 'mark', 'clear-marks', 'mark-all', 'sort', 'invert', 'pause'],
    ]);
    expect(['R', '^R', '^L', 'x', 'X', 'r', 'f', 'C', 'a', 'l', 'c', 'e', 'J', 'q', '^C'].map(key => find('panels', key)?.id)).toEqual([
      ...[
        'refresh',
        'refresh',
        'redraw',
        'stop',
        'force-stop',
        'restart',
        'flush',
        'cleanup',
        'attach',
        'peek',
        'copy',
        'problems',
        'journal',
      ],
      ...['quit', 'interrupt'],
    ]);
  });

  test('a town has no reference that c could copy; its rigs have', async () => {
    const fleet = buildFleet();
    const [rig, ...rigs] = fleet.fleet.rigs;
    const inTown = rig === undefined ? [] : [{...rig, town: 'home'}];
    const screen = openScreen({fleet: {...fleet, fleet: {...fleet.fleet, rigs: [...inTown, ...rigs]}}});
    await screen.press('1', 'g', 'c');
    expect(screen.copied).toEqual([]);
    expect(screen.store.getState().toasts.at(-1)?.text).toContain('choose one of them');
    await screen.press('j', 'c');
    expect(screen.copied).toEqual(['rigtop explain rig:checkout']);
  });

  test.each(['?', ':', '/', 's', 'x'])('no key of the panels stands in the footer while %s has the keys', async key => {
    const screen = openScreen();
    expect(hintsOf(screen.context)).not.toEqual([]);
    await screen.press(key);
    await screen.settle();
    expect(hintsOf(screen.context)).toEqual([]);
    screen.chunk('^C');
    expect(hintsOf(screen.context)).not.toEqual([]);
  });

  test('an overlay takes the keys: nothing of the panels works under it', async () => {
    const screen = openScreen();
    await screen.press('?', 'x', 'C');
    expect(screen.requests).toEqual([]);
    expect(topOverlay(screen.store.getState())?.kind).toBe('help');
  });
});
