import {describe, expect, test} from 'vitest';
import type {Agent} from '../../src/core/domain/agent.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {HintState} from '../../src/core/domain/hint.ts';
import {explainRow} from '../../src/store/explain-row.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import {selectedRow, topOverlay} from '../../src/store/state.ts';
import {createScreenStore} from '../../src/store/store.ts';
import {columnsOf, fitColumns, measureRows} from '../../src/ui/columns.ts';
import type {Outside, PaneTarget} from '../../src/ui/outside.ts';
import {headerLine} from '../../src/ui/panels/bars.ts';
import {keepTitle} from '../../src/ui/terminal-title.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {agent, buildFleet, pane, session} from '../store/fleet.ts';
import {openScreen, type TestScreen} from './context.ts';

const doing = (name: string, state: HintState, text: string | null = null): Agent => ({
  ...agent('shop', name, sessions[name] ?? null, {pane: `%${name.length}`}),
  hint: {state, since: null, text, source: 'screen'},
});

const sessions: Readonly<Record<string, ReturnType<typeof session>>> = {
  a: session('a', '$1', [pane('%1', 11)]),
  bb: session('bb', '$2', [pane('%9', 12, {active: true}), pane('%2', 13, {active: false})]),
};

const fleetOf = (...agents: readonly Agent[]): Assessment => {
  const fleet = buildFleet();
  const server = {...(fleet.snapshot.servers[0] as (typeof fleet.snapshot.servers)[number]), sessions: Object.values(sessions)};
  return {...fleet, findings: [], fleet: {...fleet.fleet, agents}, snapshot: {...fleet.snapshot, servers: [server]}};
};

const name = ({store}: TestScreen): string | undefined => selectedRow(store.getState())?.cells.name;

describe('n and N', () => {
  const agents = [doing('busy', 'busy'), doing('a', 'asks', 'Go on?'), doing('bb', 'done', 'All tests pass'), doing('idle', 'idle')];

  test('go to the next and the previous agent that needs a person, around the end, from any panel', async () => {
    const screen = openScreen({fleet: fleetOf(...agents)});
    await screen.press('4', 'n');
    expect([screen.store.getState().focus, name(screen)]).toEqual(['agents', 'shop/a']);
    await screen.press('n');
    expect(name(screen)).toBe('shop/bb');
    await screen.press('n');
    expect(name(screen)).toBe('shop/a');
    await screen.press('N');
    expect(name(screen)).toBe('shop/bb');
  });

  test('reach those that a filter hides', async () => {
    const screen = openScreen({fleet: fleetOf(...agents)});
    screen.store.change(() => ({filter: 'state:busy'}));
    await screen.press('n');
    expect([name(screen), screen.store.getState().filter]).toEqual(['shop/a', '']);
  });

  test('say so where nobody does', async () => {
    const screen = openScreen({fleet: fleetOf(doing('busy', 'busy'))});
    await screen.press('n');
    expect(screen.store.getState().toasts.at(-1)?.text).toBe('n does nothing now: no agent asks anything or has finished');
  });

  test('go from one pane that is looked at to the next, each the agent’s own', async () => {
    const read: PaneTarget[] = [];
    const outside: Outside = {
      capturePane: async target => {
        read.push(target);
        return {ok: true, text: 'text'};
      },
      wayBack: 'prefix d comes back',
      keepText: async () => null,
      isOwnServer: () => false,
      switchClient: async () => null,
      attach: () => null,
    };
    const screen = openScreen({fleet: fleetOf(...agents), outside});
    await screen.press('4', 'n', 'l');
    await screen.press('n');
    expect(read.map(({paneId}) => paneId)).toEqual(['%1', '%2']);
    expect([topOverlay(screen.store.getState())?.kind, screen.store.getState().overlays.length, name(screen)]).toEqual([
      'peek',
      1,
      'shop/bb',
    ]);
  });

  test('do nothing in what belongs to no agent', async () => {
    const screen = openScreen({fleet: fleetOf(...agents)});
    await screen.press('?', 'n');
    expect(topOverlay(screen.store.getState())?.kind).toBe('help');
  });
});

describe('who needs a person is told', () => {
  const header = (fleet: Assessment, width = 160): string => {
    const store = createScreenStore({readOnly: false});
    store.receive(fleet);
    const {view, paused, lateSeconds, refreshFailure, readOnly} = store.getState();
    return headerLine({view, paused, lateSeconds, refreshFailure, readOnly, looked: true}, width)
      .map(({text}) => text)
      .join('');
  };

  test('in the header, before what is wrong', () => {
    const line = header(fleetOf(doing('a', 'asks', 'Go on?'), doing('bb', 'done'), doing('busy', 'busy'), doing('idle', 'idle')));
    expect(line).toMatch(/NEED YOU 2: 1 asks, 1 done {2}BUSY 1 {2}IDLE 1/);
    expect(line).not.toContain('nothing wrong');
    expect(header(fleetOf(doing('busy', 'busy')))).toContain('nothing wrong');
  });

  test('in a narrow header before anything else but the mode', () => {
    expect(header(fleetOf(doing('a', 'asks')), 48)).toContain('NEED YOU 1: 1 asks');
    const fleet = {...buildFleet(), fleet: fleetOf(doing('a', 'asks'), doing('bb', 'done')).fleet};
    expect(header(fleet, 70)).toMatch(/^live {2}ASKS 1 {2}DONE 1 {2}WRONG-OWNER 1 {2}and 3 more +\[READ-WRITE\] {2}\?$/);
    const kinds = ['dead-pane', 'crashed-agent', 'stale-lock', 'wrong-port'] as const;
    const many = {...fleet, findings: [...fleet.findings, ...kinds.map(kind => ({...fleet.findings[0], id: kind, kind}))]} as Assessment;
    expect(header(many, 150)).toMatch(/^rigtop \S+ {2}live {2}\d+ rigs? {2}2 agents {2}ASKS 1 {2}DONE 1( {2}[A-Z-]+ \d){4} {2}and 4 more/);
    expect(header(many, 48)).toMatch(/^live ASKS 1 DONE 1 CRASHED 1 \+7 +\[READ-WRITE\] {2}\?$/);
    expect(header(fleet, 40)).toMatch(/^live ASKS 1 DONE 1 \+4 +\[READ-WRITE\] {2}\?$/);
  });

  test('in the rigs', () => {
    const store = createScreenStore({readOnly: false});
    const fleet = fleetOf(doing('a', 'asks', 'Go on?'), doing('bb', 'done'));
    const rig = {
      name: 'shop',
      origin: 'discovered',
      path: '/w/shop',
      provenance: 'found',
      town: null,
      operational: true,
      because: null,
    } as const;
    store.receive({...fleet, fleet: {...fleet.fleet, rigs: [rig]}});
    const row = store.getState().view.rigs.find(({cells}) => cells.name === 'shop');
    expect([row?.badge.word, row?.cells.needs]).toEqual(['ASKS 1', '1 asks, 1 done']);
  });

  test('in the title of the terminal, only where it changes, and the old one comes back', () => {
    const store = createScreenStore({readOnly: false});
    const written: string[] = [];
    const drop = keepTitle(store, text => written.push(text), 'xterm-256color');
    store.receive(fleetOf(doing('a', 'asks', 'One?')));
    store.receive(fleetOf(doing('a', 'asks', 'Two?')));
    store.receive(fleetOf(doing('a', 'busy')));
    drop();
    store.receive(fleetOf(doing('a', 'asks')));
    expect(written).toEqual([
      '\u001b[22;2t',
      '\u001b]2;rigtop\u0007',
      '\u001b]2;rigtop: 1 asks\u0007',
      '\u001b]2;rigtop\u0007',
      '\u001b[23;2t',
    ]);
    keepTitle(store, text => written.push(text), 'linux');
    expect(written).toHaveLength(5);
  });
});

test('what is wrong beside an agent is a mark, its state stays its own', () => {
  const store = createScreenStore({readOnly: false});
  const fleet = buildFleet();
  const [ida] = fleet.fleet.agents.filter(each => each.name === 'ida');
  const asking = {...(ida as Agent), hint: {state: 'asks', since: null, text: 'Do you want to proceed?', source: 'screen'}} as const;
  store.receive({...fleet, fleet: {...fleet.fleet, agents: fleet.fleet.agents.map(each => (each === ida ? asking : each))}});
  const row = store.getState().view.agents.find(each => each.ref === ida?.ref);
  expect(row?.badge).toEqual({word: 'ASKS !', tone: 'warning'});
  expect(row?.cells.why).toMatch(/^Do you want to proceed\? {3}! WRONG-OWNER /);
  expect(row?.fields.state).toEqual(['asks', 'wrong-owner', 'running']);
});

test('a rig says of each of its agents what it does, those that need a person first, and how many of them there are', () => {
  const agents = [doing('busy', 'busy'), doing('bb', 'done', 'All tests pass'), doing('a', 'asks', 'Go on?')];
  const rig = {
    name: 'shop',
    origin: 'discovered',
    path: '/w/shop',
    provenance: 'found',
    town: null,
    operational: true,
    because: null,
  } as const;
  const fleet = fleetOf(...agents);
  const shown = {...fleet, fleet: {...fleet.fleet, rigs: [rig]}};
  const [row] = viewFleet(shown, EMPTY_VIEW).rigs;
  const lines = row === undefined ? [] : explainRow(indexFleet(shown), row).lines.map(({text}) => text);
  expect(lines.slice(1, 4)).toEqual([
    'ASKS  agent:shop/a  Go on?',
    'DONE  agent:shop/bb  All tests pass',
    'BUSY  agent:shop/busy  it works',
  ]);
  const widths = measureRows(columnsOf('rigs', false), row === undefined ? [] : [row], {});
  const ids = (width: number): readonly string[] => fitColumns(columnsOf('rigs', false), width, widths).map(({id}) => id);
  expect([ids(28), ids(44), ids(110)]).toEqual([
    ['name', 'count', 'badge'],
    ['name', 'count', 'badge', 'needs'],
    ['name', 'count', 'badge', 'needs', 'why'],
  ]);
});
