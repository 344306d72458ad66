// What a living user outside of the targets works through is left out, and the plan says who that is.
import {describe, expect, it} from 'vitest';
import {isRefusal, type Plan, type Refusal} from '../../../src/core/domain/plan.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, inPane, listener, look, pane, process, server, session, settings} from '../../support/world.ts';

const ask = (snapshot: Snapshot, ...asked: readonly string[]): Plan | Refusal =>
  makePlan({action: 'kill', asked}, assessAll([snapshot]).assessment, settings, {id: 'p1', now: 1_800_000_000_000, sources: SOURCES});

const pids = (answer: Plan | Refusal): readonly number[] => (isRefusal(answer) ? [] : answer.targets.map(({pid}) => pid).toSorted());
const left = ({leftOut}: Plan | Refusal): readonly string[] => leftOut.map(({ref, rule, because}) => `${ref} [${rule}] ${because}`);

const one = {tty: 'pts/1', sid: 1000, cwd: '/w/a', env: inPane('%1')};
const two = {tty: 'pts/2', sid: 2000, cwd: '/w/b', env: inPane('%2')};
const seats = server('default', [session('one', [pane('%1', 1000)]), session('two', [pane('%2', 2000)])]);
const [first, second] = ['one', 'two'].map(name => `session:default/${name}`) as [string, string];

describe('a server that the first of several agents started', () => {
  // Each screen is only a client; the tools of all run below the server, which is a child of the first one.
  const served = process(1100, 1000, 'codex app-server --listen unix:///x/y.sock --managed-daemon', {cwd: '/w/a', env: inPane('%1')});
  const own = process(1101, 1100, 'sh -c make', {sid: 1101, cwd: '/w/a', env: inPane('%1')});
  const others = process(1102, 1100, 'python3 -m http.server 8123', {sid: 1102, cwd: '/w/b', env: inPane('%1')});
  const codex = [process(1000, 700, 'codex', one), served, own];
  const both = look({processes: [...codex, others, process(2000, 700, 'codex', two)], servers: [seats]});

  it('stays with all that runs below it, and the plan says who uses it', () => {
    for (const asked of [first, 'agent:unplaced/one', 'pane:default/%1', 'process:1000']) {
      const answer = ask(both, asked);
      if (!left(answer).some(text => text.includes('not-found'))) {
        expect(pids(answer), asked).toEqual([1000]);
        expect(left(answer)[0], asked).toMatch(/^process:1100 \[in-use\] .*is in use: .*two/);
      }
    }
    expect(pids(ask(both, second))).toEqual([2000]);
  });

  it('ends with the last one that uses it', () => {
    const alone = look({processes: codex, servers: [server('default', [session('one', [pane('%1', 1000)])])]});
    expect(pids(ask(alone, first))).toEqual([1000, 1100, 1101]);
    expect(pids(ask(both, first, second))).toEqual([1000, 1100, 1101, 1102, 2000]);
  });

  it('is not ended by its own name either, while somebody works through it', () => {
    expect(ask(both, 'process:1100')).toMatchObject({refused: true, rule: 'in-use'});
  });
});

describe('whatever a server is called', () => {
  const hub = process(1100, 1000, '/opt/x/thing --serve', {cwd: '/w/a'});
  const agents = [process(1000, 700, 'claude', one), hub, process(2000, 700, 'gemini', two), process(2001, 2000, 'x-client', two)];
  const withClients = (client: number | null): Snapshot => ({
    ...look({processes: agents, servers: [seats]}),
    connections: [{server: 1100, client, how: 'socket /run/hub.sock'}],
  });

  it('a living client outside of the targets keeps it', () => {
    expect(left(ask(withClients(2001), first))[0]).toMatch(
      /thing --serve is in use: agent:\S+two \(x-client 2001\) is connected to its socket/,
    );
    expect(pids(ask(withClients(2001), first))).toEqual([1000]);
  });

  it('its starter alone does not, and a client that cannot be told does', () => {
    expect(pids(ask(withClients(1000), first))).toEqual([1000, 1100]);
    expect(left(ask(withClients(null), first))[0]).toContain('who, cannot be told');
  });

  it('nor is it left where nobody uses it, nor what shares the terminal of who ends', () => {
    expect(pids(ask(look({processes: agents, servers: [seats]}), first))).toEqual([1000, 1100]);
  });

  it('two agents that each have a dev server share none', () => {
    const vite = process(1100, 1, 'node /x/vite --port 1', {cwd: '/w/a', env: inPane('%1')});
    const their = process(2002, 2000, 'node /x/vite --port 2', two);
    const snapshot = look({processes: [agents[0] as Process, vite, process(2000, 700, 'gemini', two), their], servers: [seats]});
    expect(pids(ask({...snapshot, listeners: [listener(3000, 1100)]}, 'process:1100'))).toEqual([1100]);
  });

  it('a tool that names a living agent outside as its owner keeps it', () => {
    const tool = process(1102, 1100, 'bash -c x', {sid: 1102, env: {OPENCODE_PID: '2000'}, ageMs: 1000});
    expect(left(ask(look({processes: [...agents, tool], servers: [seats]}), first))[0]).toContain('is a tool of agent:');
  });
});

it('a daemon that was started in a pane and left it is named and stays; another escapee ends', () => {
  const away = (pid: number, command: string): Process => process(pid, 1, command, {env: inPane('%1')});
  const answer = ask(
    look({
      processes: [process(1000, 700, 'claude', one), away(1100, 'tool daemon run'), process(1101, 1100, 'worker'), away(1102, 'node vite')],
      servers: [seats],
    }),
    first,
  );
  expect(pids(answer)).toEqual([1000, 1102]);
  expect(left(answer)).toEqual([expect.stringMatching(/^process:1100 \[shared\] tool daemon run was started in pane %1, and stays/)]);
});

describe('one agent of several in a session', () => {
  const panes = [pane('%1', 1000), pane('%2', 2000), pane('%3', 3000)];
  const shared = (held = panes) =>
    look({
      processes: [
        process(1000, 700, '-bash', one),
        process(1001, 1000, 'claude', one),
        process(2000, 700, 'claude', {...two, cwd: '/w/a'}),
        process(3000, 700, '-bash', {tty: 'pts/3', sid: 3000, cwd: '/w/a'}),
        process(3001, 3000, 'vim notes', {tty: 'pts/3', sid: 3000, cwd: '/w/a'}),
      ].filter(({pid}) => held.some(each => Math.floor(pid / 1000) === Math.floor(each.pid / 1000))),
      servers: [server('default', [session('mix', held)])],
      checkouts: {'/w/a': '/w/a'},
    });

  it('is its pane: the session and everybody else in it stay', () => {
    const answer = ask(shared(), 'agent:a/mix.%2');
    expect(answer).toMatchObject({sessions: [], panes: [{ref: 'pane:default/%2'}]});
    expect(pids(answer)).toEqual([2000]);
    const main = ask(shared(), 'agent:a/mix');
    expect(main).toMatchObject({sessions: [], panes: [{ref: 'pane:default/%1'}]});
    expect(pids(main)).toEqual([1000, 1001]);
  });

  it('ends the session with its last pane, and the plan says so', () => {
    const answer = ask(shared(panes.slice(0, 2)), 'agent:a/mix', 'agent:a/mix.%2');
    expect(answer).toMatchObject({warnings: ['session:default/mix ends with it: those are all its panes']});
    expect(ask(shared(panes.slice(0, 1)), 'agent:a/mix')).toMatchObject({sessions: [{ref: 'session:default/mix'}]});
  });

  it('that shares its very pane with another is its own tree alone', () => {
    const held = look({
      processes: [process(1000, 700, '-bash', one), process(1001, 1000, 'claude', one), process(1002, 1000, 'codex', one)],
      servers: [server('default', [session('mix', [pane('%1', 1000)])])],
      checkouts: {'/w/a': '/w/a'},
    });
    expect(pids(ask(held, 'agent:a/mix'))).not.toEqual([]);
  });
});
