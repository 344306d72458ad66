// Rows of other tools' stores: which missing session says that a row is dead, and everything that says it is not.
import {describe, expect, it} from 'vitest';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {Register, RegisterRow} from '../../../src/core/domain/register.ts';
import {heldBy} from '../../../src/core/domain/session-server.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {asSession} from '../../../src/core/look/named-multiplexers/session-listing.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {
  assessAll,
  facts,
  type LookFacts,
  later,
  look,
  ofKind,
  pane,
  process,
  server,
  session,
  settings,
  silentServer,
  verdicts,
} from '../../support/world.ts';

const NOW = look().takenAt;
const MINUTE_MS = 60_000;

const row = (id: string, more: Partial<RegisterRow> = {}): RegisterRow => ({
  id,
  title: null,
  status: 'active',
  active: true,
  seat: {kind: 'tmux', session: `bmx-${id}`, agent: null},
  usedAt: NOW - 10 * MINUTE_MS,
  worker: null,
  exempt: null,
  resumes: null,
  ...more,
});

const store = (rows: readonly RegisterRow[], more: Partial<Register> = {}): Register => ({
  store: 'botmux',
  file: '/d/sessions-a.json',
  rows: known(rows),
  close: ['botmux', 'delete', '{id}'],
  ...more,
});

const alive = session('bmx-alive', [pane('%1', 710)]);
/** The usual server, an hour and more old, with the session of the row `alive` on it. */
const HERE = [server('default', [alive])];
const OLD_SERVER = process(700, 1, ['tmux', 'new-session'], {comm: 'tmux: server', ageMs: 2 * 60 * MINUTE_MS});

const looked = (rows: readonly RegisterRow[], more: LookFacts = {}): Snapshot =>
  look({registers: [store([row('alive'), ...rows])], servers: HERE, ...more, processes: [OLD_SERVER, ...(more.processes ?? [])]});

const after = (...looks: readonly Snapshot[]) => assessAll(looks).assessment.findings;
const records = (...looks: readonly Snapshot[]) => verdicts(after(...looks), 'zombie-record');
const twice = (snapshot: Snapshot) => records(snapshot, later(snapshot, 2_000));

describe('a row whose session is missing', () => {
  const gone = looked([row('gone')]);

  it('is sure after two looks, named with its owner’s command, and has no remedy of rigtop’s', () => {
    const [finding] = ofKind(after(gone, later(gone, 2_000)), 'zombie-record');
    expect(finding).toMatchObject({certainty: 'sure', subject: 'record:botmux/gone', severity: 'low', remedies: []});
    expect(facts(finding)).toContain('botmux delete gone');
    expect(facts(finding)).toContain('alive is where it says');
  });

  it.each([
    ['a b; x', "its owner closes it: botmux delete 'a b; x'"],
    ["it's", "its owner closes it: botmux delete 'it'\\''s'"],
    ['--force', 'closing it is for botmux to do'],
    ['all', 'closing it is for botmux to do'],
    ['stopped', 'closing it is for botmux to do'],
  ])('with the id %s is offered a command that closes it alone, or none', (id, offer) => {
    const snapshot = looked([row(id)]);
    expect(facts(ofKind(after(snapshot, later(snapshot, 2_000)), 'zombie-record')[0])).toContain(offer);
  });

  it('cannot be planned for: nothing runs there', () => {
    const {assessment} = assessAll([gone, later(gone, 2_000)]);
    expect(
      makePlan({action: 'kill', asked: ['record:botmux/gone']}, assessment, settings, {id: 'x', now: NOW, sources: SOURCES}),
    ).toMatchObject({
      refused: true,
    });
    expect(makePlan({action: 'cleanup', asked: []}, assessment, settings, {id: 'x', now: NOW, sources: SOURCES})).toMatchObject({
      refused: true,
    });
  });

  it('tells what its owner may still do with it', () => {
    const resumable = looked([row('gone', {resumes: 'it will be started again'})]);
    expect(facts(ofKind(after(resumable, later(resumable, 2_000)), 'zombie-record')[0])).toContain('started again');
  });
});

describe('is not called dead', () => {
  it.each([
    ['closed', row('x', {active: false, status: 'closed'})],
    ['adopted, queued or suspended', row('x', {exempt: 'it is suspended'})],
    ['without a session of its own', row('x', {seat: null})],
    ['used after this server was started', row('x', {usedAt: NOW - 5 * 60 * MINUTE_MS})],
    ['used just now', row('x', {usedAt: NOW - 1_000})],
    ['there', row('x', {seat: {kind: 'tmux', session: 'bmx-alive', agent: null}})],
    ['of a multiplexer that does not run', row('x', {seat: {kind: 'zellij', session: 'bmx-x', agent: null}})],
  ])('a row that is %s', (_, each) => {
    expect(twice(looked([each]))).toEqual([]);
  });

  it('a row whose worker lives', () => {
    expect(twice(looked([row('x', {worker: 4711})], {processes: [process(4711, 1, 'node worker.js')]}))).toEqual([]);
    expect(twice(looked([row('x', {worker: 4711})]))).toEqual(['sure record:botmux/x']);
  });

  it('a row whose id a process still carries: its session was renamed', () => {
    expect(twice(looked([row('x')], {processes: [process(99, 1, 'claude', {env: {BOTMUX_SESSION_ID: 'x'}})]}))).toEqual([]);
  });

  it('a row whose name tmux took with other signs: it has `_` for `.` and `:`', () => {
    const servers = [server('default', [alive, session('shop_web_1', [pane('%2', 711)])])];
    expect(twice(looked([row('x', {seat: {kind: 'tmux', session: 'shop.web:1', agent: null}})], {servers}))).toEqual([]);
  });

  it('a row of whose store nothing was listed: that a process carries an id tells no place', () => {
    const carrier = process(99, 1, 'claude', {env: {BOTMUX_SESSION_ID: 'a'}});
    const snapshot = look({registers: [store([row('a'), row('b')])], servers: HERE, processes: [OLD_SERVER, carrier]});
    expect(twice(snapshot)).toEqual(['unknown record:botmux/*']);
  });

  it.each<[string, LookFacts]>([
    ['a server that does not answer beside the one that does', {servers: [...HERE, silentServer('other')]}],
    ['a dead server', {servers: [server('default', [], {state: 'absent', pid: null})]}],
    ['no server at all', {servers: []}],
    ['an incomplete process table', {processesComplete: false}],
    [
      'a socket directory that cannot be listed',
      {sources: [{source: 'tmux', target: '/tmp', state: 'unknown', detail: 'EACCES', tookMs: 1}]},
    ],
  ])('anything before %s', (_, more) => {
    expect(twice(looked([row('x'), row('y')], more))).toEqual([]);
  });

  it('anything while only some servers are looked at', () => {
    const gone = looked([row('gone')]);
    const {assessment} = assessAll([gone, later(gone, 2_000)], {sockets: ['default']});
    expect(ofKind(assessment.findings, 'zombie-record')).toEqual([]);
  });

  it('anything in a store that cannot be read, or has vanished', () => {
    const gone = looked([row('gone')]);
    const lost = {...later(gone, 2_000), registers: [store([], {rows: unknown('it is gone, and held 2 rows')})]};
    expect(records(gone, lost)).toEqual([]);
  });
});

describe('a whole store', () => {
  it('none of whose sessions was found is doubt about the observer, told once and never sure', () => {
    const rows = ['a', 'b', 'c'].map(id => row(id));
    const snapshot = look({registers: [store(rows)], servers: HERE, processes: [OLD_SERVER]});
    expect(records(snapshot, later(snapshot, 2_000), later(snapshot, 60_000))).toEqual(['unknown record:botmux/*']);
  });

  it('is judged by its own rows: another bot’s living row is no control', () => {
    const snapshot = look({
      registers: [store([row('alive')]), store([row('theirs')], {file: '/d/sessions-b.json'})],
      servers: HERE,
      processes: [OLD_SERVER],
    });
    expect(twice(snapshot)).toEqual(['unknown record:botmux/*']);
  });

  it('that tells no times makes nothing sure', () => {
    expect(twice(looked([row('x', {usedAt: null})]))).toEqual(['unknown record:botmux/x']);
  });
});

describe('zellij and herdr, which have a server for each session', () => {
  const holder = (pid: number, command: string, ageMinutes: number) =>
    process(pid, 1, command, {ageMs: ageMinutes * MINUTE_MS, comm: command.split(' ')[0] ?? ''});
  const named = (kind: 'zellij' | 'herdr', name: string, held: ReturnType<typeof holder> | null, panes: ReturnType<typeof pane>[] = []) => {
    const listed = asSession(kind, kind, name, panes);
    return held === null ? listed : {...listed, id: heldBy(held)};
  };
  const agent = (name: string, dead = false) => pane(`w1:${name}`, 0, {windowName: name, dead, tty: ''});
  const judged = (
    kind: 'zellij' | 'herdr',
    rows: readonly RegisterRow[],
    sessions: readonly ReturnType<typeof named>[],
    processes: readonly ReturnType<typeof holder>[],
  ) =>
    twice(
      look({
        registers: [store(rows)],
        servers: [server(kind, [...sessions], {kind, socket: kind, pid: null})],
        processes: [OLD_SERVER, ...processes],
      }),
    ).filter(text => text.startsWith('sure'));

  describe('a shared herdr session is judged by the recorded agent alone', () => {
    const at = (id: string, name: string) => row(id, {seat: {kind: 'herdr', session: 'botmux', agent: name}});
    const rows = [at('a', 'one'), at('b', 'two'), at('c', 'three')];
    const panes = [agent('one'), agent('two', true)];
    const command = 'herdr server --session botmux';
    const old = holder(40, command, 60);
    const other = holder(50, 'herdr server --session other', 60);

    it.each<[string, readonly ReturnType<typeof named>[], readonly ReturnType<typeof holder>[], readonly string[]]>([
      ['its server is older than the rows', [named('herdr', 'botmux', old, panes)], [old], ['b', 'c']],
      ['its server was restarted since', [named('herdr', 'botmux', holder(40, command, 2), panes)], [holder(40, command, 2)], []],
      ['its server cannot be told', [named('herdr', 'botmux', null, panes)], [old], []],
      ['its server is not in the process table', [named('herdr', 'botmux', old, panes)], [], []],
      ['only another session’s server is older', [named('herdr', 'botmux', null, panes), named('herdr', 'other', other)], [other], []],
      ['the session itself is gone', [named('herdr', 'other', other, [agent('one')])], [other], []],
    ])('%s', (_, sessions, processes, dead) => {
      expect(judged('herdr', rows, sessions, processes)).toEqual(dead.map(id => `sure record:botmux/${id}`));
    });
  });

  describe('a zellij session', () => {
    const at = (id: string) => row(id, {seat: {kind: 'zellij', session: id, agent: null}});
    const old = holder(40, 'zellij --server /run/z/here', 60);
    const young = holder(50, 'zellij --server /run/z/here', 2);

    it.each<[string, readonly ReturnType<typeof holder>[], readonly string[]]>([
      ['is missing beside one whose server is older than the row', [old], ['sure record:botmux/gone']],
      ['may have gone with the others where every server is younger', [young], []],
    ])('%s', (_, servers, dead) => {
      expect(judged('zellij', [at('here'), at('gone')], [named('zellij', 'here', servers[0] ?? null)], servers)).toEqual(dead);
    });
  });
});

it('rows may have lived on the server that is dead, whatever another one answers', () => {
  const servers = [server('gt', [alive]), server('default', [], {state: 'absent', because: 'nobody listens on its socket', pid: null})];
  expect(twice(looked([row('x'), row('y')], {servers}))).toEqual([]);
});

describe('looks in a row', () => {
  const missing = (ms: number, from = looked([row('gone')])): Snapshot => later(from, ms);
  const present = (ms: number): Snapshot =>
    missing(ms, looked([row('gone')], {servers: [server('default', [alive, session('bmx-gone', [])])]}));
  const stalled = (ms: number): Snapshot => missing(ms, looked([row('gone')], {servers: [silentServer('default')]}));
  const rebooted = (ms: number): Snapshot => ({...missing(ms), bootId: 'boot-2'});

  it.each([
    ['one miss', [missing(0)], 'unknown'],
    ['two misses closer than the gap', [missing(0), missing(200)], 'unknown'],
    ['two misses', [missing(0), missing(600)], 'sure'],
    ['a miss, there again, a miss', [missing(0), present(600), missing(1200)], 'unknown'],
    ['two misses, there again', [missing(0), missing(600), present(1200)], null],
    [
      'a miss, a stall, a miss: a stall counts for nothing and starts the count again',
      [missing(0), stalled(600), missing(1200)],
      'unknown',
    ],
    ['a stall, two misses', [stalled(0), missing(600), missing(1200)], 'sure'],
    ['stalls for ever', [stalled(0), stalled(30_000), stalled(80_000)], null],
    ['a miss, a reboot, a miss', [missing(0), rebooted(600)], 'unknown'],
    ['two misses too far apart to belong together', [missing(0), missing(20 * MINUTE_MS)], 'unknown'],
  ] as const)('%s', (_, looks, certainty) => {
    expect(records(...looks)).toEqual(certainty === null ? [] : [`${certainty} record:botmux/gone`]);
  });

  it('a look in which every session of the server vanished counts for nothing', () => {
    const others = ['bmx-1', 'bmx-2', 'bmx-3'].map(name => session(name, []));
    const full = looked([row('1')], {servers: [server('default', [alive, ...others])]});
    const swept = later(looked([row('1')], {servers: [server('default', [session('bmx-alive', [])])]}), 600);
    expect(records(full, swept)).toEqual(['unknown record:botmux/1']);
    expect(records(full, swept, later(swept, 600))).toEqual(['unknown record:botmux/1']);
  });
});
