// A look that is just enough to tell whose some processes are: everybody by name, and in detail those in question and where agents run.
import {homeOf} from '../../config/layers.ts';
import {type LoadedConfig, loadConfig} from '../../config/load.ts';
import {trustPath} from '../../config/trust-file.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import {ancestorsOf} from '../../core/domain/forest.ts';
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {Listener} from '../../core/domain/listener.ts';
import {baseName} from '../../core/domain/paths.ts';
import type {Process} from '../../core/domain/process.ts';
import type {Settings} from '../../core/domain/settings.ts';
import type {SocketUse, TerminalProcess} from '../../core/domain/socket-use.ts';
import {createEngine} from '../../core/engine.ts';
import {ownWorld} from '../../core/judge/own/own-world.ts';
import {type Ownership, ownershipFor} from '../../core/judge/own/ownership.ts';
import {indexRuntimes} from '../../core/judge/programs/recognise-runtime.ts';
import type {Host, MachineTables} from '../../core/os/host.ts';
import {withDetailsOf} from '../../core/os/light-table.ts';
import {createHost} from '../../core/os/real-host.ts';
import {readSocketUses} from '../../core/os/socket-uses.ts';
import {MARKERS, SOURCES} from '../../sources/sources.ts';

export interface OwnLook {
  /** With what was read of them for this. */
  readonly processes: ReadonlyMap<number, Process>;
  /** Unknown where no agent asks, or its conversation cannot be told. */
  readonly ownership: Known<Ownership>;
}

type Table = ReadonlyMap<number, TerminalProcess>;

const LISTENERS_MS = 500;
const VERSION = /^v?\d+\.\d+\.\d+/;

/** Whoever may be an agent program by any of its names: what its environment says decides of some. */
const mayBeAgent = ({comm, argv}: TerminalProcess, {runtimes}: Pick<Settings, 'runtimes'>): boolean => {
  const {byName, byScript, rows} = indexRuntimes(runtimes);
  const names = [comm, ...argv.slice(0, 3).map(baseName)];
  return (
    names.some(name => byName.has(name) || byScript.has(name) || VERSION.test(name)) ||
    rows.some(({endings}) => endings.some(end => argv.slice(0, 3).some(word => word.endsWith(end))))
  );
};

/** In question, with everybody above; who asks, with everybody above; agents, with everybody above. */
const inDetail = (table: Table, pids: readonly number[], settings: Settings): ReadonlySet<number> => {
  const agents = [...table.values()].filter(process => mayBeAgent(process, settings)).map(({pid}) => pid);
  return new Set([...pids, process.pid, ...agents].flatMap(pid => [pid, ...ancestorsOf(table, pid)]));
};

const NOT_EVERYBODY = unknown('it was not looked for among everybody');

const asListener = ({family, inode, pids, localPort, localAddress}: SocketUse, table: Table): Listener => ({
  family,
  inode,
  port: localPort,
  address: localAddress,
  uid: table.get(pids[0] ?? 0)?.uid ?? -1,
  owners: pids.length > 0 ? known(pids) : NOT_EVERYBODY,
});

const listenersOf = (pids: readonly number[], table: Table): MachineTables['listeners'] => {
  const sockets = readSocketUses(null, LISTENERS_MS, pids);
  if (!sockets.known) {
    return sockets;
  }
  const listening = sockets.value.filter(socket => socket.listening);
  return known({listeners: listening.map(socket => asListener(socket, table)), incomplete: null});
};

/** The person's configuration; what a project's file says of the guard does not count. */
export const guardConfig = ({env, cwd}: {readonly env: Host['env']; readonly cwd: string}): Promise<LoadedConfig> =>
  loadConfig({
    path: undefined,
    cwd,
    env,
    flags: {towns: [], repos: [], sockets: [], readOnly: true},
    trust: trustPath(stateDirectory(env, homeOf(env))),
  });

/** `conversation`: what the runtime names on the hook's input. */
export const lookForOwn = async (
  table: Table,
  pids: readonly number[],
  {
    config,
    env,
    cwd,
    conversation,
  }: {readonly config: LoadedConfig; readonly env: Host['env']; readonly cwd: string; readonly conversation?: string | undefined},
): Promise<OwnLook> => {
  const {settings} = config;
  const detailed = inDetail(table, pids, settings);
  const real = createHost({markers: MARKERS, env, cwd});
  const tables = async (): Promise<MachineTables> => ({
    processes: known(withDetailsOf(table, detailed, MARKERS)),
    processesTookMs: 0,
    listeners: listenersOf([...detailed], table),
    listenersTookMs: 0,
  });
  const engine = createEngine({host: {...real, readTables: tables}, settings, sources: SOURCES, makePerform: null});
  try {
    const assessment = await engine.refresh();
    const {self} = assessment.snapshot;
    return {
      processes: assessment.snapshot.processes,
      ownership: ownershipFor(ownWorld(assessment, settings), {process: {pid: self.pid, startTime: self.startTime}, conversation}),
    };
  } finally {
    await engine.close();
  }
};
