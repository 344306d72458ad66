// Where Gas Towns may be: settings, the working directory, environments, the usual place; then which of them are towns. Reads directories.
import type {Server} from '../../../core/domain/multiplexer.ts';
import type {Process} from '../../../core/domain/process.ts';
import type {Provenance} from '../../../core/domain/provenance.ts';
import type {Settings} from '../../../core/domain/settings.ts';
import type {Host} from '../../../core/os/host.ts';
import type {FileCache} from './file-cache.ts';

/** What the other sources saw in this look: environments name towns. */
export interface Seen {
  readonly processes: ReadonlyMap<number, Process>;
  readonly servers: readonly Server[];
}

/** A directory that is a town, by every path that led to it, the one it was asked for by first. */
export interface FoundTown {
  readonly realPath: string;
  readonly paths: readonly string[];
  /** `named` when one of the paths is the person’s own word. */
  readonly provenance: Provenance;
}

export interface Search {
  readonly towns: readonly FoundTown[];
  /** Places that somebody named and that hold no town (`absent`) or could not be looked at (`unknown`). */
  readonly misses: readonly {readonly path: string; readonly state: 'absent' | 'unknown'; readonly because: string}[];
}

const MARKER = 'mayor/town.json';

const clean = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

const expand = (path: string, home: string): string => clean(path === '~' || path.startsWith('~/') ? home + path.slice(1) : path);

const ROOT_VARIABLES = ['GT_TOWN_ROOT', 'GT_ROOT'] as const;

const rootsIn = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  ROOT_VARIABLES.flatMap(name => (env[name]?.startsWith('/') ? [clean(env[name])] : []));

const seenRoots = ({processes, servers}: Seen): ReadonlySet<string> => {
  const roots = new Set<string>();
  const take = (env: Readonly<Record<string, string>>): void => {
    for (const root of rootsIn(env)) {
      roots.add(root);
    }
  };
  for (const process of processes.values()) {
    if (process.env.known) {
      take(process.env.value);
    }
  }
  for (const server of servers) {
    for (const session of server.sessions) {
      take(session.env ?? {});
    }
  }
  return roots;
};

const upwards = (path: string): readonly string[] => {
  const steps = clean(path).split('/');
  return steps.map((_, index) => steps.slice(0, index + 1).join('/')).filter(directory => directory !== '');
};

/** The outermost directory on the way up that carries the marker: a rig may hold a clone of a town's own repository. */
const outermost = async (cache: FileCache, start: string): Promise<string | null> => {
  for (const directory of upwards(start)) {
    if ((await cache.inspect(`${directory}/${MARKER}`)).state === 'ok') {
      return directory;
    }
  }
  return null;
};

export const findTowns = async (host: Host, cache: FileCache, settings: Settings, seen: Seen): Promise<Search> => {
  const configured = settings.towns.map(path => expand(path, host.home));
  const fromCwd = await outermost(cache, host.cwd);
  const usual = `${clean(host.home)}/gt`;
  const named = new Set([...configured, ...rootsIn(host.env), usual]);
  const candidates = new Set([...configured, ...rootsIn(host.env), ...seenRoots(seen), ...(fromCwd === null ? [] : [fromCwd]), usual]);
  const byRealPath = new Map<string, string[]>();
  const misses: {path: string; state: 'absent' | 'unknown'; because: string}[] = [];
  for (const path of candidates) {
    const marker = await cache.inspect(`${path}/${MARKER}`);
    const real = marker.state === 'ok' ? await host.files.realPath(path) : marker;
    if (real.state === 'ok' && typeof real.value === 'string') {
      byRealPath.set(real.value, [...(byRealPath.get(real.value) ?? []), path]);
    } else if (real.state === 'unknown') {
      misses.push({path, state: 'unknown', because: real.because});
    } else if (configured.includes(path)) {
      misses.push({path, state: 'absent', because: `no ${MARKER} in it`});
    }
  }
  return {
    towns: [...byRealPath].map(([realPath, paths]) => ({
      realPath,
      paths: [...new Set([...paths, realPath])],
      provenance: paths.some(path => named.has(path)) ? 'named' : 'found',
    })),
    misses,
  };
};
