import {describe, expect, it} from 'vitest';
import type {UnattendedView} from '../../src/store/supervisor-rows.ts';
import type {Unattended} from '../../src/ui/outside.ts';
import {watchSupervisor} from '../../src/ui/watch-supervisor.ts';
import {openScreen, type TestScreenOptions} from './context.ts';

const RESTART = {request: {action: 'restart', asked: ['agent:x/a']}, ref: 'agent:x/a', because: 'it crashed'} as const;
const KILL = {request: {action: 'kill', asked: ['finding:f-1'], force: false}, ref: 'process:7', because: 'it is left over'} as const;

const view = (over: Partial<UnattendedView> = {}): UnattendedView => ({
  pid: 70,
  stands: 'acts',
  because: null,
  proposals: [],
  notes: ['2026-11-20T10:00:00.000Z  did  restart agent:x/b: done'],
  ...over,
});

interface Told {
  readonly seen?: UnattendedView | null;
  readonly failed?: string;
  readonly without?: boolean;
}

/** A screen beside a supervisor that is a value. */
const beside = async ({seen = view(), failed, without = false, ...options}: Told & TestScreenOptions = {}) => {
  const controlRequests: string[] = [];
  let shown = seen;
  const unattended: Unattended = {
    describe: async () => (shown === null ? null : 'Supervisor 70: acts'),
    view: async () => shown,
    controlRequest: async what => {
      controlRequests.push(what);
      return failed ?? null;
    },
  };
  const screen = openScreen({...options, ...(without ? {} : {unattended})});
  watchSupervisor(screen.context);
  await screen.settle();
  const state = () => screen.store.getState();
  return {
    ...screen,
    controlRequests,
    said: () => state().toasts.map(({text}) => text),
    rows: () => state().visible.rigs.map(row => [row.badge.word, row.cells.name]),
    explained: () => state().explanation?.lines.map(({text}) => text) ?? [],
    top: () => state().overlays.at(-1)?.kind,
    becomes: (next: UnattendedView) => {
      shown = next;
    },
    change: async (next: UnattendedView | null) => {
      shown = next;
      screen.wait();
      await screen.settle();
    },
    run: async (id: string) => {
      screen.context.keymap.bindings.find(binding => binding.id === id)?.run(screen.context, 'Enter');
      await screen.settle();
    },
    reason: (id: string) => screen.context.keymap.bindings.find(binding => binding.id === id)?.disabledReason?.(screen.context) ?? null,
  };
};

describe('the supervisor in the palette', () => {
  it('is told to pause and to go on, and says of itself what it is at', async () => {
    const screen = await beside();
    await screen.run('supervisor');
    await screen.run('supervisor-pause');
    await screen.run('supervisor-resume');
    expect(screen.controlRequests).toEqual(['pause', 'resume']);
    expect(screen.said()).toEqual(['Supervisor 70: acts', 'The supervisor is paused.', 'The supervisor goes on.']);
  });

  it('says when there is none, and when it could not be told', async () => {
    const none = 'No supervisor with this configuration runs.';
    const screen = await beside({seen: null, failed: none});
    await screen.run('supervisor');
    await screen.run('supervisor-pause');
    expect(screen.said()).toEqual([none, none]);
  });

  it('is looked at, but not told anything by a screen that is read-only', async () => {
    const screen = await beside({readOnly: true});
    expect(screen.reason('supervisor')).toBeNull();
    expect(screen.reason('supervisor-resume')).toBe('read-only');
    expect((await beside({without: true})).reason('supervisor')).toBe('not available in this screen');
  });
});

describe('the supervisor among the rigs', () => {
  it('has a row that says how it stands, with what it proposes below it, and none where none runs', async () => {
    const screen = await beside({seen: view({stands: 'observes', proposals: [RESTART, KILL]})});
    expect(screen.rows().slice(-3)).toEqual([
      ['OBSERVES', 'supervisor'],
      ['RESTART?', 'x/a'],
      ['CLEAN-UP?', 'process:7'],
    ]);
    await screen.change(null);
    expect(screen.rows().some(([, name]) => name === 'supervisor')).toBe(false);
  });

  it('explains what it did and would do', async () => {
    const screen = await beside({seen: view({stands: 'halted', because: '5 deaths', proposals: [RESTART]})});
    await screen.press('1', 'G', 'k');
    expect(screen.explained()).toEqual(
      expect.arrayContaining(['HALTED: 5 deaths', 'restart agent:x/a: it crashed', expect.stringContaining('did  restart agent:x/b')]),
    );
    await screen.press('j');
    expect(screen.explained()).toEqual(expect.arrayContaining(['PROPOSED by supervisor 70', 'it crashed']));
  });

  it('stays when it died, says so, and points at no process: its pid may be another’s', async () => {
    const screen = await beside({seen: view({stands: 'died', because: 'process 70 died without stopping'})});
    await screen.press('1', 'G');
    expect(screen.rows().at(-1)).toEqual(['DIED', 'supervisor']);
    expect(screen.explained()).toEqual(
      expect.arrayContaining(['DIED: process 70 died without stopping', expect.stringContaining('did  restart')]),
    );
    expect(screen.store.getState().visible.rigs.at(-1)?.ref).toBe('supervisor');
  });

  it('draws nothing while it only looks on', async () => {
    const screen = await beside();
    const before = screen.store.getState();
    await screen.change(view());
    expect(screen.store.getState()).toBe(before);
  });

  it('is paused and let go on by Z on its row, which pauses the screen anywhere else', async () => {
    const screen = await beside();
    await screen.press('1', 'G', 'Z');
    await screen.change(view({stands: 'paused'}));
    await screen.press('Z');
    expect(screen.controlRequests).toEqual(['pause', 'go-on']);
    expect(screen.store.getState().paused).toBe(false);
    await screen.press('g', 'Z');
    expect(screen.controlRequests).toHaveLength(2);
    expect(screen.store.getState().paused).toBe(true);
  });

  it('is not let go on by a key where it halted itself, and told nothing by a read-only screen', async () => {
    const halted = await beside({seen: view({stands: 'halted', because: '5 deaths'})});
    await halted.press('1', 'G', 'Z');
    expect(halted.said().at(-1)).toContain('it is halted');
    const since = await beside({seen: view({stands: 'paused'})});
    await since.press('1', 'G');
    since.becomes(view({stands: 'halted', because: '5 deaths'}));
    await since.press('Z');
    expect(since.said().at(-1)).toContain('it is halted');
    expect(since.controlRequests).toEqual([]);
    const readOnly = await beside({readOnly: true});
    await readOnly.press('1', 'G', 'Z');
    expect(readOnly.said().at(-1)).toContain('read-only');
    expect([...halted.controlRequests, ...readOnly.controlRequests]).toEqual([]);
  });
});

describe('a proposal', () => {
  it('is told from another about the same process', async () => {
    const other = {...KILL, request: {...KILL.request, asked: ['finding:f-2']}};
    const screen = await beside({seen: view({stands: 'observes', proposals: [KILL, other]})});
    await screen.press('1', 'G', 'p');
    expect(screen.requests).toEqual([other.request]);
  });

  it.each([RESTART, KILL])('opens an ordinary plan, which is answered like any other: $request.action', async proposal => {
    const screen = await beside({seen: view({stands: 'observes', proposals: [proposal]})});
    await screen.press('1', 'G', 'p');
    expect(screen.requests).toEqual([proposal.request]);
    expect(screen.top()).toBe('plan');
    await screen.press('p', 'Enter');
    expect(screen.performed).toEqual([]);
    await screen.press('p', 'y');
    expect(screen.performed).toHaveLength(1);
  });

  it('is not approved in a read-only screen, nor anything where nothing is proposed', async () => {
    const readOnly = await beside({readOnly: true, seen: view({proposals: [RESTART]})});
    await readOnly.press('1', 'G', 'p');
    const screen = await beside({seen: view({proposals: [RESTART]})});
    await screen.press('1', 'G', 'k', 'p');
    expect([...readOnly.requests, ...screen.requests]).toEqual([]);
    expect(screen.said().at(-1)).toContain('choose what a supervisor proposes');
  });

  it('cannot be stopped, flushed or marked by its row', async () => {
    const screen = await beside({seen: view({proposals: [KILL]})});
    await screen.press('1', 'G', 'x', 'f', 'X', 'Space', 'k', 'x', 'f', 'X', 'Space', 'r');
    expect(screen.requests).toEqual([]);
    expect(screen.store.getState().marks.size).toBe(0);
  });
});
