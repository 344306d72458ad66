// zellij sessions in the fleet: their agents are agents, their servers are untouchable, and what cannot be told is not acted on.
import {describe, expect, it} from 'vitest';
import type {Server, Session} from '../../../src/core/domain/multiplexer.ts';
import {isRefusal} from '../../../src/core/domain/plan.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {heldBy} from '../../../src/core/domain/session-server.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {asSession} from '../../../src/core/look/named-multiplexers/session-listing.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, type LookFacts, later, look, pane, process, server, settings} from '../../support/world.ts';

const HOLDER = process(40, 1, ['zellij', '--server', '/run/z/work'], {comm: 'zellij', sid: 39});
const SHELL = process(41, 40, 'bash', {tty: 'pts/4', sid: 41});
const AGENT = process(42, 41, 'claude --continue', {tty: 'pts/4', sid: 41, pgid: 42});

const held = (more: Partial<Session> = {}): Session => ({
  ...asSession('zellij', 'zellij', 'work', [pane('41', 41, {tty: 'pts/4', windowId: '41'})]),
  id: heldBy(HOLDER),
  ...more,
});

const zellij = (...sessions: readonly Session[]): Server =>
  server('zellij', sessions, {kind: 'zellij', socket: 'zellij', pid: null, version: null});

const seen = (session: Session, processes: readonly Process[] = [HOLDER, SHELL, AGENT], more: Pick<LookFacts, 'self'> = {}): Snapshot =>
  look({...more, servers: [server('default', []), zellij(session)], processes});

const judged = (snapshot: Snapshot) => assessAll([snapshot, later(snapshot, 2_000)]).assessment;

const planned = (snapshot: Snapshot, asked: readonly string[] = ['session:zellij/work'], unlocks: readonly 'attached'[] = []) =>
  makePlan({action: 'kill', asked, unlocks}, judged(snapshot), settings, {id: 'p', now: snapshot.takenAt, sources: SOURCES});

const ruleOf = (...given: Parameters<typeof planned>): string => {
  const plan = planned(...given);
  return isRefusal(plan) ? plan.rule : `ends ${plan.targets.map(({pid}) => pid).join(' ')}`;
};

describe('a zellij session', () => {
  it('holds the agent that runs in it', () => {
    expect(judged(seen(held())).fleet.agents).toMatchObject([{state: 'running', runtime: 'claude', sessionRef: 'session:zellij/work'}]);
  });

  it('is planned with its trees, deepest first, and never with its server', () => {
    const plan = planned(seen(held()));
    expect(plan).toMatchObject({
      targets: [{pid: 42}, {pid: 41}],
      sessions: [{ref: 'session:zellij/work', id: heldBy(HOLDER), socket: 'zellij'}],
      irreversible: expect.arrayContaining(['the saved layout of session:zellij/work: it cannot be resurrected']),
    });
  });

  it('is refused while a client may be attached, until that is unlocked', () => {
    expect(ruleOf(seen(held({attached: 1})))).toBe('attached');
    expect(ruleOf(seen(held({attached: 1})), ['session:zellij/work'], ['attached'])).toBe('ends 42 41');
  });

  it('is refused when the process that holds it cannot be told, and so is what runs in it', () => {
    const unplaced = seen(asSession('zellij', 'zellij', 'work'));
    expect(ruleOf(unplaced)).toBe('unknown');
    expect(ruleOf(unplaced, ['process:42'])).toBe('unknown');
    expect(judged(unplaced).findings.filter(({certainty}) => certainty === 'sure')).toEqual([]);
  });

  it('is refused when rigtop runs in it', () => {
    const self = {...look().self, ancestors: [41, 40, 1]};
    expect(ruleOf(seen(held(), [HOLDER, SHELL, AGENT], {self}))).toBe('own-pane');
  });

  it('has no pane that could be closed by itself', () => {
    expect(ruleOf(seen(held()), ['pane:zellij/41'])).toBe('not-killable');
  });

  it('with several agents loses only the one that is asked for', () => {
    const shell = process(51, 40, 'bash', {tty: 'pts/5', sid: 51});
    const second = process(52, 51, 'codex', {tty: 'pts/5', sid: 51, pgid: 52});
    const both = held({panes: [pane('41', 41, {tty: 'pts/4', windowId: '41'}), pane('51', 51, {tty: 'pts/5', windowId: '51'})]});
    const snapshot = seen(both, [HOLDER, SHELL, AGENT, shell, second]);
    const refs = judged(snapshot).fleet.agents.map(({ref}) => ref);
    expect(refs).toHaveLength(2);
    expect(refs.map(ref => ruleOf(snapshot, [ref]))).toEqual(['ends 42', 'ends 52']);
  });

  it('of herdr with several agents loses the pane of the one that is asked for', () => {
    const holder = process(40, 1, 'herdr server --session work', {sid: 39});
    const second = process(51, 40, 'codex', {tty: 'pts/5', sid: 51});
    const panes = [pane('work/w1:p1', 41, {tty: 'pts/4', windowId: 'a'}), pane('work/w1:p2', 51, {tty: 'pts/5', windowId: 'b'})];
    const both = {...asSession('herdr', 'herdr', 'work', panes), id: heldBy(holder)};
    const herdr = server('herdr', [both], {kind: 'herdr', socket: 'herdr', pid: null});
    const snapshot = look({servers: [herdr], processes: [holder, SHELL, AGENT, second]});
    const refs = judged(snapshot).fleet.agents.map(({ref}) => ref);
    expect(refs.map(ref => ruleOf(snapshot, [ref]))).toEqual(['ends 42 41', 'ends 51']);
    expect(planned(snapshot, [refs[1] ?? ''])).toMatchObject({sessions: [], panes: [{paneId: 'work/w1:p2', session: {socket: 'herdr'}}]});
  });

  it('leaves its server alone, whoever asks', () => {
    expect(ruleOf(seen(held()), ['process:40'])).toBe('multiplexer');
  });
});
