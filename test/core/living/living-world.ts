// Random machines in which people, agents and daemons use each other, with the truth about who uses what, for fast-check.
// A world is a list of parts; each part adds processes, panes and listeners, and says who would miss them.
import fc from 'fast-check';
import type {Connection, Listener} from '../../../src/core/domain/listener.ts';
import type {Pane, Session} from '../../../src/core/domain/multiplexer.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {ConfiguredRig, Settings} from '../../../src/core/domain/settings.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {inPane, listener, look, pane, process, server, session, settings} from '../../support/world.ts';

/** Who would miss a process: another process by pid, or a person, who may give up what they asked to end by its unit. */
export type User = {readonly pid: number} | {readonly person: string};

export interface LivingWorld {
  readonly snapshot: Snapshot;
  readonly settings: Settings;
  readonly users: ReadonlyMap<number, readonly User[]>;
  /** What a person may ask to end, and whose unit that is. */
  readonly asks: readonly {readonly ref: string; readonly unit: string}[];
}

type Facts = NonNullable<Parameters<typeof process>[3]>;

const SERVER = 700;
const REPOS = ['/home/u/w/shop', '/home/u/w/blog'] as const;

/** What parts are added to. */
class Draft {
  readonly processes: Process[] = [];
  readonly sessions: Session[] = [];
  readonly listeners: Listener[] = [];
  readonly connections: Connection[] = [];
  readonly users = new Map<number, User[]>();
  readonly asks: {ref: string; unit: string}[] = [];
  /** Pids of agents in panes, with the environment of their pane. */
  readonly agents: {readonly pid: number; readonly unit: string; readonly env: Readonly<Record<string, string>>}[] = [];
  readonly serverEnv: Record<string, string>;
  private pid = 1000;
  private paneId = 0;
  private port = 6000;

  constructor(serverEnv: Readonly<Record<string, string>>) {
    this.serverEnv = {...serverEnv};
  }

  nextPort(): number {
    this.port += 1;
    return this.port;
  }

  freshPane(): string {
    this.paneId += 1;
    return `%${this.paneId}`;
  }

  /** The environment of what a pane that is gone once started. */
  gonePane(): Readonly<Record<string, string>> {
    return {...this.serverEnv, ...inPane(`%${900 + this.paneId}`)};
  }

  add(ppid: number, command: string, facts: Facts = {}, ...users: readonly User[]): Process {
    this.pid += 1;
    const parent = this.processes.find(each => each.pid === ppid);
    const born = process(this.pid, ppid, command, {
      cwd: parent?.cwd.known ? parent.cwd.value : REPOS[0],
      env: parent?.env.known ? parent.env.value : {},
      tty: parent?.tty ?? null,
      sid: parent?.sid ?? this.pid,
      pgid: parent?.pgid ?? this.pid,
      ...facts,
    });
    this.processes.push(born);
    this.users.set(born.pid, [...users]);
    return born;
  }

  uses(user: number, used: number): void {
    this.users.get(used)?.push({pid: user});
  }

  /** A session of one or more panes, whose first processes are given as commands. */
  open(name: string, cwd: string, heads: readonly {readonly command: string; readonly start?: string}[]): readonly Process[] {
    const panes: Pane[] = [];
    const made = heads.map(({command, start}) => {
      const id = this.freshPane();
      const tty = `pts/${id.slice(1)}`;
      const head = this.add(SERVER, command, {cwd, tty, env: {...this.serverEnv, ...inPane(id)}});
      panes.push(pane(id, head.pid, {tty, windowId: `@${name}`, startCommand: start ?? ''}));
      return head;
    });
    this.sessions.push(session(name, panes));
    return made;
  }

  listen(pid: number, port: number, address = '127.0.0.1'): void {
    this.listeners.push({...listener(port, pid), address, family: address.includes(':') ? 6 : 4, inode: `${port}-${pid}`});
  }
}

/** An agent in a pane of its own, a helper below it, and what it started aside. */
export interface AgentPart {
  readonly part: 'agent';
  readonly repo: 0 | 1;
  readonly program: 'claude' | 'codex' | 'gemini' | 'opencode';
  /** As the pane's own program, typed at a shell, or with a shell that goes on afterwards. */
  readonly how: 'direct' | 'typed' | 'then-shell';
  readonly helper: boolean;
  /** A second agent in another pane of the same session. */
  readonly mate: boolean;
}

export type Part =
  | AgentPart
  | {
      readonly part: 'shared-daemon';
      readonly program:
        | 'codex app-server --listen unix:// --managed-daemon'
        | 'opencode serve --port 7001'
        | 'claude daemon run'
        | 'cline --cline-hub-daemon';
      readonly parent: 'agent' | 'init';
      readonly starter: 'lives' | 'gone';
      readonly clients: number;
      /** A tool of a client runs below the daemon. */
      readonly tool: boolean;
    }
  | {readonly part: 'server-job'; readonly command: string}
  | {readonly part: 'background-session'; readonly readopted: boolean}
  | {readonly part: 'headless'; readonly command: string}
  | {readonly part: 'own-script'; readonly command: string}
  | {readonly part: 'login'; readonly port: boolean}
  | {readonly part: 'twins'}
  | {readonly part: 'agent-elsewhere'; readonly holder: string; readonly helper: string}
  | {
      readonly part: 'person-shell';
      readonly shell: string;
      readonly start: string;
      readonly below: readonly string[];
      readonly configured: boolean;
    }
  | {readonly part: 'worker-daemon'; readonly agents: number}
  | {readonly part: 'build-daemon'; readonly command: string}
  | {readonly part: 'left-over'; readonly command: string};

const AGENT_MARK: Readonly<Record<AgentPart['program'], Readonly<Record<string, string>>>> = {
  claude: {CLAUDECODE: '1'},
  codex: {CODEX_CI: '1'},
  gemini: {GEMINI_CLI: '1'},
  opencode: {OPENCODE: '1'},
};

const addAgent = (draft: Draft, spec: AgentPart, index: number): void => {
  const name = `s${index}`;
  const unit = `session:default/${name}`;
  const {start, command} = {
    direct: {start: spec.program, command: spec.program},
    typed: {start: '', command: '-bash'},
    'then-shell': {start: `"${spec.program}; exec bash"`, command: `bash -c ${spec.program}; exec bash`},
  }[spec.how];
  const heads = draft.open(name, REPOS[spec.repo], [{command, start}, ...(spec.mate ? [{command: 'claude', start: 'claude'}] : [])]);
  draft.asks.push({ref: unit, unit});
  for (const [at, head] of heads.entries()) {
    const own = `${unit}.${at}`;
    const agent = at === 0 && spec.how !== 'direct' ? draft.add(head.pid, spec.program, {}, {person: own}) : head;
    draft.users.get(head.pid)?.push({person: own}, {person: unit});
    draft.users.get(agent.pid)?.push({person: unit});
    const env = {...(agent.env.known ? agent.env.value : {}), ...AGENT_MARK[at === 0 ? spec.program : 'claude']};
    draft.agents.push({pid: agent.pid, unit: own, env});
    if (spec.helper) {
      draft.add(agent.pid, 'node /usr/lib/node_modules/mcp-server-files/index.js', {env}, {pid: agent.pid});
    }
  }
};

const addPart = (draft: Draft, spec: Part, index: number): void => {
  const someone: User = {person: `somebody-${index}`};
  switch (spec.part) {
    case 'agent':
      addAgent(draft, spec, index);
      return;
    case 'shared-daemon': {
      const [starter, ...others] = draft.agents;
      const clients = others.slice(0, spec.clients);
      const lives = spec.starter === 'lives' && starter !== undefined;
      const env = lives ? starter.env : {...draft.gonePane(), CLAUDECODE: '1'};
      const daemon = draft.add(lives && spec.parent === 'agent' ? starter.pid : 1, spec.program, {env, tty: null, cwd: REPOS[0]});
      const leader = {...daemon, sid: daemon.pid, pgid: daemon.pid};
      draft.processes.splice(draft.processes.indexOf(daemon), 1, leader);
      if (spec.program.startsWith('opencode')) {
        draft.listen(daemon.pid, 7001);
      }
      for (const client of clients) {
        draft.uses(client.pid, daemon.pid);
        draft.connections.push({server: daemon.pid, client: client.pid, how: 'unix socket'});
      }
      const [client] = clients;
      if (spec.tool && client !== undefined) {
        const tool = draft.add(
          daemon.pid,
          'node node_modules/.bin/vite --port 6500',
          {env: {...env, CODEX_THREAD_ID: `t${client.pid}`}},
          {pid: client.pid},
        );
        draft.listen(tool.pid, draft.nextPort());
      }
      // Background work goes on without any screen: whether it is wanted only its person knows, who may give it up with its starter.
      draft.users.get(daemon.pid)?.push(lives ? {person: starter.unit} : someone);
      return;
    }
    case 'server-job': {
      // pipe-pane and hooks run with the environment that the server itself was started with.
      draft.add(SERVER, spec.command, {env: {...draft.serverEnv}, sid: SERVER, pgid: 100 + index, cwd: REPOS[0]}, someone);
      return;
    }
    case 'background-session': {
      const env = {...draft.gonePane(), CLAUDECODE: '1'};
      const daemon = spec.readopted ? 1 : draft.add(1, 'claude daemon run', {env, cwd: '/home/u'}, someone).pid;
      const host = draft.add(
        daemon,
        '/home/u/.local/share/claude/versions/2.1.267 --bg-pty-host /tmp/cc/pty.sock 120 36 -- claude --bg-spare',
        {env, tty: null, cwd: REPOS[1]},
        someone,
      );
      draft.add(host.pid, '/home/u/.local/share/claude/versions/2.1.267 --resume x.jsonl', {env, tty: `pts/${70 + index}`}, someone);
      return;
    }
    case 'headless':
      draft.add(1, spec.command, {env: draft.gonePane(), tty: null, cwd: REPOS[1]}, someone);
      return;
    case 'own-script':
      draft.add(1, spec.command, {env: draft.gonePane(), tty: null, cwd: '/home/u'}, someone);
      return;
    case 'login': {
      const root = draft.add(1, 'sshd: u [priv]', {uid: 0, cwd: '/'});
      const login = draft.add(root.pid, ['sshd: u', `@pts/${40 + index}`].join(''), {tty: null, cwd: '/', env: {}});
      const shell = draft.add(login.pid, '-bash', {tty: `pts/${40 + index}`, cwd: '/home/u', env: {}}, someone);
      draft.uses(shell.pid, login.pid);
      draft.uses(shell.pid, root.pid);
      if (spec.port) {
        draft.listen(login.pid, 8600 + index);
        draft.asks.push({ref: `port:${8600 + index}`, unit: `port:${8600 + index}`});
      }
      return;
    }
    case 'twins': {
      const [head] = draft.open('app-1', '/home/u/w/app-1', [{command: '-bash'}]);
      if (head !== undefined) {
        draft.users.get(head.pid)?.push({person: 'session:default/app-1'});
        const rightful = draft.add(head.pid, 'node node_modules/.bin/vite --port 5391', {}, {person: 'session:default/app-1'});
        draft.listen(rightful.pid, 5391, '::1');
        const stray = draft.add(1, 'node node_modules/.bin/vite --port 5391', {env: draft.gonePane(), cwd: '/home/u/w/app-2'});
        draft.listen(stray.pid, 5391);
        draft.asks.push({ref: 'session:default/app-1', unit: 'session:default/app-1'});
      }
      return;
    }
    case 'agent-elsewhere': {
      // Started from a pane that is gone since, and lives on where no server lists it: its helper is adopted, and still its own.
      const env = {...draft.gonePane(), CLAUDECODE: '1'};
      const holder = draft.add(1, spec.holder, {env, tty: null, cwd: REPOS[0]}, someone);
      const agent = draft.add(holder.pid, 'claude', {env, tty: `pts/${60 + index}`, sid: 2000 + index, cwd: REPOS[0]}, someone);
      draft.add(1, spec.helper, {env: {...env, CLAUDE_PID: String(agent.pid)}, tty: null, cwd: REPOS[0]}, {pid: agent.pid});
      return;
    }
    case 'person-shell': {
      const name = spec.configured ? `app-${2 + (index % 3)}` : `p${index}`;
      if (draft.sessions.some(each => each.name === name)) {
        return;
      }
      const unit = `session:default/${name}`;
      const [head] = draft.open(name, spec.configured ? `/home/u/w/${name}` : REPOS[0], [{command: spec.shell, start: spec.start}]);
      if (head !== undefined) {
        draft.users.get(head.pid)?.push({person: unit});
        for (const command of spec.below) {
          const child = draft.add(head.pid, command, {}, {person: unit});
          if (command.includes('vite')) {
            draft.listen(child.pid, draft.nextPort());
          }
        }
        draft.asks.push({ref: unit, unit});
      }
      return;
    }
    case 'worker-daemon': {
      const worker = draft.add(1, 'node /home/u/worker-service.cjs', {cwd: '/home/u', env: draft.gonePane()}, someone);
      for (let at = 0; at < spec.agents; at += 1) {
        draft.add(worker.pid, `claude --output-format json --resume ${at}`, {cwd: REPOS[0]}, {pid: worker.pid});
      }
      return;
    }
    case 'build-daemon':
      draft.add(1, spec.command, {env: {...draft.gonePane(), CLAUDECODE: '1'}, tty: null, cwd: REPOS[0]}, someone);
      return;
    case 'left-over': {
      const left = draft.add(1, spec.command, {env: {...draft.gonePane(), CLAUDECODE: '1'}, tty: null, cwd: REPOS[0]});
      draft.listen(left.pid, draft.nextPort());
      return;
    }
  }
};

const APP: ConfiguredRig = {
  name: 'app',
  path: '/home/u/w/app',
  session: 'app-{slot}',
  slots: 4,
  slotStride: 10,
  services: [{name: 'web', basePort: 5381, command: 'npx vite --port {port}'}],
};

export interface WorldSpec {
  /** What the tmux server itself was started with: an agent may have been the first to use tmux. */
  readonly serverEnv: 'clean' | 'agent' | 'slot' | 'other-pane';
  readonly rigs: boolean;
  readonly parts: readonly Part[];
}

const SERVER_ENV: Readonly<Record<WorldSpec['serverEnv'], Readonly<Record<string, string>>>> = {
  clean: {},
  agent: {CLAUDECODE: '1'},
  slot: {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '1'},
  'other-pane': {CLAUDECODE: '1', TMUX: '/tmp/tmux-1000/outer,650,0', TMUX_PANE: '%3'},
};

export const buildLiving = (spec: WorldSpec): LivingWorld => {
  const draft = new Draft(SERVER_ENV[spec.serverEnv]);
  spec.parts.forEach((part, index) => {
    addPart(draft, part, index);
  });
  const rigs: readonly ConfiguredRig[] = [
    APP,
    ...(spec.rigs ? REPOS.map(path => ({...APP, name: path.slice(10), path, session: null, services: []})) : []),
  ];
  const servers = [
    server('default', draft.sessions),
    // The pane that the server was started in is gone; its server answers.
    ...(spec.serverEnv === 'other-pane' ? [server('outer', [], {pid: 650})] : []),
  ];
  return {
    snapshot: look({
      processes: [
        process(SERVER, 1, 'tmux new-session -d', {comm: 'tmux: server', env: draft.serverEnv}),
        process(650, 1, 'tmux -L outer new-session -d', {comm: 'tmux: server'}),
        ...draft.processes,
      ],
      listeners: draft.listeners,
      connections: draft.connections,
      servers,
      checkouts: Object.fromEntries(
        [...REPOS, '/home/u/w/app', ...[1, 2, 3, 4].map(slot => `/home/u/w/app-${slot}`)].map(path => [path, path.replace(/-\d$/, '')]),
      ),
      worktrees: [1, 2, 3, 4].map(slot => ({path: `/home/u/w/app-${slot}`, mainRoot: '/home/u/w/app', branch: `b${slot}`})) as never,
    }),
    settings: {...settings, rigs},
    users: draft.users,
    asks: draft.asks,
  };
};

const agentPart: fc.Arbitrary<AgentPart> = fc.record({
  part: fc.constant('agent' as const),
  repo: fc.constantFrom(0, 1),
  program: fc.constantFrom('claude', 'codex', 'gemini', 'opencode'),
  how: fc.constantFrom('direct', 'typed', 'then-shell'),
  helper: fc.boolean(),
  mate: fc.boolean(),
});

const part: fc.Arbitrary<Part> = fc.oneof(
  {weight: 4, arbitrary: agentPart},
  {
    weight: 3,
    arbitrary: fc.record({
      part: fc.constant('shared-daemon' as const),
      program: fc.constantFrom(
        'codex app-server --listen unix:// --managed-daemon',
        'opencode serve --port 7001',
        'claude daemon run',
        'cline --cline-hub-daemon',
      ),
      parent: fc.constantFrom('agent', 'init'),
      starter: fc.constantFrom('lives', 'gone'),
      clients: fc.nat(2),
      tool: fc.boolean(),
    }),
  },
  fc.record({
    part: fc.constant('server-job' as const),
    command: fc.constantFrom('cat', 'sh -c cat >>log', 'node watch-agent.js', 'mcp-server-git', 'sleep 1000'),
  }),
  fc.record({part: fc.constant('background-session' as const), readopted: fc.boolean()}),
  fc.record({
    part: fc.constant('headless' as const),
    command: fc.constantFrom('claude -p long task', 'codex exec long task', 'gemini -p x', 'opencode run x', 'qwen -p x'),
  }),
  fc.record({
    part: fc.constant('own-script' as const),
    command: fc.constantFrom('python3 gemini.py', 'node codex.js', 'python3 /home/u/bots/aider.py', 'node ./claude.ts'),
  }),
  fc.record({part: fc.constant('login' as const), port: fc.boolean()}),
  fc.record({part: fc.constant('twins' as const)}),
  fc.record({
    part: fc.constant('agent-elsewhere' as const),
    holder: fc.constantFrom('SCREEN -S work', 'dtach -n /tmp/d claude', 'abduco -n work claude'),
    helper: fc.constantFrom('mcp-server-git', 'node node_modules/.bin/vite', 'node server.js'),
  }),
  fc.record({
    part: fc.constant('person-shell' as const),
    shell: fc.constantFrom('bash', '-zsh', 'fish', 'bash --rcfile /tmp/nix-shell.rc', 'nu --config /home/u/c.nu'),
    start: fc.constantFrom('', '"claude; exec bash"', '"codex; bash"'),
    below: fc.subarray(['cat', 'node node_modules/.bin/vite', 'node node_modules/.bin/vitest', 'less README.md']),
    configured: fc.boolean(),
  }),
  fc.record({part: fc.constant('worker-daemon' as const), agents: fc.integer({min: 1, max: 3})}),
  fc.record({
    part: fc.constant('build-daemon' as const),
    command: fc.constantFrom(
      'turbo daemon',
      'java org.gradle.launcher.daemon.bootstrap.GradleDaemon 8.5',
      'watchman --foreground',
      'pm2 God Daemon',
    ),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      part: fc.constant('left-over' as const),
      command: fc.constantFrom('node node_modules/.bin/vite', 'mcp-server-git', 'node /x/node_modules/mcp-server-files/index.js', 'claude'),
    }),
  },
);

export const worldSpec: fc.Arbitrary<WorldSpec> = fc.record({
  serverEnv: fc.constantFrom('clean', 'agent', 'slot', 'other-pane'),
  rigs: fc.boolean(),
  parts: fc.array(part, {minLength: 1, maxLength: 6}),
});
