// Every tmux server of this user, side by side: one that hangs or fails takes nothing from the others.

import type {SourceStatus} from '../../../core/domain/known.ts';
import type {Server, Session} from '../../../core/domain/multiplexer.ts';
import type {Process} from '../../../core/domain/process.ts';
import type {Settings} from '../../../core/domain/settings.ts';
import {canonicalSocket} from '../../../core/look/canonical-socket.ts';
import type {Host, ProcessTable} from '../../../core/os/host.ts';
import {randomHex} from '../../../core/os/random-hex.ts';
import {breathe} from '../../../core/os/slices.ts';
import {pathsElsewhere, removedElsewhere, takenOver} from '../hidden-servers.ts';
import {bearsOut, childrenOfServers, jobsOf} from '../tmux-family.ts';
import {type Sighting, sourceOf, withProcesses} from '../tmux-sighting.ts';
import {createServerCollector, type ServerCollector} from './tmux-server.ts';
import {findSockets, nameSockets} from './tmux-sockets.ts';

export interface TmuxLook {
  readonly servers: readonly Server[];
  readonly sources: readonly SourceStatus[];
}

export interface TmuxCollector {
  /**
   * One look. `table` is awaited last: it says which process a silent server is; null when it could not be read. `whole`: every server is
   * asked, even one that has not run since it answered.
   */
  collect(deadlineMs: number, table: Promise<Pick<ProcessTable, 'processes'> | null>, whole?: boolean): Promise<TmuxLook>;
}

/** A dead socket is trusted to be dead while nobody listens on its path; a listener in another network namespace shows only to a connect. */
const FORGET_EVERY = 32;
/** Sockets connected to at the same time. */
const AT_ONCE = 64;

const INSTALL = 'apt-get install tmux, or what it is called here';

const sameServer = (a: Server, b: Server): boolean =>
  a.name === b.name &&
  a.state === b.state &&
  a.because === b.because &&
  a.pid === b.pid &&
  a.version === b.version &&
  a.sessions.length === b.sessions.length &&
  a.sessions.every((session, index) => session === b.sessions[index]);

/** Sessions that a fleet's tools start carry a dash in their names (`gt-rig-name`, `ecluse-slug`); a person's `0` or `main` is not asked. */
const hasFleetName = (session: Session): boolean => session.name.includes('-');

interface Elsewhere {
  /** Paths that can be asked. */
  readonly paths: readonly string[];
  /** What is said of those whose file is gone. */
  readonly removed: readonly SourceStatus[];
}

/** What lives on paths of its own that were not looked at. Where only some sockets were asked for, the others are nobody's question. */
const searchElsewhere = async (
  host: Host,
  sockets: Settings['sockets'],
  {sightings, listening}: Pick<SocketsLook, 'sightings' | 'listening'>,
  processes: ReadonlyMap<number, Process>,
): Promise<Elsewhere> => {
  const servers = sockets === null ? pathsElsewhere(sightings, processes, host.uid, listening) : [];
  const found = await Promise.all(
    servers.map(async ({path, pid}) => ({path, pid, isRemoved: (await host.files.inspect(path)).state === 'missing'})),
  );
  const there = await Promise.all(found.filter(({isRemoved}) => !isRemoved).map(({path}) => canonicalSocket(host, path)));
  return {
    paths: [...new Set(there)].filter(path => !sightings.some(({server}) => server.socket === path)),
    removed: found.filter(({isRemoved}) => isRemoved).map(({path, pid}) => removedElsewhere(path, pid)),
  };
};

/** Several at a time, until none is left. */
const forEachAtOnce = async <T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> => {
  const queue = [...things];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await work(next);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, worker));
};

/** Paths in the socket directory that are no sockets: tmux leaves lock files there. */
const createStrangers = (host: Host) => {
  const strangers = new Set<string>();
  return {
    forget: (): void => strangers.clear(),
    has: (path: string): boolean => strangers.has(path),
    learn: async (paths: readonly string[]): Promise<void> => {
      for (const path of paths.filter(each => !strangers.has(each))) {
        const info = await host.files.inspect(path);
        if (info.state === 'ok' && (info.value.kind === 'file' || info.value.kind === 'directory')) {
          strangers.add(path);
        }
      }
    },
  };
};

interface Sockets {
  /**
   * `answered`: a server that has answered once stays on the list; that it is gone is an answer too. `elsewhere`: paths that servers were told
   * to listen on, wherever they lie.
   */
  look(deadlineMs: number, answered: Iterable<string>, elsewhere: ReadonlySet<string>, whole: boolean): Promise<SocketsLook>;
  /** Ask one of them once more, whatever has not run; undefined for one that is none of them. */
  askAgain(server: Server, timeoutMs: number): Promise<Sighting> | undefined;
}

interface SocketsLook {
  readonly sightings: readonly Sighting[];
  /** What is said besides: that there is no server, or that its sockets could not be looked at. */
  readonly extra: readonly SourceStatus[];
  readonly listening: ReadonlyMap<string, number>;
}

/** The servers of all sockets, each with a collector that remembers it from look to look. */
const createSockets = (host: Host, settings: Settings, needsEnvironment: (session: Session) => boolean): Sockets => {
  const nonce = randomHex(4);
  const strangers = createStrangers(host);
  let collectors = new Map<string, ServerCollector>();
  let looks = 0;
  let isMissing = false;

  const noServer = async (directory: string, again: boolean, timeoutMs: number): Promise<Omit<SourceStatus, 'tookMs'>> => {
    if (again || isMissing) {
      isMissing = (await host.run('tmux', ['-V'], {timeoutMs})).trouble === 'missing';
    }
    const status = {source: 'tmux', target: 'default', state: 'absent'} as const;
    return isMissing ? {...status, detail: 'tmux is not installed', hint: INSTALL} : {...status, detail: `no socket in ${directory}`};
  };

  const look: Sockets['look'] = async (deadlineMs, answered, elsewhere, whole) => {
    const started = host.monotonicMs();
    const left = (): number => Math.max(1, started + deadlineMs - host.monotonicMs());
    const {directory, sockets: found, present, blind, listening} = await findSockets(host, settings);
    const doubt = looks++ % FORGET_EVERY === 0;
    if (doubt) {
      strangers.forget();
    }
    await strangers.learn(found.filter(path => !collectors.has(path)));
    const sockets = [...new Set([...found, ...answered, ...elsewhere])].filter(path => !strangers.has(path));
    const names = nameSockets(sockets, new Set([...elsewhere].filter(path => !found.includes(path))));
    collectors = new Map(
      sockets.map(socket => [socket, collectors.get(socket) ?? createServerCollector(host, socket, nonce, needsEnvironment)]),
    );
    const sightings: Sighting[] = [];
    await forEachAtOnce([...collectors], async ([socket, collector]) => {
      sightings.push(
        await collector.look({
          name: names.get(socket) ?? socket,
          timeoutMs: left(),
          present: doubt ? null : (present?.has(socket) ?? null),
          listening: listening?.has(socket) ?? null,
          whole,
        }),
      );
    });
    const tookMs = host.monotonicMs() - started;
    const extra: SourceStatus[] = [];
    if (blind !== null) {
      extra.push({source: 'tmux', target: directory, state: 'unknown', detail: `its sockets are not looked at: ${blind}`, tookMs});
    } else if (sightings.length === 0) {
      extra.push({...(await noServer(directory, doubt, left())), tookMs});
    }
    return {sightings, extra, listening: listening ?? new Map()};
  };

  return {
    look,
    askAgain: ({name, socket}, timeoutMs) => collectors.get(socket)?.look({name, timeoutMs, present: null, listening: null, whole: true}),
  };
};

/** Tells, by what runs below a server now, whether an answer that it gave earlier still holds. */
const createWitness = () => {
  /** Children of each server at the last look, by its pid, and those of them that are no panes. */
  let families: ReadonlyMap<number, ReadonlySet<number>> = new Map();
  let jobs: ReadonlyMap<string, ReadonlySet<number>> = new Map();
  return {
    /** Asks those again that were not asked, and whose old answers the table does not bear out. */
    mend: async (
      sightings: readonly Sighting[],
      processes: ReadonlyMap<number, Process> | null,
      ask: (server: Server) => Promise<Sighting> | undefined,
    ): Promise<readonly Sighting[]> => {
      const children = childrenOfServers(
        sightings.map(({server}) => server),
        processes ?? new Map(),
      );
      const stands = ({server, ageMs}: Sighting): boolean => {
        const family = children.get(server.pid ?? -1);
        const known = jobs.get(server.socket) ?? new Set();
        return ageMs === undefined || (processes !== null && family !== undefined && bearsOut(server, processes, family, known));
      };
      const settled = await Promise.all(sightings.map(sighting => (stands(sighting) ? sighting : (ask(sighting.server) ?? sighting))));
      jobs = new Map(
        settled.map(({server, ageMs}) => [
          server.socket,
          ageMs === undefined ? jobsOf(server, families.get(server.pid ?? -1)) : (jobs.get(server.socket) ?? new Set()),
        ]),
      );
      families = children;
      return settled;
    },
  };
};

/** `needsEnvironment`: whose `show-environment` to read; asked for each session that is new or was not read for a while. */
export const createTmuxCollector = (
  host: Host,
  settings: Settings,
  needsEnvironment: (session: Session) => boolean = hasFleetName,
): TmuxCollector => {
  const all = createSockets(host, settings, needsEnvironment);
  const witness = createWitness();
  const answeredOnce = new Set<string>();
  const elsewhere = new Set<string>();
  let before: ReadonlyMap<string, Server> = new Map();

  const share = (server: Server): Server => {
    const old = before.get(server.socket);
    return old !== undefined && sameServer(old, server) ? old : server;
  };

  /** The sockets, and those besides that the process table tells of: one look more when such a server is seen for the first time. */
  const lookEverywhere = async (
    deadlineMs: number,
    table: Promise<Pick<ProcessTable, 'processes'> | null>,
    isWhole: boolean,
  ): Promise<{look: SocketsLook; removed: readonly SourceStatus[]; processes: ReadonlyMap<number, Process> | null}> => {
    const started = host.monotonicMs();
    const [first, told] = await Promise.all([all.look(deadlineMs, answeredOnce, elsewhere, isWhole), table]);
    const processes = told?.processes ?? null;
    await breathe();
    const {paths, removed} = await searchElsewhere(host, settings.sockets, first, processes ?? new Map());
    for (const {server, condition} of first.sightings) {
      if (condition === 'gone' && !answeredOnce.has(server.socket)) {
        elsewhere.delete(server.socket);
      }
    }
    if (paths.length === 0) {
      return {look: first, removed, processes};
    }
    for (const path of paths) {
      elsewhere.add(path);
    }
    const left = Math.max(1, started + deadlineMs - host.monotonicMs());
    return {look: await all.look(left, answeredOnce, elsewhere, isWhole), removed, processes};
  };

  return {
    collect: async (deadlineMs, table, isWhole = false) => {
      const {look, removed, processes: told} = await lookEverywhere(deadlineMs, table, isWhole);
      const sightings = await witness.mend(look.sightings, told, server => all.askAgain(server, deadlineMs));
      const processes: ReadonlyMap<number, Process> = told ?? new Map();
      const hidden = [...takenOver(sightings, processes, host.uid, look.listening), ...removed];
      const settled = sightings
        .map(sighting => withProcesses(sighting, sightings, processes))
        .map(sighting => ({...sighting, server: share(sighting.server)}))
        .sort((a, b) => (a.server.socket < b.server.socket ? -1 : 1));
      for (const {server, condition} of settled) {
        if (condition === 'answers') {
          answeredOnce.add(server.socket);
        }
      }
      before = new Map(settled.map(({server}) => [server.socket, server]));
      return {servers: settled.map(({server}) => server), sources: [...settled.map(sourceOf), ...hidden, ...look.extra]};
    },
  };
};
