// What the tests on real programs share: a private home in which agents work against the model stand-in, a private tmux, and rigtop.
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createRigtop, type Rigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {type Sighted, sight, signalTo} from '../support/marked.ts';
import {startModel} from '../support/model-stand-in.ts';
import {type PrivateTmux, privateTmux, type TmuxPane} from '../support/private-tmux.ts';
import type {Scope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {binDirectory, cacheDirectory, PROGRAMS, type ProgramName} from './programs.ts';

export interface Agent {
  readonly ref: string;
  readonly runtime: string | null;
  readonly state: string;
  readonly session: string | null;
  readonly pid: number | null;
  readonly hint: {readonly state: string; readonly text: string | null; readonly source: 'record' | 'screen'} | null;
}

export interface Finding {
  readonly id: string;
  readonly kind: string;
  readonly certainty: 'sure' | 'unknown';
  readonly subject: string;
  readonly title: string;
  readonly processes: readonly {readonly pid: number}[];
  readonly remedies: readonly string[];
}

export interface Target {
  readonly ref: string;
  readonly pid: number | null;
  readonly result?: string;
}

export interface Plan {
  readonly targets: readonly Target[];
  readonly outcome?: {readonly ok: boolean; readonly targets: readonly Target[]; readonly ports: readonly {port: number; free: boolean}[]};
  readonly error?: {readonly code: string; readonly message: string};
}

interface Status {
  readonly agents: readonly Agent[];
  readonly sessions: readonly {readonly name: string; readonly attached: number}[];
  readonly findings: readonly Finding[];
}

/** A process as the field sees it: what proc_pid_stat(5) says, and its argv. */
export interface Seen extends Sighted {
  readonly args: readonly string[];
}

export interface Field {
  readonly home: string;
  readonly tmux: PrivateTmux;
  /** A git repository of that name below the home, made when it is asked for; agents trust it. */
  repository(name: string): string;
  /** Start a session in a repository, in place of one that an earlier try has left; its first pane. */
  session(name: string, repository: string, command?: readonly string[]): Promise<TmuxPane>;
  /** Type a line into a session's active pane; Enter follows in a write of its own, because agents take one chunk for a paste. */
  type(session: string, line: string): Promise<void>;
  /**
   * Type an order to the model into an agent, and wait until the model has it. Enter is pressed again while it has not: an agent that is still
   * coming up takes the text and swallows the key.
   */
  order(session: string, line: string): Promise<void>;
  /** Press a key until the screen of the session shows it: a dialog that has just come up swallows keys too. */
  press(session: string, key: string, text: RegExp): Promise<void>;
  /** Wait until the screen of the session shows it; the screen. */
  shows(session: string, text: RegExp): Promise<string>;
  status(): Promise<Status>;
  /** `rigtop ARGUMENTS --json` that plans or acts. */
  plan(...argv: readonly string[]): Promise<Plan>;
  /** The same with whatever comes of it: its exit code. */
  run(...argv: readonly string[]): Promise<number | null>;
  /** The agent in that session, once it is in the report. */
  agentIn(session: string, runtime: string): Promise<Agent>;
  readonly rigtop: Rigtop;
  /** What tools have answered to the model. */
  readonly answers: readonly string[];
}

/** Of the form that is approved once and for all in the private home; opens nothing. */
const KEY = 'stand-in-key-of-the-tests-000000';
/** Claude remembers approved keys by their ends. */
const KEY_END = KEY.slice(-20);

const homeOf = (pid: number): string | undefined => {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.match(/\0HOME=([^\0]*)/)?.[1];
  } catch {
    return undefined;
  }
};

/** Every living process, with its argv. */
const everyProcess = (): readonly Seen[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => sight(Number(name)) ?? [])
    .filter(({state}) => state !== 'Z' && state !== 'X')
    .flatMap(seen => {
      try {
        return [{...seen, args: readFileSync(`/proc/${seen.pid}/cmdline`, 'utf8').split('\0')}];
      } catch {
        return [];
      }
    });

/** Agents scrub the environment of what they start, the tests' own marker with it; the private home stays in it. */
const endThoseOf = (home: string): Promise<unknown> =>
  waitFor('the processes of the private home to end', () => {
    const left = everyProcess().filter(({pid}) => homeOf(pid) === home);
    for (const each of left) {
      signalTo(each, 'SIGKILL');
    }
    return left.length === 0;
  });

/** The first living process of this home whose argv joined by spaces matches. */
export const processOf = (field: Field, args: RegExp): Promise<Seen> =>
  waitFor(`a process ${args}`, () => everyProcess().find(seen => args.test(seen.args.join(' ')) && homeOf(seen.pid) === field.home));

/** The living processes of this home whose argv matches. */
export const processesOf = (field: Field, args: RegExp): readonly Seen[] =>
  everyProcess().filter(seen => args.test(seen.args.join(' ')) && homeOf(seen.pid) === field.home);

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, text, {mode: 0o600});
};

const searchPath = (): string =>
  [...(Object.keys(PROGRAMS) as ProgramName[]).map(binDirectory), process.env.PATH ?? '/usr/bin:/bin'].join(':');

const REPOSITORIES = ['a', 'b', 'c'];

/** The configuration with which each agent comes up at its prompt: no account, no question, the stand-in as its model. */
const configure = (home: string, url: string): void => {
  const paths = REPOSITORIES.map(name => join(home, 'w', name));
  for (const path of paths) {
    mkdirSync(path, {recursive: true});
    execFileSync('git', ['init', '--quiet', path]);
  }
  write(
    join(home, '.claude.json'),
    JSON.stringify({
      hasCompletedOnboarding: true,
      bypassPermissionsModeAccepted: true,
      customApiKeyResponses: {approved: [KEY_END]},
      projects: Object.fromEntries(paths.map(path => [path, {hasTrustDialogAccepted: true}])),
    }),
  );
  // Claude's daemon starts background sessions without where the API is: they read it here.
  write(join(home, '.claude', 'settings.json'), JSON.stringify({env: {ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: KEY}}));
  write(
    join(home, '.codex', 'config.toml'),
    [
      'model = "stand-in"',
      'model_provider = "stand-in"',
      'approval_policy = "never"',
      'sandbox_mode = "danger-full-access"',
      'check_for_update_on_startup = false',
      '[model_providers.stand-in]',
      'name = "stand-in"',
      `base_url = "${url}/v1"`,
      'wire_api = "responses"',
      ...paths.flatMap(path => [`[projects."${path}"]`, 'trust_level = "trusted"']),
      '',
    ].join('\n'),
  );
  write(
    join(home, '.gemini', 'settings.json'),
    JSON.stringify({
      security: {auth: {selectedType: 'gemini-api-key'}, folderTrust: {enabled: false}},
      general: {enableAutoUpdate: false},
    }),
  );
  write(
    join(home, '.qwen', 'settings.json'),
    JSON.stringify({
      security: {auth: {selectedType: 'openai'}},
      general: {enableAutoUpdate: false, disableAutoUpdate: true},
      // The stand-in calls only what it is offered.
      tools: {toolSearch: {enabled: false}},
    }),
  );
  write(
    join(home, '.config', 'opencode', 'opencode.json'),
    JSON.stringify({
      model: 'anthropic/claude-sonnet-4-5',
      autoupdate: false,
      provider: {anthropic: {options: {baseURL: `${url}/v1`, apiKey: KEY}}},
    }),
  );
  // Login shells begin with the system's own PATH.
  write(join(home, '.profile'), `PATH='${searchPath()}'\n`);
  // Short, only to save waiting.
  write(join(home, '.config', 'rigtop', 'config.toml'), '[thresholds]\norphan_min_age = "1s"\nterm_grace = "2s"\n');
};

/** How long an agent has before it is asked the same again. */
const AGAIN_MS = 5000;

/** Do it, and again every few seconds, until it has had its effect. */
const insist = async (what: string, act: () => Promise<unknown>, done: () => boolean | Promise<boolean>): Promise<void> => {
  let acted = Number.NEGATIVE_INFINITY;
  await waitFor(
    what,
    async () => {
      if (await done()) {
        return true;
      }
      if (performance.now() - acted > AGAIN_MS) {
        acted = performance.now();
        await act();
      }
      return false;
    },
    {deadlineMs: 40_000},
  );
};

const environmentOf = (home: string, url: string): Record<string, string> => ({
  HOME: home,
  PATH: searchPath(),
  ANTHROPIC_BASE_URL: url,
  ANTHROPIC_API_KEY: KEY,
  // Claude asks root for it before it may work without questions.
  IS_SANDBOX: '1',
  DISABLE_AUTOUPDATER: '1',
  // The stand-in calls only what it is offered, and no tool that has to be looked for first.
  ENABLE_TOOL_SEARCH: 'false',
  GEMINI_API_KEY: KEY,
  GOOGLE_GEMINI_BASE_URL: url,
  OPENAI_API_KEY: KEY,
  OPENAI_BASE_URL: `${url}/v1`,
  OPENAI_MODEL: 'stand-in',
  NEXT_TELEMETRY_DISABLED: '1',
  // opencode fetches a package for its plug-ins before it shows anything, and without a network tries for 72 s.
  npm_config_fetch_retries: '0',
  // Copilot needs no account for a model of one's own; allowed all, it trusts the folder.
  COPILOT_OFFLINE: 'true',
  COPILOT_ALLOW_ALL: 'true',
  COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
  COPILOT_MODEL: 'stand-in',
});

/**
 * A field of its own, gone with its scope. Its home lies beside the programs, because Claude and Codex behave otherwise below /tmp.
 * `config` is added to rigtop's own.
 */
export const openField = async (scope: Scope): Promise<Field> => {
  await builtBinary();
  const homes = join(cacheDirectory(), 'homes');
  mkdirSync(homes, {recursive: true});
  const home = mkdtempSync(join(homes, 'h'));
  scope.add(() => rmSync(home, {recursive: true, force: true, maxRetries: 5, retryDelay: 100}));
  scope.add(() => endThoseOf(home));
  const {url, answers, orders} = await startModel(scope);
  configure(home, url);
  const tmux = await privateTmux(scope, {env: environmentOf(home, url)});
  const rigtop = await createRigtop(scope, {tmpdir: tmux.tmpdir});
  const env = {HOME: home};
  const key = (session: string, name: string): Promise<string> => tmux.run('send-keys', '-t', `=${session}:`, name);
  const screenOf = (session: string): Promise<string> => tmux.run('capture-pane', '-p', '-t', `=${session}:`);
  const plain = (text: string): string => text.replaceAll(/\s/g, '');
  /** Put the line where the cursor is; done when its end stands on the screen, which may break it anywhere. */
  const enter = async (session: string, line: string): Promise<void> => {
    await tmux.run('send-keys', '-t', `=${session}:`, '-l', line);
    await waitFor(`${line} on the screen`, async () =>
      plain(await tmux.run('capture-pane', '-pJ', '-t', `=${session}:`)).includes(plain(line.slice(-12))),
    );
  };
  const status = async (): Promise<Status> => (await rigtop.seen<Status>(['status'], {env, cwd: home})).document;
  return {
    home,
    tmux,
    rigtop,
    answers,
    repository: name => join(home, 'w', name),
    session: async (name, repository, command = []) => {
      await tmux.run('kill-session', '-t', `=${name}`).catch(() => undefined);
      return tmux.newSession(name, {cwd: join(home, 'w', repository), command});
    },
    type: async (session, line) => {
      await enter(session, line);
      await key(session, 'Enter');
    },
    order: async (session, line) => {
      const times = (): number => orders.filter(each => each === line).length;
      const before = times();
      await enter(session, line);
      await insist(
        `the model to get ${line}`,
        () => key(session, 'Enter'),
        () => times() > before,
      );
    },
    press: (session, name, text) =>
      insist(
        `${text} in ${session} after ${name}`,
        () => key(session, name),
        async () => text.test(await screenOf(session)),
      ),
    shows: (session, text) => {
      return waitFor(
        `${text} in ${session}`,
        async () => {
          const screen = await screenOf(session);
          return text.test(screen) && screen;
        },
        {deadlineMs: 60_000, describe: () => screenOf(session)},
      );
    },
    status,
    plan: async (...argv) => (await rigtop.seen<Plan>(argv, {env, cwd: home})).document,
    run: async (...argv) => (await rigtop.run(argv, {env, cwd: home})).code,
    agentIn: (session, runtime) => {
      let last: readonly Agent[] = [];
      return waitFor(
        `${runtime} in ${session}`,
        async () => {
          last = (await status()).agents;
          return last.find(agent => agent.session === `session:${tmux.name}/${session}` && agent.runtime === runtime);
        },
        {describe: () => JSON.stringify(last)},
      );
    },
  };
};
