// Throw-away processes for tests: orphans, ignorers, escapees, listeners, chains. All marked, all ended with their scope.
import {type ChildProcess, spawn} from 'node:child_process';
import {rm} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {identify, MARKER, type Sighted, sight, signalTo} from './marked.ts';
import type {Scope} from './scope.ts';
import {waitFor} from './wait-for.ts';

const PROGRAM = fileURLToPath(new URL('throwaway-program.mjs', import.meta.url));

/** What one process does. `name` is unique in its tree. */
export interface Spec {
  readonly name: string;
  /** Ends by itself after this, ten minutes unless given. */
  readonly lifeMs?: number;
  /** Signals it does not die of. */
  readonly ignore?: readonly ('SIGTERM' | 'SIGHUP' | 'SIGINT')[];
  /** A TCP listener; port 0 (any free one) unless given. */
  readonly listen?: {readonly host: string; readonly port?: number; readonly ipv6Only?: boolean};
  readonly children?: readonly Spec[];
  /** Exit once the children are started: they become orphans (the second half of a double fork). */
  readonly leave?: boolean;
  /** Start it as the leader of a session of its own (setsid(2)). */
  readonly setsid?: boolean;
  /** Put a shell between it and its parent; the shell reports nothing. */
  readonly shell?: boolean;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Start it without the inherited environment: the marker is lost too, so it must be ended by identity (done by startTree). */
  readonly emptyEnv?: boolean;
  /** Forked on SIGTERM: a late child. `thenExit` ends the forker afterwards. */
  readonly onTerm?: Spec & {readonly thenExit?: boolean};
  readonly exitAfterMs?: number;
  /** Rewrites argv and comm (`process.title`). */
  readonly title?: string;
}

export interface Started extends ProcessId {
  readonly name: string;
  readonly port: number | null;
}

export interface Tree {
  readonly root: Started;
  /** By name; throws for a name that has not reported. */
  get(name: string): Started;
  /** Everything that has reported so far, late children included. */
  all(): readonly Started[];
  readonly marker: string;
}

const countOf = (spec: Spec): number => (spec.children ?? []).reduce((sum, child) => sum + countOf(child), 1);

const markedEnv = (marker: string, extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => {
  const {TMUX: _, TMUX_PANE: __, ...clean} = process.env;
  return {...clean, ...extra, [MARKER]: marker};
};

/** Start a tree and wait until every process in it is ready. The root is our child unless it leaves. */
export const startTree = async (scope: Scope, spec: Spec): Promise<Tree> => {
  const marker = scope.marker();
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(spec)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: markedEnv(marker, spec.env),
    detached: spec.setsid === true,
    ...(spec.cwd === undefined ? {} : {cwd: spec.cwd}),
  });
  const started = new Map<string, Started>();
  createInterface({input: child.stdout}).on('line', line => {
    const report = JSON.parse(line) as Started;
    started.set(report.name, report);
  });
  scope.add(() => {
    for (const each of started.values()) {
      signalTo(each, 'SIGKILL');
    }
    child.stdout.destroy();
  });
  const wanted = countOf(spec);
  await waitFor(`${wanted} processes of ${spec.name}`, () => started.size >= wanted);
  const get = (name: string): Started => {
    const one = started.get(name);
    if (one === undefined) {
      throw new Error(`${name} has not reported`);
    }
    return one;
  };
  if (spec.leave) {
    await waitFor(`${spec.name} to leave`, () => child.exitCode !== null);
  }
  return {root: get(spec.name), get, all: () => [...started.values()], marker};
};

/** One process with nothing below it. */
export const startOne = async (scope: Scope, spec: Partial<Spec> = {}): Promise<Started> =>
  (await startTree(scope, {name: 'one', ...spec})).root;

/** A process whose parent has gone: adopted by init or by a subreaper. */
export const startOrphan = async (scope: Scope, spec: Partial<Spec> = {}): Promise<Started> => {
  const tree = await startTree(scope, {name: 'parent', leave: true, children: [{name: 'orphan', ...spec}]});
  const orphan = tree.get(spec.name ?? 'orphan');
  await waitFor('the orphan to be adopted', () => sight(orphan.pid)?.ppid !== tree.root.pid);
  return orphan;
};

/** `depth` processes, each the child of the one before; `shells` puts a shell between any two. Named `link-0` (the root) onwards. */
export const startChain = (
  scope: Scope,
  depth: number,
  {shells = false, last = {}}: {shells?: boolean; last?: Partial<Spec>} = {},
): Promise<Tree> => {
  const link = (index: number): Spec =>
    index === depth - 1
      ? {name: `link-${index}`, shell: shells, ...last}
      : {name: `link-${index}`, shell: shells && index > 0, children: [link(index + 1)]};
  return startTree(scope, link(0));
};

/** A process stopped by SIGSTOP. */
export const startStopped = async (scope: Scope, spec: Partial<Spec> = {}): Promise<Started> => {
  const one = await startOne(scope, spec);
  process.kill(one.pid, 'SIGSTOP');
  await waitFor('the process to stop', () => sight(one.pid)?.state === 'T');
  return one;
};

/** A process whose working directory has been removed under it. */
export const startInDeletedDirectory = async (scope: Scope, spec: Partial<Spec> = {}): Promise<Started & {readonly cwd: string}> => {
  const cwd = await scope.tempDir();
  const one = await startOne(scope, {...spec, cwd});
  await rm(cwd, {recursive: true});
  return {...one, cwd};
};

export interface Defunct {
  readonly parent: ProcessId;
  /** Exited, never waited for (state Z). */
  readonly child: Sighted;
}

/** A parent that does not wait for its child: the shell that forked it has replaced itself by a program that never calls wait(2). */
export const startDefunct = async (scope: Scope): Promise<Defunct> => {
  const child: ChildProcess = spawn('/bin/sh', ['-c', 'sleep 0.2 & exec sleep 600'], {stdio: 'ignore', env: markedEnv(scope.marker())});
  const parent = identify(child.pid ?? 0);
  const {readdirSync} = await import('node:fs');
  const defunct = await waitFor('a defunct child', () =>
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(name => sight(Number(name)))
      .find(seen => seen?.ppid === parent.pid && seen.state === 'Z'),
  );
  return {parent, child: defunct};
};

/** Two processes that hold one listening socket (a forked server): both are owners of the same inode. */
export const startSharedListener = async (scope: Scope): Promise<{readonly port: number; readonly owners: readonly ProcessId[]}> => {
  const marker = scope.marker();
  const child = spawn(process.execPath, [PROGRAM.replace('throwaway-program', 'shared-listener-program')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: markedEnv(marker),
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({input: child.stdout}).once('line', resolve);
    child.once('error', reject);
  });
  const {port, pids} = JSON.parse(line) as {port: number; pids: readonly number[]};
  return {port, owners: pids.map(identify)};
};

const REUSING = `
use IO::Socket::INET;
my $socket = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], ReusePort => 1) or die "listen: $!";
$| = 1;
print $socket->sockport, "\\n";
sleep 600;
`;

/** A listener that shares its port with others of its kind (socket(7), SO_REUSEPORT). In Perl, because Node has that from 22.12 only. */
export const startPortSharer = async (scope: Scope, port = 0): Promise<ProcessId & {readonly port: number}> => {
  const child = spawn('perl', ['-e', REUSING, String(port)], {env: markedEnv(scope.marker()), stdio: ['ignore', 'pipe', 'inherit']});
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({input: child.stdout}).once('line', resolve);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`port ${port} could not be shared`)));
  });
  return {...identify(child.pid ?? 0), port: Number(line)};
};
