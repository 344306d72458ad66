// Builds a real fleet on private tmux servers in a temporary directory, with every kind of trouble in it, and removes it again. Linux only.
import {randomBytes} from 'node:crypto';
import {mkdirSync, mkdtempSync, realpathSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {DEMO_DIRECTORY} from '../core/domain/demo-directory.ts';
import type {ProcessId} from '../core/domain/process.ts';
import {townSocketName} from '../core/domain/town-socket.ts';
import type {Host} from '../core/os/host.ts';
import {createHost} from '../core/os/real-host.ts';
import {DEMO_MARKER, STAND_IN, type StartedPart} from './behaviour.ts';
import {demoConfig, SLOT_STRIDE, SLOTS} from './demo-config.ts';
import {binOf, layPlaces, type Places, placesOf} from './demo-places.ts';
import {type DemoSession, type DemoWindow, demoSessions, GONE_PARTS, partsOfSessions} from './demo-sessions.ts';
import {type DemoTmux, demoTmux} from './demo-tmux.ts';
import {findFreeBase} from './free-ports.ts';
import {DEMO_PREFIX, readStarted, writeManifest} from './manifest.ts';
import {readIdentity, readPidNamespace, signalSelf} from './own-processes.ts';
import {removeFleet, removeLeftovers} from './remove-fleet.ts';
import {startWatchdog} from './watchdog.ts';

const READY_DEADLINE_MS = 30_000;
const POLL_MS = 15;
const LOCK_AGE_MS = 3_600_000;
/** sun_path of unix(7), less what tmux appends: `/tmux-4294967295/` and a socket name. */
const LONGEST_DIRECTORY = 70;

export interface DemoOptions {
  /** The caller's environment: PATH, TERM, TMPDIR and rigtop's own variables are taken from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The stand-in and the watchdog; next to the bundle by default. */
  readonly programs?: {readonly standIn: string; readonly watchdog: string};
  /** Base of the ports where it is free; else any. */
  readonly basePort?: number;
}

export interface DemoFleet {
  readonly id: string;
  readonly directory: string;
  readonly configPath: string;
  /** Sockets of its two tmux servers. */
  readonly sockets: {readonly demo: string; readonly town: string};
  /** The environment in which a program sees this fleet's places and tmux servers, and the user's own no more. */
  readonly env: Readonly<Record<string, string>>;
  /** What a program has to add to be part of it: seen by it, and ended with it. */
  readonly membership: Readonly<Record<string, string>>;
  readonly places: Places;
  readonly basePort: number;
  /** Every part that has reported, also those that are gone by now. */
  readonly parts: ReadonlyMap<string, StartedPart>;
  /** Demos of killed rigtops that were removed before. */
  readonly leftovers: readonly string[];
  readonly watchdogPid: number;
  /** End everything and remove the directory; what could not be ended. */
  remove(): Promise<readonly ProcessId[]>;
}

const builtProgram = (name: string): string =>
  fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? `../../dist/${name}.js` : `./${name}.js`, import.meta.url));

const makeDirectory = (env: DemoOptions['env']): string => {
  const parent = realpathSync(env.TMPDIR || tmpdir());
  return mkdtempSync(join(parent.length + DEMO_PREFIX.length + 6 > LONGEST_DIRECTORY ? '/tmp' : parent, DEMO_PREFIX));
};

/** Nothing of the user's environment goes in but what programs need to run, and rigtop's own variables. */
const demoEnv = (env: DemoOptions['env'], directory: string): Record<string, string> => {
  const kept = Object.entries(env).filter(([name]) => name === 'PATH' || (name.startsWith('RIGTOP_') && name !== DEMO_MARKER));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    HOME: join(directory, 'home'),
    SHELL: '/bin/sh',
    TERM: env.TERM || 'screen',
    TMUX_TMPDIR: directory,
  };
};

const until = async (host: Host, what: string, predicate: () => boolean): Promise<void> => {
  const start = host.monotonicMs();
  while (!predicate()) {
    if (host.monotonicMs() - start > READY_DEADLINE_MS) {
      throw new Error(`the demo did not come up: waited ${READY_DEADLINE_MS} ms for ${what}`);
    }
    await host.sleep(POLL_MS);
  }
};

/** A word that the shell reads as itself. */
const quoted = (word: string): string => (/^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const startWindow = async (tmux: DemoTmux, directory: string, session: DemoSession, window: DemoWindow, first: boolean): Promise<void> => {
  const program = ['node', join(binOf(directory), window.program), ...window.args];
  // tmux runs several arguments as they are, and a single one by a shell.
  const argv = window.shell === null ? program : [window.shell(program.map(quoted).join(' '))];
  const request = {cwd: window.cwd, argv, env: {...session.env, [STAND_IN]: JSON.stringify(window.behaviour)}};
  if (first) {
    await tmux.newSession(session.name, window.name, request);
  } else if (window.lasting === true) {
    await tmux.newLastingWindow(session.name, window.name, request);
  } else {
    await tmux.newWindow(session.name, window.name, request);
  }
};

const startSession = async (tmux: DemoTmux, directory: string, session: DemoSession): Promise<void> => {
  for (const [index, window] of session.windows.entries()) {
    await startWindow(tmux, directory, session, window, index === 0);
  }
};

/** The town's lock names a process that is gone: this one has said its pid and ended. */
const deadPid = async (host: Host): Promise<number> => {
  const result = await host.run('/bin/sh', ['-c', 'echo $$'], {timeoutMs: 5_000});
  return Number(result.stdout.trim());
};

const populate = async (
  host: Host,
  places: Places,
  basePort: number,
  servers: Readonly<Record<DemoSession['server'], DemoTmux>>,
): Promise<void> => {
  const {directory} = places;
  const sessions = demoSessions(places, basePort);
  const names = partsOfSessions(sessions);
  await Promise.all(
    (['demo', 'town'] as const).map(async server => {
      for (const session of sessions.filter(each => each.server === server)) {
        await startSession(servers[server], directory, session);
      }
    }),
  );
  await until(host, 'its programs', () => {
    const started = new Set(readStarted(directory).map(({part}) => part));
    return names.every(name => started.has(name));
  });
  for (const session of sessions.filter(each => each.doomed === true)) {
    await servers[session.server].killSession(session.name);
  }
  await until(host, 'the doomed to end', () =>
    readStarted(directory).every(({part, pid, startTime}) => !GONE_PARTS.has(part) || readIdentity(pid)?.startTime !== startTime),
  );
};

const build = async (
  host: Host,
  places: Places,
  standIn: string,
  wantedBase: number | undefined,
): Promise<Omit<DemoFleet, 'id' | 'env' | 'membership' | 'leftovers' | 'watchdogPid' | 'remove'>> => {
  const {directory} = places;
  layPlaces(places, standIn, {
    pid: await deadPid(host),
    acquired_at: new Date(host.epochMs() - LOCK_AGE_MS).toISOString(),
    session_id: '%999',
    hostname: host.hostname,
  });
  const slots = Array.from({length: SLOTS + 1}, (_, slot) => slot * SLOT_STRIDE);
  const basePort = await findFreeBase(
    slots.flatMap(offset => [offset, offset + 1]),
    wantedBase,
  );
  const configPath = join(places.home, '.config', 'rigtop', 'config.toml');
  mkdirSync(dirname(configPath), {recursive: true, mode: 0o700});
  writeFileSync(configPath, demoConfig({town: places.town, shop: places.shop, basePort}), {mode: 0o600});
  const servers = {
    demo: demoTmux(host, directory, 'demo'),
    town: demoTmux(host, directory, townSocketName(places.town, realpathSync(places.town))),
  };
  await populate(host, places, basePort, servers);
  return {
    directory,
    configPath,
    sockets: {demo: servers.demo.socket, town: servers.town.socket},
    places,
    basePort,
    parts: new Map(readStarted(directory).map(part => [part.part, part])),
  };
};

const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'];

const turn = (): Promise<void> =>
  new Promise(resolve => {
    setImmediate(resolve);
  });

/** A signal that comes while `make` runs takes effect behind it: a directory that nobody watches yet would stay for ever. */
const undisturbed = async <T>(make: () => T): Promise<T> => {
  const came: NodeJS.Signals[] = [];
  const hold = (signal: NodeJS.Signals): void => {
    came.push(signal);
  };
  for (const signal of ENDING) {
    process.on(signal, hold);
  }
  try {
    return make();
  } finally {
    // What came meanwhile is delivered in between.
    await turn();
    await turn();
    for (const signal of ENDING) {
      process.off(signal, hold);
    }
    for (const signal of came.slice(0, 1)) {
      signalSelf(signal);
    }
  }
};

/** Everything or nothing: when building fails, what was built is removed before the error is passed on. */
export const buildDemoFleet = async ({env: outer, programs, basePort}: DemoOptions): Promise<DemoFleet> => {
  const {standIn, watchdog: watchdogProgram} = programs ?? {standIn: builtProgram('stand-in'), watchdog: builtProgram('demo-watchdog')};
  const owner = readIdentity(process.pid);
  if (owner === null) {
    throw new Error('the demo needs /proc: it finds its own processes again by their environment');
  }
  const id = randomBytes(8).toString('hex');
  const {directory, env, membership, host, watchdog} = await undisturbed(() => {
    const place = makeDirectory(outer);
    const own = demoEnv(outer, place);
    const marks = {PATH: `${binOf(place)}:${own.PATH ?? ''}`, [DEMO_MARKER]: id, [DEMO_DIRECTORY]: place};
    const inside = createHost({markers: new Set(), env: {...own, ...marks}, cwd: place});
    writeManifest(place, {schema: 'rigtop/demo@1', id, owner, bootId: inside.bootId, pidNamespace: readPidNamespace()});
    return {directory: place, env: own, membership: marks, host: inside, watchdog: startWatchdog(watchdogProgram, place, own)};
  });
  const remove = async (): Promise<readonly ProcessId[]> => {
    await host.close();
    return (await watchdog.release()) ? [] : removeFleet(directory);
  };
  try {
    const leftovers = await removeLeftovers(dirname(directory), host.bootId);
    return {
      id,
      ...(await build(host, placesOf(directory), standIn, basePort)),
      env,
      membership,
      leftovers,
      watchdogPid: watchdog.pid,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
};
