// Good examples of every kind of file that rigtop reads: what is mutated.
import {createHash} from 'node:crypto';
import type {SupervisePlaces} from '../../src/supervise/supervisor-files.ts';

export interface SeedFile {
  readonly path: string;
  readonly text: string;
}

export interface SeedPlaces {
  readonly home: string;
  readonly project: string;
  readonly state: string;
  readonly tree: string;
  readonly places: SupervisePlaces;
  readonly pids: readonly number[];
  /** Somebody else’s living process, as a lock names its holder. */
  readonly stranger: {readonly pid: number; readonly startTime: number; readonly bootId: string};
}

const json = (value: unknown): string => JSON.stringify(value);
const lines = (...values: readonly unknown[]): string => values.map(value => `${json(value)}\n`).join('');
const AT = '2026-11-01T10:00:00Z';

const CONFIG = (home: string): string => `interval = "2s"
[thresholds]
orphan_min_age = "1s"
confirm_gap = "500ms"
term_grace = "1s"
[protect]
sessions = ["scratch-*"]
commands = ["*postgres*"]
paths = ["~/keep"]
[[towns]]
path = "~/gt"
[[repos]]
path = "~/w/shop"
[[registers]]
name = "mine"
file = "${home}/register.json"
list = "items"
id = "id"
session = "session"
status = "status"
active = ["open"]
multiplexer = "tmux"
close = ["mine", "close", "{id}"]
[[rigs]]
name = "search"
path = "~/w/search"
session = "search-{slot}"
slots = 4
slot_stride = 10
  [[rigs.services]]
  name = "web"
  base_port = 3100
  command = "sleep {port}"
[runtimes.mybot]
process_names = ["mybot"]
args = ["--autonomous"]
[supervise]
interval = "30s"
keep = ["agent:search/*", "slot:search/*/web"]
[keys]
stop = ["x", "F9"]
[theme]
name = "dark"
`;

const PROJECT = `[protect]
sessions = ["mine-*"]
[theme]
name = "light"
[[rigs]]
name = "evil"
path = "."
session = "evil-{slot}"
slots = 2
slot_stride = 1
  [[rigs.services]]
  name = "web"
  base_port = 4100
  command = "id"
`;

const ECLUSE = (trees: string): string => `mode = "host"
prefix = "shop"
max_slots = 4
slot_stride = 1
worktree_dir = "${trees}"
[[services]]
name = "web"
base_port = 3100
run = "native"
command = "sleep 1"
[[services]]
name = "db"
base_port = 5400
run = "docker"
`;

const ecluse = ({home, tree, pids}: SeedPlaces, repo: string) => {
  const top = `${home}/w/${repo}`;
  return {
    [`${repo}/.ecluse.toml`]: {path: `${top}/.ecluse.toml`, text: ECLUSE(`${home}/trees`)},
    [`${repo}/.ecluse/state.json`]: {
      path: `${top}/.ecluse/state.json`,
      text: json({
        version: 1,
        sessions: [
          {
            slug: 'feat',
            slot: 1,
            mode: 'host',
            branch: 'feat',
            worktree_path: tree,
            status: 'active',
            port_overrides: {web: 3101},
            tmux_session: 'ecluse-feat',
            started_at: AT,
            pid_files: [`${top}/.ecluse/pids/feat/web.pid`],
          },
          {slug: 'old', slot: 2, mode: 'host', worktree_path: `${home}/trees/old`, status: 'stopped'},
        ],
      }),
    },
    [`${repo}/.ecluse/pids`]: {path: `${top}/.ecluse/pids/feat/web.pid`, text: `${pids[0] ?? 2}\nSun Nov  1 10:00:00 2026\n`},
    [`${repo}/.git/HEAD`]: {path: `${top}/.git/HEAD`, text: 'ref: refs/heads/main\n'},
    [`${repo}/.git/config`]: {
      path: `${top}/.git/config`,
      text: '[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tfsmonitor = "touch ../../../outside/pwned; false"\n',
    },
    [`${repo}/.git/worktrees/gitdir`]: {path: `${top}/.git/worktrees/feat/gitdir`, text: `${tree}/.git\n`},
    [`${repo}/.git/worktrees/commondir`]: {path: `${top}/.git/worktrees/feat/commondir`, text: '../..\n'},
  };
};

const town = ({home, pids}: SeedPlaces) => {
  const gt = `${home}/gt`;
  const [pid = 2] = pids;
  const lock = {pid: 999_999, acquired_at: AT, session_id: '%7', hostname: 'here'};
  const files: Readonly<Record<string, string>> = {
    'mayor/town.json': json({type: 'town', version: 2, name: 'town', created_at: AT}),
    'mayor/rigs.json': json({version: 1, rigs: {app: {git_url: 'https://example.invalid/app.git', beads: {repo: 'app', prefix: 'ap'}}}}),
    '.beads-wisp/config/app.json': json({rig: 'app', values: {status: 'parked', auto_restart: false}, blocked: ['x']}),
    ESTOP: `manual\t${AT}\ta person said so\n`,
    'ESTOP.app': `auto\t${AT}\tit broke\n`,
    '.runtime/heartbeats/ap-ann.json': json({timestamp: AT, state: 'working', bead: 'ap-1'}),
    'deacon/heartbeat.json': json({timestamp: AT, cycle: 7, last_action: 'looked'}),
    '.runtime/deacon/paused.json': json({paused: true, reason: 'rest', paused_by: 'a person', paused_at: AT}),
    'deacon/dogs/rex/.dog.json': json({name: 'rex', state: 'working', work: 'x', last_active: AT}),
    'app/crew/ann/.runtime/agent.lock': json(lock),
    'app/polecats/max/app/.runtime/agent.lock': json({...lock, pid}),
    'app/polecats/max/app/.git': 'gitdir: /nowhere\n',
    'app/polecats/next.pending': '',
    'daemon/daemon.pid': `${pid}\n`,
    'daemon/daemon.lock': '',
    'daemon/state.json': json({running: true, pid, started_at: AT, last_heartbeat: AT}),
    'daemon/restart_state.json': json({agents: {'ap-ann': {count: 3, last_restart: AT, backoff_until: AT, crash_loop_since: AT}}}),
    'daemon/shutdown.lock': '',
    'daemon/dolt-state.json': json({running: true, pid, port: 3307, started_at: AT}),
    '.runtime/nudge_poller/ap-ann.pid': `${pid}\n`,
    'mayor/mayor-acp.pid': `${pid}\n`,
    '.events.jsonl': lines(
      {ts: AT, source: 'gt', type: 'session_death', actor: 'app/ann', payload: {session: 'ap-ann', reason: 'x'}},
      {ts: AT, source: 'gt', type: 'spawn', actor: 'app/witness', payload: {n: 3}},
    ),
    'logs/town.log': '2026-11-01 10:00:00 [spawn] app/ann started\n2026-11-01 10:00:01 [crash] app/max died\n',
  };
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`town ${name}`, {path: `${gt}/${name}`, text}]));
};

const stores = ({home, pids}: SeedPlaces) => {
  const row = (id: string) => ({
    sessionId: id,
    title: 'a title',
    status: 'active',
    backendType: 'tmux',
    persistentBackendTarget: {backendType: 'tmux', sessionName: `bmx-${id}`},
    createdAt: AT,
    lastMessageAt: AT,
    pid: pids[0],
    cliId: 'claude',
  });
  const botmux = json({abc: row('abc'), def: row('def')});
  return {
    'botmux sessions.json': {path: `${home}/botmux/sessions.json`, text: botmux},
    'botmux sessions-a.json': {path: `${home}/botmux/sessions-a.json`, text: botmux},
    register: {
      path: `${home}/register.json`,
      text: json({
        items: [
          {id: 'one', session: 'mine-1', status: 'open', updated: AT},
          {id: 'two', session: 'mine-2', status: 'closed'},
        ],
      }),
    },
  };
};

/** What agent programs record of themselves, mise and portless of their ports; all of processes that live. */
const runtimes = ({home, pids, stranger: {pid, startTime, bootId}}: SeedPlaces) => {
  const [victim = 2] = pids;
  const session = (of: number) => ({
    pid: of,
    procStart: String(startTime),
    sessionId: '7c0a6b1e-4b7e-4f2c-9a55-2b8f0f1d9c01',
    cwd: `${home}/w/shop`,
    kind: 'bg',
    status: 'waiting',
    waitingFor: 'permission prompt',
    statusUpdatedAt: 1_790_000_000_000,
    jobId: '1a2b3c4d',
  });
  const worker = {pid: victim, procStart: '5', replPid: pid, replProcStart: String(startTime), sessionId: 'x', cwd: home};
  const files: Readonly<Record<string, unknown>> = {
    [`.claude/sessions/${pid}.json`]: session(pid),
    [`.claude/sessions/${victim}.json`]: session(victim),
    '.claude/daemon/roster.json': {proto: 1, supervisorPid: pid, workers: {'1a2b3c4d': worker}},
    '.claude/daemon.lock': {pid, procStart: String(startTime)},
    '.claude/jobs/1a2b3c4d/state.json': {state: 'working', sessionId: 'gone', cwd: home, updatedAt: AT},
    '.codex/app-server-daemon/daemon.pid': {pid, processIdentity: {bootId, startTicks: startTime}},
    [`.qwen/sessions/${pid}.json`]: {
      pid,
      procStart: `${bootId}:${startTime}`,
      pidNs: 4_026_531_836,
      sessionId: 'q',
      cwd: home,
      kind: 'tui',
    },
    '.local/state/mise/daemons/k1/state.json': {root: `${home}/w/shop`, namespace: 'shop', ports: {web: {port: 3101}}},
    '.portless/routes.json': [{hostname: 'shop.localhost', port: 3102, pid}],
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [
      `record ${name.replace(/\d+\.json/, 'PID.json')}`,
      {path: `${home}/${name}`, text: json(content)},
    ]),
  );
};

const own = ({state, project, places, pids, stranger: by}: SeedPlaces) => {
  const [pid = 2] = pids;
  const base = {schema: 'rigtop/journal@1', run: 'r1', at: AT};
  const target = {ref: `process:${pid}`, pid, startTime: 5, command: 'sleep'};
  const plan = {
    schema: 'rigtop/plan@1',
    id: 'aaaa',
    action: 'kill',
    asked: [`process:${pid}`],
    createdAt: Date.now(),
    expiresAt: Date.now() + 3e7,
  };
  const outcome = {
    plan: 'aaaa',
    ok: true,
    refused: null,
    tookMs: 5,
    targets: [],
    late: [],
    escaped: [],
    started: [],
    ports: [],
    problems: [],
  };
  const journal = lines(
    {
      ...base,
      type: 'intent',
      more: false,
      plan: 'aaaa',
      action: 'kill',
      asked: plan.asked,
      force: false,
      host: 'here',
      by,
      targets: [target],
      starts: [],
    },
    {...base, type: 'outcome', plan: 'aaaa', outcome},
    {...base, run: 'r2', type: 'note', what: 'did', text: 'restart slot:search/1/web', ref: 'slot:search/1/web'},
  );
  const note = {at: AT, what: 'would', text: 'clean up x', ref: 'process:1'};
  return {
    journal: {path: `${state}/journal.jsonl`, text: journal},
    'journal before': {path: `${state}/journal.1.jsonl`, text: journal},
    plan: {
      path: `${state}/plans/aaaa.json`,
      text: json({
        ...plan,
        force: false,
        graceMs: 1000,
        unlocks: [],
        targets: [target],
        sessions: [],
        panes: [],
        locks: [],
        starts: [],
        leftOut: [],
        frees: [],
        compose: [],
        irreversible: [],
        warnings: [],
        bootId: by.bootId,
      }),
    },
    'supervise record': {
      path: places.record,
      text: json({
        schema: 'rigtop/supervise@1',
        ...by,
        host: 'here',
        startedAt: AT,
        mode: 'act',
        intervalMs: 30_000,
        heartbeat: {count: 3, at: AT},
        paused: false,
        blocked: null,
        state: {},
        proposals: [{kind: 'restart', ref: 'slot:search/1/web', because: 'x'}],
        notes: [note],
      }),
    },
    trust: {
      path: `${state}/trust.json`,
      text: json({
        schema: 'rigtop/trust@1',
        approved: [{path: `${project}/.rigtop.toml`, digest: createHash('sha256').update(PROJECT).digest('hex'), at: AT}],
      }),
    },
    'supervise lock': {path: places.lock, text: json(by)},
    'supervise acting': {path: places.acting, text: json(by)},
    'supervise request': {path: places.requests, text: `pause ${pid} 5`},
  };
};

/** Every kind of file with a good text, by what it is called in a report. */
export const fileTexts = (places: SeedPlaces): Readonly<Record<string, SeedFile>> => ({
  config: {path: `${places.home}/.config/rigtop/config.toml`, text: CONFIG(places.home)},
  'project config': {path: `${places.project}/.rigtop.toml`, text: PROJECT},
  ...ecluse(places, 'shop'),
  ...ecluse(places, 'evil'),
  'git pointer': {path: `${places.tree}/.git`, text: `gitdir: ${places.home}/w/shop/.git/worktrees/feat\n`},
  ...town(places),
  ...stores(places),
  ...runtimes(places),
  ...own(places),
});
