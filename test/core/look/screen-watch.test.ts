import {describe, expect, test} from 'vitest';
import type {ScreenReading} from '../../../src/core/domain/hint.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import type {WatchedPane} from '../../../src/core/look/read-pane-screen.ts';
import {createScreenWatch} from '../../../src/core/look/screen-watch.ts';
import type {Host} from '../../../src/core/os/host.ts';
import {SOURCES} from '../../../src/sources/sources.ts';

const NOW = Date.UTC(2026, 10, 20, 10);
const SECOND = 1000;
const LOOK = {screens: undefined, servers: [{socket: '/s/a', pid: 7}]} as unknown as Snapshot;

interface Shown {
  text: string;
  /** Seconds before NOW, and after it where negative. */
  writtenAgo?: number;
  attachedAgo?: number;
}

/** A machine whose tmux servers show what the test says. */
const open = (pulse: string | null = null) => {
  const screens = new Map<string, Shown>();
  const calls: string[] = [];
  let now = NOW;
  const host = {
    uid: 1000,
    epochMs: () => now,
    monotonicMs: () => now - NOW,
    pulses: {read: () => pulse, excuse: () => undefined},
    files: {inspect: async () => ({state: 'missing'}), realPath: async () => ({state: 'missing'})},
    run: async (_: string, words: readonly string[]) => {
      const socket = words[2] ?? '';
      calls.push(socket);
      const parts = words.flatMap((word, at) => {
        const id = words[at + 2] ?? '';
        const head = words[at + 4] === undefined || word !== 'display-message' ? null : (words[at + 4] ?? '');
        const shown = screens.get(`${socket} ${words[at + 3]}`);
        return head === null || shown === undefined || id !== '-t' ? [] : [{head, id: words[at + 3] ?? '', shown}];
      });
      const seconds = (ago: number | undefined): string => (ago === undefined ? '' : String(NOW / SECOND - ago));
      const stdout = parts
        .map(({head, id, shown}) =>
          `${head}\n${shown.text}\n`
            .replace('#{pane_id}', id)
            .replace('#{pane_width}', '80')
            .replace('#{window_activity}', seconds(shown.writtenAgo ?? 0))
            .replace('#{session_last_attached}', seconds(shown.attachedAgo)),
        )
        .join('');
      return {stdout, stderr: '', exitCode: 0, trouble: null};
    },
  } as unknown as Host;
  const watch = createScreenWatch(host, {
    sources: SOURCES,
    // The first word of a screen is what it says.
    read: ({lines, unchangedMs}) => {
      const [state = '', ...text] = (lines[0] ?? '').split(' ');
      return unchangedMs > 600_000 && state === 'busy'
        ? {state: 'stuck', text: null}
        : {state: state as ScreenReading['state'], text: text.join(' ') || null};
    },
  });
  const pane = (paneId: string, socket = '/s/a'): WatchedPane => ({socket, paneId, runtime: 'claude'});
  const read = async (...panes: readonly WatchedPane[]) => {
    const {screens: seen = []} = await watch.read(LOOK, () => panes);
    return new Map(
      seen.map(({paneId, state, since, text}) => [paneId, {state, text, ago: since === null ? null : (now - since) / SECOND}]),
    );
  };
  return {
    screens,
    calls,
    watch,
    pane,
    read,
    pass: (seconds: number) => {
      now += seconds * SECOND;
    },
  };
};

describe('screens of agents', () => {
  test('are read in one call per server, and again only after a while', async () => {
    const {screens, calls, pane, read, pass} = open();
    screens.set('/s/a %3', {text: 'asks Go on?'});
    screens.set('/s/a %10', {text: 'busy'});
    screens.set('/s/b %0', {text: 'idle'});
    const panes = [pane('%3'), pane('%10'), pane('%0', '/s/b')];
    const seen = await read(...panes);
    expect([...seen].map(([id, {state}]) => [id, state])).toEqual([
      ['%3', 'asks'],
      ['%10', 'busy'],
      ['%0', 'idle'],
    ]);
    expect(calls.toSorted()).toEqual(['/s/a', '/s/b']);
    pass(2);
    expect([...(await read(...panes)).keys()]).toEqual(['%3', '%10', '%0']);
    expect(calls).toHaveLength(2);
    pass(4);
    await read(...panes);
    expect(calls).toHaveLength(4);
  });

  test('of many servers take turns, the one that waited longest first', async () => {
    const {calls, pane, read, pass} = open();
    const panes = Array.from({length: 20}, (_, at) => pane('%0', `/s/${at}`));
    for (let each = 0; each < 3; each += 1) {
      await read(...panes);
      pass(1);
    }
    expect(new Set(calls).size).toBe(20);
    expect(calls).toHaveLength(20);
  });

  test('that stand still are read less often', async () => {
    const {screens, calls, pane, read, pass} = open();
    screens.set('/s/a %3', {text: 'idle'});
    for (let each = 0; each < 20; each += 1) {
      await read(pane('%3'));
      pass(5);
    }
    expect(calls.length).toBeGreaterThan(9);
    expect(calls.length).toBeLessThan(16);
  });

  test('of a server that has not run since are what they were: it is not asked, and the time goes on', async () => {
    const {screens, calls, pane, read, pass} = open('the same');
    screens.set('/s/a %3', {text: 'busy'});
    for (let each = 0; each < 125; each += 1) {
      await read(pane('%3'));
      pass(5);
    }
    expect((await read(pane('%3'))).get('%3')?.state).toBe('stuck');
    // Two answers that agree are believed for half a minute.
    expect(calls.length).toBeLessThan(45);
  });

  test('of a pane that is gone are forgotten', async () => {
    const {screens, pane, read, pass} = open();
    screens.set('/s/a %3', {text: 'busy'});
    screens.set('/s/a %4', {text: 'busy'});
    await read(pane('%3'), pane('%4'));
    pass(6);
    expect([...(await read(pane('%3'))).keys()]).toEqual(['%3']);
  });
});

describe('since when', () => {
  test('at the first reading, as long as tmux knows that nothing was written', async () => {
    const {screens, pane, read} = open();
    screens.set('/s/a %3', {text: 'asks Go on?', writtenAgo: 90});
    expect((await read(pane('%3'))).get('%3')).toEqual({state: 'asks', text: 'Go on?', ago: 90});
  });

  test('goes on while the state does, of a question while it is the same one', async () => {
    const {screens, pane, read, pass} = open();
    screens.set('/s/a %3', {text: 'busy'});
    await read(pane('%3'));
    pass(6);
    screens.set('/s/a %3', {text: 'busy\nmore'});
    expect((await read(pane('%3'))).get('%3')).toMatchObject({state: 'busy', ago: 6});
    pass(6);
    screens.set('/s/a %3', {text: 'asks One?'});
    expect((await read(pane('%3'))).get('%3')).toMatchObject({state: 'asks', ago: 0});
    pass(6);
    expect((await read(pane('%3'))).get('%3')).toMatchObject({text: 'One?', ago: 6});
    pass(6);
    screens.set('/s/a %3', {text: 'asks Two?'});
    expect((await read(pane('%3'))).get('%3')).toMatchObject({text: 'Two?', ago: 0});
  });

  test('work that stands still is told with the time since which it does', async () => {
    const {screens, pane, read, pass} = open();
    screens.set('/s/a %3', {text: 'busy'});
    await read(pane('%3'));
    pass(601);
    expect((await read(pane('%3'))).get('%3')).toMatchObject({state: 'stuck', ago: 601});
  });
});

test('what was finished waits until somebody has attached since', async () => {
  const {screens, pane, read, pass} = open();
  screens.set('/s/a %3', {text: 'done All tests pass', writtenAgo: 60, attachedAgo: 300});
  expect((await read(pane('%3'))).get('%3')).toEqual({state: 'done', text: 'All tests pass', ago: 60});
  pass(6);
  screens.set('/s/a %3', {text: 'done All tests pass', writtenAgo: 60, attachedAgo: -3});
  expect((await read(pane('%3'))).get('%3')).toEqual({state: 'idle', text: 'All tests pass', ago: 66});
});
