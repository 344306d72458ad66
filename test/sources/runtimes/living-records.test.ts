// Records of agent programs held against the process table, and the agents and left-overs that follow from them.
import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {PortRecord, RuntimeJob, RuntimeRecord, RuntimeStore} from '../../../src/core/domain/runtime-record.ts';
import {judgeRecord} from '../../../src/sources/runtimes/living-records.ts';
import {assessAll, facts, inPane, later, listener, look, ofKind, pane, process, server, session, verdicts} from '../../support/world.ts';

const NO_DOMAIN = {bootId: null, namespace: null, machine: null};
const record = (pid: number, more: Partial<RuntimeRecord> = {}): RuntimeRecord => ({
  program: 'claude',
  file: `/home/u/.claude/sessions/${pid}.json`,
  role: 'session',
  background: true,
  pid,
  startTime: pid * 10,
  domain: NO_DOMAIN,
  locked: false,
  conversation: 'c-1',
  directory: '/w/shop',
  state: 'busy',
  question: null,
  stateSince: null,
  ...more,
});
const store = (...records: readonly RuntimeRecord[]): readonly RuntimeStore[] => [
  {program: records[0]?.program ?? 'claude', place: '/home/u/.claude', records: known(records), unreadable: []},
];

const judged = (facts: Parameters<typeof look>[0]) => {
  const snapshot = look({checkouts: {'/w/shop': '/w/shop'}, ...facts});
  return assessAll([snapshot, later(snapshot, 2_000)]).assessment;
};

describe('what a record is worth', () => {
  const claude = process(4388, 1, '/home/u/.local/share/claude/versions/2.1.332 --session-id x');
  const self = {...look().self, pidNamespace: 4026531836, machineId: 'm1'};
  test.each<[string, Partial<RuntimeRecord>, readonly Process[], string]>([
    ['the very process', {}, [claude], 'living'],
    ['its process has ended', {}, [], 'left'],
    ['its pid is another process’s now', {startTime: 1}, [claude], 'left'],
    ['its process is defunct: kill(2) and /proc still find it', {}, [{...claude, state: 'Z'}], 'left'],
    ['from before this boot', {domain: {...NO_DOMAIN, bootId: 'boot-0'}}, [claude], 'left'],
    ['of a container that shares the directory', {domain: {...NO_DOMAIN, namespace: 4026532000}}, [claude], 'elsewhere'],
    ['of another machine', {domain: {...NO_DOMAIN, machine: 'm2'}}, [], 'elsewhere'],
    ['it names somebody else’s program', {}, [process(4388, 1, 'sleep 1000')], 'unknown'],
    ['an older version that tells no start time', {startTime: null}, [claude], 'living'],
  ])('%s', (_, more, processes, state) => {
    expect(judgeRecord(record(4388, more), look({processes, self})).state).toBe(state);
  });

  test('a table that is not whole proves no absence', () => {
    expect(judgeRecord(record(4388), look({processesComplete: false})).state).toBe('unknown');
  });
});

describe('background sessions', () => {
  const GONE = inPane('%12');
  const daemon = process(5000, 1, 'claude daemon run --origin transient', {env: GONE, cwd: '/home/u'});
  const host = process(5001, 5000, 'claude --bg-pty-host /tmp/cc-daemon-1000/x/pty/1.sock 80 24 -- claude', {env: {}});
  const worker = process(5002, 5001, '/home/u/.local/share/claude/versions/2.1.332 --session-id x', {cwd: '/w/shop', tty: 'pts/70'});

  test('are agents below their daemon, with what they record; nobody’s left-overs', () => {
    const records = store(record(5002, {state: 'waiting', question: 'permission prompt'}), record(5001, {role: 'host', state: null}));
    const {fleet, findings} = judged({processes: [daemon, host, worker], runtimeStores: records});
    expect(fleet.agents).toMatchObject([
      {ref: 'agent:shop/claude-5002', state: 'running', hosts: 'process:5000', record: {state: 'waiting', question: 'permission prompt'}},
    ]);
    expect(findings).toEqual([]);
  });

  test('a spare that became a session keeps the command line of a spare: its record tells', () => {
    const spare = process(5002, 5001, 'claude --bg-spare /tmp/cc-daemon-1000/x/spare/1.claim.sock', {cwd: '/w/shop'});
    expect(judged({processes: [daemon, host, spare]}).fleet.agents).toEqual([]);
    expect(judged({processes: [daemon, host, spare], runtimeStores: store(record(5002))}).fleet.agents).toMatchObject([
      {ref: 'agent:shop/claude-5002', hosts: 'process:5000'},
    ]);
  });

  test('handed to init while their daemon replaced itself: the host that is left is what they run below', () => {
    const {fleet, findings} = judged({processes: [{...host, ppid: 1}, worker], runtimeStores: store(record(5002))});
    expect(fleet.agents).toMatchObject([{ref: 'agent:shop/claude-5002', hosts: 'process:5001'}]);
    expect(findings).toEqual([]);
  });

  test('a record vouches for what carries it, and an interactive session says only that it runs', () => {
    const left = process(5002, 1, 'claude --continue', {env: GONE, cwd: '/w/shop'});
    const by = (more: Partial<RuntimeRecord>) =>
      verdicts(judged({processes: [left], runtimeStores: store(record(5002, more))}).findings, 'orphan-process');
    expect(by({background: false})).toEqual(['sure process:5002']);
    expect(by({background: true})).toEqual([]);
    expect(by({background: true, startTime: 1})).toEqual(['sure process:5002']);
  });
});

describe('agents that another program started', () => {
  test('run below it while it lives, whatever it is', () => {
    const worker = process(4711, 1, 'node /plug/worker-service.cjs', {cwd: '/'});
    const jobs = [1, 2].map(i => process(4711 + i, 4711, `claude --output-format json --resume 4bc1f741-${i}`, {cwd: '/w/shop'}));
    const {fleet, findings} = judged({processes: [worker, ...jobs]});
    expect(fleet.agents.map(agent => [agent.ref, agent.hosts, agent.because])).toEqual(
      jobs.map(job => [`agent:shop/claude-${job.pid}`, 'process:4711', 'runs below node worker-service.cjs 4711']),
    );
    expect(findings).toEqual([]);
  });

  test('and are a finding once it is gone', () => {
    const job = process(4712, 1, 'claude --output-format json --resume 4bc1f741', {cwd: '/w/shop'});
    expect(verdicts(judged({processes: [job]}).findings, 'orphan-process')).toEqual(['unknown process:4712']);
  });
});

describe('conversations inside a shared daemon', () => {
  const daemon = process(69, 1, 'codex app-server --listen unix:// --managed-daemon', {env: inPane('%12'), cwd: '/w/shop'});
  const thread = (id: string, directory: string): RuntimeRecord =>
    record(69, {
      program: 'codex',
      file: `/home/u/.codex/${id}.lock`,
      locked: true,
      startTime: null,
      conversation: id,
      directory,
      state: null,
    });
  const servers = [server('default', [session('two', [pane('%1', 4000)])])];
  const screen = process(4000, 700, 'codex', {tty: 'pts/1', cwd: '/w/shop'});
  const pidFile = record(69, {
    program: 'codex',
    file: '/home/u/.codex/app-server-daemon/daemon.pid',
    role: 'daemon',
    conversation: null,
    state: null,
  });

  test('the one that a screen shows is that agent; one without a screen goes on as an agent of its own', () => {
    const runtimeStores = store(pidFile, thread('t-aaaaaaaa', '/w/shop'), thread('t-bbbbbbbb', '/w/shop'));
    const {fleet, findings} = judged({processes: [daemon, screen], servers, runtimeStores});
    expect(fleet.agents.map(agent => [agent.ref, agent.process?.pid ?? null, agent.hosts])).toEqual([
      ['agent:shop/two', 4000, undefined],
      ['agent:shop/codex-bbbbbbbb', null, 'process:69'],
    ]);
    expect(findings).toEqual([]);
  });

  test('its daemon is in use while any agent of the program lives; idle, it is shown and never sure', () => {
    expect(judged({processes: [daemon, screen], servers, runtimeStores: store(pidFile)}).findings).toEqual([]);
    const alone = (...more: readonly Process[]) =>
      judged({processes: [daemon, ...more], runtimeStores: store(pidFile, thread('t-aaaaaaaa', '/w/shop'))});
    expect(verdicts(alone().findings, 'orphan-helper')).toEqual(['unknown process:69']);
    expect(alone().fleet.agents).toMatchObject([{ref: 'agent:shop/codex-aaaaaaaa', hosts: 'process:69'}]);
    const tool = process(80, 69, 'sleep 444', {env: {CODEX_THREAD_ID: 't-aaaaaaaa'}});
    expect(alone(tool).findings).toEqual([]);
    expect(alone(tool).fleet.agents).toMatchObject([{record: {state: 'busy'}}]);
  });
});

describe('records of what runs no more', () => {
  test('one finding for a store, with what each was', () => {
    const {findings} = judged({runtimeStores: store(record(5002), record(5003, {conversation: 'c-2'}), record(5003, {role: 'host'}))});
    const [finding, ...others] = ofKind(findings, 'zombie-record');
    expect(finding).toMatchObject({certainty: 'sure', severity: 'low', remedies: [], subject: 'record:claude/*'});
    expect(facts(finding)).toContain('process 5003 runs no more; conversation c-2 in /w/shop');
    expect(others).toEqual([]);
  });

  test('none for another container’s, for a daemon’s pid file, or what cannot be told', () => {
    const elsewhere = record(5002, {domain: {...NO_DOMAIN, namespace: 1}});
    const self = {...look().self, pidNamespace: 2};
    expect(judged({self, runtimeStores: store(elsewhere, record(5003, {role: 'daemon'}))}).findings).toEqual([]);
    expect(ofKind(judged({processesComplete: false, runtimeStores: store(record(5002))}).findings, 'zombie-record')).toEqual([]);
  });
});

describe('background jobs, which name no process', () => {
  const NOW = look().takenAt;
  const job = (more: Partial<RuntimeJob> = {}): RuntimeJob => ({
    id: '1a2b3c4d',
    file: '/home/u/.claude/jobs/1a2b3c4d/state.json',
    conversations: ['c-1'],
    directory: '/w/shop',
    runs: true,
    state: 'working',
    updatedAt: NOW - 3_600_000,
    ...more,
  });
  const ghosts = (one: RuntimeJob, records: readonly RuntimeRecord[] = [], ...processes: readonly Process[]) =>
    ofKind(judged({processes, runtimeStores: [{...(store(...records)[0] as RuntimeStore), jobs: [one]}]}).findings, 'zombie-record');

  test('one that is said to work while nothing of it lives is a left-over, with what it was', () => {
    const [finding, ...more] = ghosts(job());
    expect(finding).toMatchObject({certainty: 'sure', subject: 'record:claude/1a2b3c4d', remedies: []});
    expect(finding?.title).toBe('claude says that background job 1a2b3c4d is working, and nothing of it runs');
    expect(facts(finding)).toContain('no process has its conversation c-1 in /w/shop');
    expect(more).toEqual([]);
  });

  const session = process(5002, 1, 'claude --session-id x', {cwd: '/w/shop'});
  test.each<[string, RuntimeJob, readonly RuntimeRecord[], readonly Process[]]>([
    ['it is done', job({runs: false, state: 'done'}), [], []],
    ['its session lives', job(), [record(5002)], [session]],
    ['a session with the conversation that it took up lives', job({conversations: ['c-0', 'c-1']}), [record(5002)], [session]],
    ['a process was started with its conversation', job({conversations: ['c-9']}), [], [process(5003, 1, 'claude --session-id c-9')]],
    ['a command of it runs', job(), [], [process(80, 1, 'sleep 5', {env: {CLAUDE_JOB_DIR: '/h/.claude/jobs/1a2b3c4d'}, sid: 3})]],
    ['it was begun a moment ago', job({updatedAt: NOW - 500}), [], []],
    ['nobody knows when it was written', job({updatedAt: null}), [], []],
  ])('none where %s', (_, one, records, processes) => {
    expect(ghosts(one, records, ...processes)).toEqual([]);
  });

  test('a session that lives says which job it works at, and how that is ended', () => {
    const daemon = process(5000, 1, 'claude daemon run', {cwd: '/home/u', env: {}});
    const worker = {...session, ppid: 5000};
    const runtimeStores = [{...(store(record(5002))[0] as RuntimeStore), jobs: [job()]}];
    const {fleet} = judged({processes: [daemon, worker], runtimeStores});
    expect(fleet.agents[0]?.evidence.map(({fact}) => fact)).toContain(
      'works at background job 1a2b3c4d, working: `claude stop 1a2b3c4d` ends it for good',
    );
  });

  test('unknown while the daemon lives, which may take it up again, and where a session is not of this machine', () => {
    const daemon = process(5000, 1, 'claude daemon run --origin transient', {cwd: '/home/u'});
    expect(ghosts(job(), [record(5000, {role: 'daemon', conversation: null})], daemon)).toMatchObject([{certainty: 'unknown'}]);
    const self = {...look().self, machineId: 'm1'};
    const elsewhere = store(record(5002, {conversation: 'c-7', domain: {...NO_DOMAIN, machine: 'm2'}}))[0] as RuntimeStore;
    const {findings} = judged({self, runtimeStores: [{...elsewhere, jobs: [job()]}]});
    expect(ofKind(findings, 'zombie-record')).toMatchObject([{certainty: 'unknown', subject: 'record:claude/1a2b3c4d'}]);
  });
});

describe('ports that mise and portless record', () => {
  const GONE = inPane('%12');
  const vite = process(5000, 1, 'vite', {env: GONE, cwd: '/w/shop/web'});
  const portless = process(4900, 1, 'node /x/bin/portless shop vite', {env: GONE, cwd: '/w/shop', sid: 4000});
  const claim = (more: Partial<PortRecord>): readonly RuntimeStore[] => [
    {
      program: more.pid == null ? 'mise' : 'portless',
      place: '/home/u/.x',
      records: known([]),
      ports: [{port: 5173, service: 'shop/web', file: '/home/u/.x/state.json', pid: null, directory: null, ...more}],
      unreadable: [],
    },
  ];
  const left = (runtimeStores: readonly RuntimeStore[], one = vite, port = 5173) =>
    verdicts(judged({processes: [one, portless], listeners: [listener(port, 5000)], runtimeStores}).findings, 'orphan-helper').filter(
      each => each.endsWith(':5000'),
    );

  test('vouch for who holds them in the right place, and for nobody else', () => {
    expect(left([])).toEqual(['sure process:5000']);
    expect(left(claim({directory: '/w/shop'}))).toEqual([]);
    expect(left(claim({directory: '/w/other'}))).toEqual(['sure process:5000']);
    expect(left(claim({directory: '/w/shop'}), {...vite, cwdDeleted: true}).length).toBe(1);
    expect(left(claim({directory: '/w/shop'}), vite, 5174)).toEqual(['sure process:5000']);
    expect(left(claim({pid: 4900}), {...vite, ppid: 4900})).toEqual([]);
    expect(left(claim({pid: 4900}))).toEqual(['sure process:5000']);
    expect(left(claim({pid: 500}))).toEqual(['sure process:5000']);
  });

  test('name the service where the port is another slot’s', () => {
    const rig = {name: 'search', path: '/w/search', session: 'search-{slot}', slots: 4, slotStride: 10};
    const services = [{name: 'web', basePort: 5163, command: null}];
    const facts_ = {processes: [vite], listeners: [listener(5173, 5000)], runtimeStores: claim({directory: '/w/shop'})};
    const snapshot = look({checkouts: {'/w/shop/web': '/w/shop'}, ...facts_});
    const {findings} = assessAll([snapshot, later(snapshot, 2_000)], {rigs: [{...rig, services}]}).assessment;
    expect(facts(ofKind(findings, 'stray-listener')[0])).toContain('vite 5000: mise records it as shop/web on port 5173');
  });
});

describe('a server of agents without a pane', () => {
  const serve = process(5000, 1, 'opencode serve --port 4097', {env: inPane('%12'), cwd: '/w/shop'});
  const client = (url: string) => process(4000, 700, ['opencode', 'attach', url], {tty: 'pts/1', cwd: '/w/shop'});
  const servers = [server('default', [session('two', [pane('%1', 4000)])])];
  const seen = (...more: readonly Process[]) => {
    const {fleet, findings} = judged({processes: [serve, ...more], servers, listeners: [listener(4097, 5000)]});
    return {
      agents: fleet.agents.filter(each => each.process?.pid === 5000).map(({ref, because}) => `${ref} ${because}`),
      orphans: verdicts(findings, 'orphan-process'),
    };
  };

  test('is an agent while a client works through it, or a session in it runs something; else shown as unknown', () => {
    expect(seen(client('http://127.0.0.1:4097'))).toEqual({
      agents: ['agent:shop/opencode-5000 opencode attach http://127.0.0.1:4097 4000 works through it'],
      orphans: [],
    });
    expect(seen(process(5001, 5000, 'sleep 333', {env: {OPENCODE: '1', OPENCODE_PID: '5000'}}))).toEqual({
      agents: ['agent:shop/opencode-5000 a session in it runs sleep 333 5001'],
      orphans: [],
    });
    const unused = {agents: [], orphans: ['unknown process:5000']};
    expect(seen()).toEqual(unused);
    expect(seen(client('http://127.0.0.1:4098'))).toEqual(unused);
    expect(seen(client('http://example.org:4097'))).toEqual(unused);
    expect(seen({...client('http://127.0.0.1:4097'), state: 'Z'})).toEqual(unused);
  });

  test('what it leaves behind names it by pid, and no pane: shown as unknown once it is gone', () => {
    const vite = (more: Readonly<Record<string, string>> = {}) =>
      process(5001, 1, 'vite', {env: {OPENCODE: '1', OPENCODE_PID: '5000', ...more}, cwd: '/w/shop'});
    const left = (...processes: readonly Process[]) =>
      ofKind(judged({processes, listeners: [listener(5173, 5001)]}).findings, 'orphan-helper');
    expect(left(vite())).toMatchObject([{certainty: 'unknown', subject: 'process:5001'}]);
    expect(facts(left(vite())[0])).toContain('the agent that started it (OPENCODE_PID=5000) runs no more');
    expect(left(serve, {...vite(), ppid: 5000})).toEqual([]);
    expect(left(serve, vite())).toEqual([]);
    expect(left(process(5001, 1, 'python3 serve.py', {env: {OPENCODE: '1', OPENCODE_PID: '5000'}, cwd: '/w/shop'}))).toHaveLength(1);
    expect(left(process(5001, 1, 'python3 serve.py', {env: {}, cwd: '/w/shop'}))).toEqual([]);
    const claude = process(5002, 1, 'claude daemon-session', {cwd: '/w/shop', env: {}});
    const marked = process(5001, 1, 'vite', {env: {CLAUDECODE: '1', CLAUDE_PID: '4999', CLAUDE_CODE_SESSION_ID: 'c-1'}, cwd: '/x'});
    const {findings} = judged({processes: [claude, marked], runtimeStores: store(record(5002))});
    expect(ofKind(findings, 'orphan-helper')).toEqual([]);
  });

  test('an agent that serves nobody is not kept by its own tools', () => {
    const left = process(5000, 1, 'opencode', {env: inPane('%12'), cwd: '/w/shop'});
    const tool = process(5001, 5000, 'sleep 333', {env: {OPENCODE_PID: '5000'}});
    expect(verdicts(judged({processes: [left, tool]}).findings, 'orphan-process')).toEqual(['sure process:5000']);
  });
});
