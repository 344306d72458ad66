// Attaching to zellij and herdr, which take a name, and zellij its beginning too: only to the session that was selected.
import {describe, expect, test} from 'vitest';
import {type Session, sessionKey} from '../../src/core/domain/multiplexer.ts';
import type {AttachTarget, PaneTarget} from '../../src/ui/outside.ts';
import {agent, buildFleet, finding, pane, session} from '../store/fleet.ts';
import {openScreen} from './context.ts';

const zellij = (name: string, id = '40@400'): Session =>
  session(name, id, [pane('41', 41)], {kind: 'zellij', socket: 'zellij', server: 'zellij', created: 0});

const fleetWith = (sessions: readonly Session[], state: 'ok' | 'unknown' = 'ok') => {
  const {snapshot, fleet} = buildFleet();
  return buildFleet({
    snapshot: {
      ...snapshot,
      servers: [{kind: 'zellij', name: 'zellij', socket: 'zellij', state, because: '', pid: null, version: null, sessions}],
    },
    fleet: {...fleet, agents: sessions.map(each => agent('checkout', 'max', each, {sessionRef: `session:zellij/${each.name}`}))},
    findings: [],
    services: [],
  });
};

const open = (selected: Session, later: () => ReturnType<typeof fleetWith> | string) => {
  const attached: AttachTarget[] = [];
  const screen = openScreen({
    fleet: fleetWith([selected]),
    outside: {
      capturePane: async () => ({ok: false, because: 'not asked'}),
      wayBack: 'prefix d comes back',
      keepText: async () => null,
      isOwnServer: () => false,
      switchClient: async () => null,
      attach: target => {
        attached.push(target);
        return null;
      },
    },
  });
  screen.context.loop.refreshNow = async () => {
    const seen = later();
    if (typeof seen === 'string') {
      screen.store.change(() => ({refreshFailure: seen}));
    } else {
      screen.store.receive(seen);
    }
  };
  return {screen, attached, toast: () => screen.store.getState().toasts.at(-1)?.text ?? ''};
};

test('of a pane that is dead its own output is looked at, not that of the agent beside it', async () => {
  const asked: PaneTarget[] = [];
  const beside = session('shop-2', '$1', [
    {...pane('%2', 60), active: true},
    {...pane('%4', 61), dead: true},
  ]);
  const fleet = buildFleet();
  const subject = `pane:${beside.server}/%4`;
  const dead = finding('f-dead', subject, {kind: 'dead-pane', session: sessionKey(beside), processes: [], remedies: []});
  const servers = [
    {
      kind: 'tmux' as const,
      name: beside.server,
      socket: beside.socket,
      state: 'ok' as const,
      because: '',
      pid: null,
      version: null,
      sessions: [beside],
    },
  ];
  const screen = openScreen({
    fleet: buildFleet({snapshot: {...fleet.snapshot, servers}, findings: [dead]}),
    outside: {
      capturePane: async target => {
        asked.push(target);
        return {ok: false, because: 'not asked'};
      },
      wayBack: 'prefix d comes back',
      keepText: async () => null,
      isOwnServer: () => false,
      switchClient: async () => null,
      attach: () => null,
    },
  });
  await screen.press('4', 'l');
  expect(asked).toMatchObject([{paneId: '%4', socket: beside.socket}]);
});

describe('attaching to a zellij session looks again first', () => {
  test('and attaches to the one that is still there, once', async () => {
    const {screen, attached} = open(zellij('work'), () => fleetWith([zellij('work'), zellij('work-2', '50@500')]));
    screen.chunk('3', 'a');
    screen.chunk('a');
    await screen.settle();
    expect(attached).toMatchObject([{socket: 'zellij', name: 'work', sessionId: '40@400'}]);
  });

  test.each([
    ['only one whose name begins with its own is left', () => fleetWith([zellij('work-2', '50@500')])],
    ['another has its name now', () => fleetWith([zellij('work', '50@500')])],
    ['it was renamed', () => fleetWith([zellij('work-2')])],
    ['nothing is left', () => fleetWith([])],
    ['zellij does not answer', () => fleetWith([], 'unknown')],
    ['the look fails', () => 'EMFILE'],
  ])('and attaches to nothing when %s', async (_, later) => {
    const {screen, attached, toast} = open(zellij('work'), later);
    await screen.press('3', 'a');
    expect(attached).toEqual([]);
    expect(toast()).toMatch(/^Could not attach: /);
    expect(screen.store.getState().planning).toBe(false);
  });

  test('and takes no terminal from what was opened meanwhile', async () => {
    const {screen, attached, toast} = open(zellij('work'), () => {
      screen.chunk('?');
      return fleetWith([zellij('work')]);
    });
    await screen.press('3', 'a');
    expect(attached).toEqual([]);
    expect(toast()).toMatch(/^Could not attach: /);
  });
});
