import {describe, expect, it} from 'vitest';
import {parseConfig} from '../../../../src/config/parse-config.ts';
import type {Listener} from '../../../../src/core/domain/listener.ts';
import type {PortUse} from '../../../../src/core/domain/port.ts';
import type {Process} from '../../../../src/core/domain/process.ts';
import {indexFleet} from '../../../../src/words/fleet-index.ts';
import {rigStanza} from '../../../../src/words/rig-stanza.ts';
import {assessAll, inPane, later, listener, look, type ProcessFacts, pane, process, server, session} from '../../../support/world.ts';

const A = '/home/u/w/shop-a';
const B = '/home/u/w/shop-b';
const vite = (pid: number, ppid: number, cwd: string, args = '', facts: ProcessFacts = {}): Process =>
  process(pid, ppid, `node ${cwd}/node_modules/.bin/vite${args}`, {comm: 'node', cwd, ...facts});

/** Two agents of one repository, each in a session and a work tree of its own, with what else runs. */
const fleet = (processes: readonly Process[], listeners: readonly Listener[], env: Readonly<Record<string, string>> = {}) => {
  const seen = look({
    processes: [
      process(10, 700, '-zsh', {cwd: A, env: inPane('%1')}),
      process(11, 10, 'claude', {cwd: A, env: inPane('%1')}),
      process(20, 700, '-zsh', {cwd: B, env: inPane('%2')}),
      process(21, 20, 'codex', {cwd: B, env: {...inPane('%2'), ...env}}),
      ...processes,
    ],
    listeners,
    servers: [server('default', [session('shop-1', [pane('%1', 10)]), session('shop-2', [pane('%2', 20)])])],
    checkouts: {[A]: A, [B]: A},
  });
  return assessAll([seen, later(seen, 2_000)]).assessment;
};

const brief = ({port, holder, agent, rig, state}: PortUse): string => `${port} ${holder?.program} ${holder?.pid} ${agent} ${rig} ${state}`;

describe('ports without any declaration', () => {
  it('are those of agents and of what stands in a session, and nobody else’s', () => {
    const {ports} = fleet(
      [
        process(12, 11, 'python3 -m http.server 3000', {cwd: A}),
        process(30, 880, 'nginx', {uid: 0, cwd: null}),
        process(31, 500, 'postgres', {cwd: '/var/lib/postgres'}),
      ],
      [listener(3000, 12), {...listener(3000, 12), address: '::1', family: 6}, listener(80, 30), listener(5432, 31)],
    );
    expect(ports.map(brief)).toEqual(['3000 python3 12 agent:shop-a/shop-1 shop-a undeclared']);
    expect(ports[0]).toMatchObject({addresses: ['127.0.0.1', '::1'], cwd: A, pids: [12], service: null, conflict: null});
  });

  it('hold one row for a server with its workers, and one for each of two that share a port', () => {
    const {ports} = fleet(
      [
        process(12, 11, 'gunicorn app:web', {cwd: A}),
        process(13, 12, 'gunicorn app:web', {cwd: A}),
        process(22, 21, 'python3 -m http.server 3000', {cwd: B}),
      ],
      [listener(3000, 12, 13), {...listener(3000, 22), address: '::1', family: 6}],
    );
    expect(ports.map(({holder, pids, conflict}) => [holder?.pid, pids, conflict?.pid])).toEqual([
      [12, [12, 13], 22],
      [22, [22], 12],
    ]);
    expect(ports[0]?.conflict?.because).toBe('python3 22 of agent:shop-a/shop-2 listens on 3000 too, on ::1');
  });

  it.each([
    ['by the habit of its program', '', {}, 5174, /^vite begins at 5173, which vite 12 of agent:shop-a\/shop-1 holds$/],
    ['by its arguments', ' --port 5173', {}, 5181, /^its arguments say --port 5173, which /],
    ['by its environment', '', {PORT: '5173'}, 5175, /^its environment says PORT=5173, which /],
  ])('tell a server that has moved: %s', (_, args, env, port, because) => {
    const {ports} = fleet(
      [vite(12, 11, A), vite(22, 21, B, args, {env: {...inPane('%2'), ...env}})],
      [listener(5173, 12), listener(port, 22)],
    );
    const [first, moved] = ports;
    expect(moved?.conflict).toMatchObject({port: 5173, pid: 12, agent: 'agent:shop-a/shop-1', because: expect.stringMatching(because)});
    expect(first?.conflict).toMatchObject({port: 5173, pid: 22, because: `vite 22 of agent:shop-a/shop-2 wants it too and is on ${port}`});
  });

  it('tell next, which gives its server a title', () => {
    const next = (pid: number, ppid: number, cwd: string): readonly Process[] => [
      process(pid, ppid, 'node node_modules/next/dist/bin/next dev', {comm: 'MainThread', cwd}),
      process(pid + 1, pid, ['next-server (v16.4.6)'], {comm: 'next-server (v1', cwd}),
    ];
    const {ports} = fleet([...next(12, 11, A), ...next(22, 21, B)], [listener(3000, 13), listener(3001, 23)]);
    expect(ports.map(({holder, conflict}) => `${holder?.program}: ${conflict?.because}`)).toEqual([
      'next-server: next-server 23 of agent:shop-a/shop-2 wants it too and is on 3001',
      'next-server: next begins at 3000, which next-server 13 of agent:shop-a/shop-1 holds',
    ]);
  });

  it.each([
    ['one far away is not called moved by habit alone', '', 5190],
    ['one that was put there is not', ' --port 5174', 5174],
  ])('%s', (_, args, port) => {
    const {ports} = fleet([vite(12, 11, A), vite(22, 21, B, args)], [listener(5173, 12), listener(port, 22)]);
    expect(ports.map(({conflict}) => conflict)).toEqual([null, null]);
  });

  it('a server that has its port has not moved, whatever else it opens', () => {
    const {ports} = fleet([vite(22, 21, B, ' --port 5173')], [listener(5173, 22), listener(24_678, 22)]);
    expect(ports.map(({conflict}) => conflict)).toEqual([null, null]);
  });

  it('one that is not where it was told to be says so even when nobody is there any more', () => {
    const {ports} = fleet([vite(22, 21, B, ' --port 5173')], [listener(5174, 22)]);
    expect(ports[0]?.conflict).toMatchObject({port: 5173, pid: null, because: 'its arguments say --port 5173, where nobody listens now'});
  });

  it('a server on the port that another agent was started with', () => {
    const {ports} = fleet([process(12, 11, 'python3 app.py', {cwd: A})], [listener(3102, 12)], {PORT: '3102'});
    expect(ports[0]?.conflict).toEqual({
      port: 3102,
      pid: null,
      agent: 'agent:shop-a/shop-2',
      because: 'agent:shop-a/shop-2 was started with PORT=3102',
    });
    expect(fleet([process(22, 21, 'python3 app.py', {cwd: B})], [listener(3102, 22)], {PORT: '3102'}).ports[0]?.conflict).toBeNull();
  });

  it('what is surely left over is an orphan, of no agent any more', () => {
    const env = {CLAUDECODE: '1', TMUX: '/tmp/tmux-1000/default,700,0', TMUX_PANE: '%9'};
    const {ports, findings} = fleet([vite(40, 1, B, '', {env, ageMs: 3_600_000})], [listener(5173, 40)]);
    expect(findings.map(({kind, certainty}) => `${kind} ${certainty}`)).toEqual(['orphan-helper sure']);
    expect(ports[0]).toMatchObject({state: 'orphan', agent: null, because: findings[0]?.title});
  });
});

describe('the stanza that would declare a port', () => {
  /** Of a fleet whose sessions have names without numbers. */
  const named = (name: string, ...parts: Parameters<typeof fleet>) => {
    const seen = fleet(...parts);
    const rename = (server: (typeof seen.snapshot.servers)[number]) => ({
      ...server,
      sessions: server.sessions.map(each => ({...each, name})),
    });
    const assessment = {...seen, snapshot: {...seen.snapshot, servers: seen.snapshot.servers.map(rename)}};
    return {assessment, stanzas: assessment.ports.map(use => rigStanza(use, indexFleet(assessment)))};
  };

  it('names the rig, its directory, the pattern of its sessions and the service, and loads', () => {
    const assessment = fleet([vite(22, 21, B)], [listener(5174, 22)]);
    const [use] = assessment.ports;
    const text = use === undefined ? null : rigStanza(use, indexFleet(assessment));
    expect(text?.split('\n')).toEqual([
      '[[rigs]]',
      'name = "shop-a"',
      `path = "${A}"`,
      'session = "shop-{slot}"',
      'slots = 2',
      '[[rigs.services]]',
      'name = "vite"',
      'base_port = 5172',
    ]);
    expect(parseConfig('config.toml', text ?? '').problems).toEqual([]);
    expect(parseConfig('config.toml', text ?? '').values).toMatchObject({
      rigs: [{name: 'shop-a', slots: 2, services: [{name: 'vite', base_port: 5172}]}],
    });
  });

  it('calls nobody wrong: of a work tree whose session tells no slot there is none, of the main one its port is the base', () => {
    const {assessment, stanzas} = named('dark-mode', [vite(12, 11, A), vite(22, 21, B)], [listener(5173, 12), listener(5174, 22)]);
    expect(assessment.ports.map(({port, state}) => [port, state])).toEqual([
      [5173, 'undeclared'],
      [5174, 'undeclared'],
    ]);
    expect(stanzas[0]).toContain('base_port = 5173');
    expect(stanzas[1]).toBeNull();
  });

  it('is not made of names that no terminal should be given', () => {
    const assessment = fleet([vite(22, 21, B)], [listener(5174, 22)]);
    const [use] = assessment.ports;
    const hostile = {
      ...assessment,
      fleet: {...assessment.fleet, rigs: assessment.fleet.rigs.map(rig => ({...rig, path: '/w/\u202eshop'}))},
    };
    expect(use === undefined ? '' : rigStanza(use, indexFleet(hostile))).toBeNull();
  });
});
