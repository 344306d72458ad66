// Inside namespaces of its own: for each command a fleet, who the guard says would end, and who has ended once an agent has run it.
// `--real`: with real servers, each of which is a chain of processes; `--hook`: what the built hook answers below the agent.
import {execFileSync, spawn} from 'node:child_process';
import {readdirSync, readFileSync, rmSync, writeFileSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {readCaller} from '../../../src/cli/guard/guard-caller.ts';
import {resolveCommand} from '../../../src/cli/guard/resolve.ts';
import {monotonicNow} from '../../../src/core/os/clock.ts';
import {type Case, readCorpus} from './corpus.ts';
import {prepareReal, realChains} from './real-fleet.ts';
import {prepare, UID} from './scripts.ts';

const [first] = process.argv.slice(2);
const IS_REAL = first === '--real';
const ROOT = '/tmp/f';
const BINARY = join(import.meta.dirname, '../../../dist/rigtop.js');
const DEADLINE_MS = 20_000;
/** Node of the fleet comes first, and npm asks nobody. */
const REAL_ENV = {PATH: `${ROOT}/bin:${process.env.PATH}`, HOME: ROOT, npm_config_update_notifier: 'false', npm_config_offline: 'true'};
const FLEET = ['a', 'b'].flatMap(tree => ['agent', 'vite', 'mcp', 'daemon', 'far'].map(name => `${tree}.${name}`));
const EVERYBODY = [...FLEET, 'browser', 'database', 'editor'];

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

const until = async (what: () => string, holds: () => boolean): Promise<void> => {
  const end = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > end) {
      throw new Error(`waited in vain for ${what()}`);
    }
    await pause(2);
  }
};

const stateOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.charAt(stat.lastIndexOf(')') + 2);
  } catch {
    return 'X';
  }
};

const isAlive = (pid: number): boolean => !/[ZX]/.test(stateOf(pid));

const endNow = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
};

/** Everybody in these namespaces but their init, this program and what started it. */
const clear = async (): Promise<void> => {
  const own = new Set([1, process.pid, process.ppid]);
  const others = (): readonly number[] =>
    readdirSync('/proc')
      .map(Number)
      .filter(pid => Number.isInteger(pid) && !own.has(pid) && !isMine(pid) && isAlive(pid));
  await until(
    () => `${others()} to be gone`,
    () => {
      for (const pid of others()) {
        endNow(pid);
      }
      return others().length === 0;
    },
  );
};

/** tsx runs as two, with a helper. */
const isMine = (pid: number): boolean => {
  try {
    return (
      /tsx|esbuild|run-corpus/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1')) || readFileSync(`/proc/${pid}/cmdline`).length === 0
    );
  } catch {
    return true;
  }
};

interface Fleet {
  readonly pids: ReadonlyMap<string, number>;
  /** Everybody of one name: a real server runs below what has started it. */
  readonly chains: ReadonlyMap<string, readonly number[]>;
  run(command: string): Promise<void>;
}

const TMUX = ['tmux', '-f', '/dev/null'];
const asAgent = (args: readonly string[]): void => {
  execFileSync('setpriv', ['--reuid', String(UID), '--regid', String(UID), '--clear-groups', ...args], {
    env: {PATH: process.env.PATH, HOME: ROOT, LC_ALL: 'C'},
    stdio: 'ignore',
  });
};

/** Sessions of a person, one of which has a child that ignores the hang-up and one that has left. */
const startTmux = async (): Promise<void> => {
  const dev = (name: string): string => `exec ${ROOT}/bin/node ${ROOT}/lib/dev.js ${name}`;
  for (const name of ['work', 'app-1', 'app-2', 'zeta']) {
    asAgent([...TMUX, 'new-session', '-d', '-s', name, '-c', `${ROOT}/w/b`, dev(name)]);
  }
  asAgent([...TMUX, 'new-window', '-d', '-t', '=zeta:', dev('zeta-2')]);
};

const startFleet = async ({tmux}: Case): Promise<Fleet> => {
  const pids = new Map<string, number>();
  const arena = [join(import.meta.dirname, 'fleet.pl'), ROOT, String(UID), ...(IS_REAL ? ['real'] : [])];
  const child = spawn('perl', arena, {stdio: ['pipe', 'pipe', 'inherit', 'pipe'], env: {...process.env, ...(IS_REAL ? REAL_ENV : {})}});
  const ready = child.stdio[3];
  if (ready !== null && ready !== undefined && 'on' in ready) {
    createInterface({input: ready as NodeJS.ReadableStream}).on('line', line => {
      const [name = '', pid] = line.split(' ');
      pids.set(name, Number(pid));
    });
  }
  child.stdin?.on('error', () => undefined);
  const chains = new Map<string, readonly number[]>();
  await until(
    () => `${EVERYBODY.filter(name => !pids.has(name))}`,
    () => {
      for (const [name, chain] of IS_REAL ? realChains() : []) {
        chains.set(name, chain);
        pids.set(name, chain.at(-1) ?? 0);
      }
      return pids.size === EVERYBODY.length;
    },
  );
  if (tmux) {
    await startTmux();
    for (const line of execFileSync(
      'setpriv',
      ['--reuid', String(UID), '--clear-groups', ...TMUX, 'list-panes', '-a', '-F', '#{pid} #{pane_pid} #{session_name}:#{window_index}'],
      {encoding: 'utf8'},
    )
      .trim()
      .split('\n')) {
      const [server, pid, name = ''] = line.split(' ');
      pids.set('tmux', Number(server));
      pids.set(name, Number(pid));
    }
  }
  const output = createInterface({input: child.stdout ?? process.stdin});
  const agent = pids.get('a.agent') ?? 0;
  for (const [name, pid] of pids) {
    chains.set(name, chains.get(name) ?? [pid]);
  }
  return {
    pids,
    chains,
    run: command =>
      new Promise((resolve, reject) => {
        const timer = setInterval(() => (isAlive(agent) ? undefined : done()), 5);
        const limit = setTimeout(() => reject(new Error(`${command} did not end`)), DEADLINE_MS);
        const done = (): void => {
          clearInterval(timer);
          clearTimeout(limit);
          resolve();
        };
        output.once('line', done);
        child.stdin?.write(`${Buffer.from(command).toString('hex')}\n`);
      }),
  };
};

const namesOf = (fleet: Fleet, isMeant: (pid: number) => boolean): readonly string[] =>
  [...fleet.chains]
    .filter(([, chain]) => chain.some(isMeant))
    .map(([name]) => name)
    .toSorted();

const withPids = (command: string, fleet: Fleet): string =>
  command.replace(/\{([ab]\.\w+)\}/g, (_, name: string) => String(fleet.pids.get(name)));

const play = async (row: Case): Promise<unknown> => {
  const fleet = await startFleet(row);
  const command = withPids(row.command, fleet);
  const env = {PATH: process.env.PATH, HOME: ROOT};
  const caller = {
    ...(await readCaller({env, cwd: `${ROOT}/w/a`, home: ROOT})),
    uid: UID,
    user: 'nobody-1000',
    runtimePid: fleet.pids.get('a.agent') ?? null,
  };
  const tmux = {directory: `/tmp/tmux-${UID}`, socket: `/tmp/tmux-${UID}/default`, pane: null};
  const resolved = await resolveCommand(command, {...caller, tmux}, env, process.pid, monotonicNow() + DEADLINE_MS);
  const said = new Set(resolved.endings.map(({pid}) => pid));
  const predicted = namesOf(fleet, pid => said.has(pid));
  if (row.undecided || row.dry) {
    return {...row, predicted, died: null, doubts: resolved.undecided.map(({because}) => because)};
  }
  await fleet.run(command);
  // Who is signalled takes a moment to be gone; who is not stays.
  const end = performance.now() + 3000;
  const spared = (): readonly number[] => [...fleet.chains.values()].flat().filter(pid => said.has(pid) && isAlive(pid));
  while (spared().length > 0 && performance.now() < end) {
    await pause(3);
  }
  if (spared().length > 0) {
    throw new Error(`${spared().map(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))} lives`);
  }
  const died = namesOf(fleet, pid => !isAlive(pid));
  return {...row, predicted, died, doubts: resolved.undecided.map(({because}) => because)};
};

/** What the built hook says of it, asked below the agent as its own hooks are. */
const ask = async (row: Case): Promise<unknown> => {
  const fleet = await startFleet(row);
  const command = withPids(row.command, fleet);
  const input = JSON.stringify({session_id: 'none', cwd: `${ROOT}/w/a`, tool_name: 'Bash', tool_input: {command}});
  writeFileSync(`${ROOT}/input`, input);
  rmSync(`${ROOT}/answer`, {force: true});
  await fleet.run(`HOME=${ROOT} '${process.execPath}' '${BINARY}' guard --for claude < ${ROOT}/input > ${ROOT}/answer`);
  const text = readFileSync(`${ROOT}/answer`, 'utf8');
  const {hookSpecificOutput: said} = text === '' ? {hookSpecificOutput: undefined} : JSON.parse(text);
  return {
    command: row.command,
    ends: row.ends,
    decision: said?.permissionDecision ?? 'allow',
    reason: said?.permissionDecisionReason ?? '',
  };
};

/** The first command of each set of victims. */
const firstOfEach = (rows: readonly Case[]): readonly Case[] =>
  [
    ...new Map(
      rows
        .filter(({undecided}) => !undecided)
        .toReversed()
        .map(row => [row.ends.join(), row]),
    ).values(),
  ].toReversed();

prepare(ROOT);
if (IS_REAL) {
  prepareReal(ROOT, UID);
}
const corpus = readCorpus(readFileSync(join(import.meta.dirname, IS_REAL ? 'real-corpus.txt' : 'corpus.txt'), 'utf8'));
const isHook = first === '--hook';
const meant = first === undefined || isHook || IS_REAL ? corpus : corpus.filter(({command}) => command.includes(first));
for (const row of isHook ? firstOfEach(meant) : meant) {
  const answer = await (isHook ? ask(row) : play(row)).catch((error: unknown) => ({
    ...row,
    predicted: [],
    died: null,
    doubts: [],
    trouble: String(error),
  }));
  writeSync(1, `${JSON.stringify(answer)}\n`);
  await clear();
}
process.exit(0);
