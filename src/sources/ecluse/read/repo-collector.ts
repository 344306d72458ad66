// Repositories with declared slots: which there are, and what their config, state and pid files say. Reads only.

import {basename, isAbsolute, join} from 'node:path';
import {type Known, known, type SourceStatus, unknown} from '../../../core/domain/known.ts';
import type {Provenance} from '../../../core/domain/provenance.ts';
import type {PidFile, SlotConfig, SlotRecord, SlotRepo} from '../../../core/domain/repo.ts';
import type {Settings} from '../../../core/domain/settings.ts';
import type {SeenSoFar} from '../../../core/look/looking-source.ts';
import {cachedReader} from '../../../core/look/read-cached.ts';
import {reasonOf} from '../../../core/look/within-time.ts';
import type {FileRead, Host} from '../../../core/os/host.ts';
import {withinDeadline} from '../../../core/os/within-deadline.ts';
import {countOf} from '../../../words/counts.ts';
import {parseEcluseConfig} from '../parse-ecluse-config.ts';
import {parseEcluseState, parsePidFile, type RecordedSession} from '../parse-ecluse-state.ts';

const ECLUSE_CONFIG = '.ecluse.toml';
const CONFIG_BYTES = 256 * 1024;
const STATE_BYTES = 1024 * 1024;
const PID_BYTES = 4 * 1024;
const MOST_PID_FILES = 256;
/** Of the time for all of them: what is left is for telling of those that were late. */
const SHARE = 0.8;
const LIMIT_MS = 2000;

/** Where the tool writes them, below whichever `.ecluse` is nearest. */
const PID_FILE = /^(.+\/\.ecluse)\/pids\/[^/]+\/[^/]+\.pid$/;

/** Whether a look has come far enough to know that there is a repository: its real path. */
interface Sight {
  realRoot: string | null;
}

export interface RepoCollector {
  /**
   * Look at every repository that settings, the working directory or a seen checkout names and that has a config file. One that is late
   * or breaks is a blind spot of its own. `limitMs` is for all of them.
   */
  collect(
    seen: Pick<SeenSoFar, 'checkouts'>,
    limitMs?: number,
  ): Promise<{readonly repos: readonly SlotRepo[]; readonly sources: readonly SourceStatus[]}>;
}

/** A read that proved nothing is unknown with its reason; a missing file is whatever the caller says absence means. */
const orWhenMissing = <T>(read: FileRead<Known<T>>, whenMissing: Known<T>): Known<T> => {
  switch (read.state) {
    case 'ok':
      return read.value;
    case 'missing':
      return whenMissing;
    case 'unknown':
      return unknown(read.because);
  }
};

/** A record may name any file of the machine, and some do something when they are read. */
const STRANGE: FileRead<never> = {state: 'unknown', because: 'its record names a pid file that is not below .ecluse/pids'};

const withTellingNames = (repos: readonly SlotRepo[]): readonly SlotRepo[] => {
  const counts = new Map<string, number>();
  for (const {name} of repos) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return repos.map(repo => ((counts.get(repo.name) ?? 0) > 1 ? {...repo, name: repo.realRoot} : repo));
};

const describe = (repo: SlotRepo, tookMs: number): SourceStatus => {
  const trouble = [
    repo.config.known ? null : `${ECLUSE_CONFIG}: ${repo.config.because}`,
    repo.sessions.known ? null : repo.sessions.because,
  ].filter(reason => reason !== null);
  const faults = repo.config.known ? repo.config.value.faults : [];
  const count = repo.sessions.known ? repo.sessions.value.length : 0;
  return {
    source: 'ecluse',
    target: repo.realRoot,
    state: trouble.length > 0 ? 'unknown' : 'ok',
    detail: trouble.length > 0 ? trouble.join('; ') : [`${countOf(count, 'slot')} in use`, ...faults].join('; '),
    tookMs,
  };
};

/** Records are plain data, so equal text means equal facts; keeping the old object spares everything behind a comparison. */
const isSame = (a: SlotRepo, b: SlotRepo): boolean => a.realRoot === b.realRoot && JSON.stringify(a) === JSON.stringify(b);

/** What the pid files and the work tree of one session say. */
const createSessionReader = (host: Host) => {
  const readPid = cachedReader(host.files, () => host.epochMs(), parsePidFile, PID_BYTES);

  const readPidFiles = async (root: string, session: RecordedSession): Promise<Known<readonly PidFile[]>> => {
    // The tool writes pid files below the nearest `.ecluse` of the work tree, which need not be the repository's own.
    const directory = join(root, '.ecluse', 'pids', session.slug);
    const listed = await host.files.list(directory);
    if (listed.state === 'unknown') {
      return unknown(listed.because);
    }
    const inDirectory = listed.state === 'ok' ? listed.value.filter(name => name.endsWith('.pid')).map(name => join(directory, name)) : [];
    const paths = new Set([...session.pidFilePaths.filter(isAbsolute), ...inDirectory]);
    if (paths.size > MOST_PID_FILES) {
      return unknown(`${paths.size} pid files; no more than ${MOST_PID_FILES} are read`);
    }
    const files: PidFile[] = [];
    for (const path of paths) {
      const within = PID_FILE.exec(path)?.[1];
      const read = within === undefined ? STRANGE : await readPid(path, within);
      if (read.state === 'unknown') {
        return unknown(read.because);
      }
      if (read.state === 'ok') {
        files.push({path, service: basename(path, '.pid'), ...read.value});
      }
    }
    return known(files);
  };

  const lookAtSession = async (root: string, session: RecordedSession): Promise<SlotRecord> => {
    const {pidFilePaths: _, ...recorded} = session;
    const worktree = await host.files.inspect(session.worktreePath);
    const real = await host.files.realPath(session.worktreePath);
    return {
      ...recorded,
      worktreeRealPath: real.state === 'ok' ? real.value : session.worktreePath,
      worktreeExists: worktree.state === 'unknown' ? unknown(worktree.because) : known(worktree.state === 'ok'),
      pidFiles: await readPidFiles(root, session),
    };
  };

  return lookAtSession;
};

/** Nearest directory upwards that has a config file, as the tool itself looks for it. */
const findUpwards = async (host: Host, directory: string): Promise<string | null> => {
  for (let place = directory; ; place = join(place, '..')) {
    if ((await host.files.inspect(join(place, ECLUSE_CONFIG))).state === 'ok') {
      return place;
    }
    if (place === join(place, '..')) {
      return null;
    }
  }
};

/** What one repository says, once it answers. */
const createRepoReader = (host: Host) => {
  const now = (): number => host.epochMs();
  const readConfig = cachedReader(host.files, now, parseEcluseConfig, CONFIG_BYTES);
  const readState = cachedReader(host.files, now, parseEcluseState, STATE_BYTES);
  const lookAtSession = createSessionReader(host);

  const lookAtRepo = async (
    {root, realRoot, provenance}: Pick<SlotRepo, 'root' | 'realRoot' | 'provenance'>,
    config: Known<SlotConfig>,
  ): Promise<SlotRepo> => {
    const state = orWhenMissing(await readState(join(root, '.ecluse', 'state.json'), root), known([]));
    const sessions = state.known ? known(await Promise.all(state.value.map(session => lookAtSession(root, session)))) : state;
    return {tool: 'ecluse', name: basename(realRoot), root, realRoot, provenance, config, sessions};
  };

  const lookAt = async (root: string, provenance: Provenance, sight: Sight): Promise<SlotRepo | 'none'> => {
    const real = await host.files.realPath(root);
    const config = await readConfig(join(root, ECLUSE_CONFIG), root);
    if (real.state !== 'ok' || config.state === 'missing') {
      return 'none';
    }
    sight.realRoot = real.value;
    return lookAtRepo({root, realRoot: real.value, provenance}, orWhenMissing(config, unknown('missing')));
  };

  return lookAt;
};

/** A repository of which nothing more is known than that it is there. */
const blindRepo = (root: string, realRoot: string, provenance: Provenance, because: string): SlotRepo => ({
  tool: 'ecluse',
  name: basename(realRoot),
  root,
  realRoot,
  provenance,
  config: unknown(because),
  sessions: unknown(because),
});

/**
 * Looks at repositories one by one, each within its time. `realRootOf`: where an earlier look found it. That something is there is known
 * once its configuration was seen, or from an earlier look; what it says is not.
 */
const createGuardedReader = (host: Host, realRootOf: (root: string) => string | null) => {
  const lookAt = createRepoReader(host);
  /** Looks at one repository that have not come back: none is begun beside them. */
  const hanging = new Map<string, Sight>();

  return async (root: string, provenance: Provenance, limitMs: number): Promise<SlotRepo | 'none'> => {
    const blind = (sight: Sight, because: string): SlotRepo | 'none' => {
      const realRoot = sight.realRoot ?? realRootOf(root);
      return realRoot === null ? 'none' : blindRepo(root, realRoot, provenance, because);
    };
    const earlier = hanging.get(root);
    if (earlier !== undefined) {
      return blind(earlier, 'it still hangs in an earlier look');
    }
    const sight: Sight = {realRoot: null};
    hanging.set(root, sight);
    try {
      const running = lookAt(root, provenance, sight).finally(() => hanging.delete(root));
      const answer = await withinDeadline(running, limitMs);
      return answer.inTime ? answer.value : blind(sight, `it did not answer within ${Math.round(limitMs)} ms`);
    } catch (error) {
      return blind(sight, `it broke: ${reasonOf(error)}`);
    }
  };
};

export const createRepoCollector = (host: Host, settings: Settings): RepoCollector => {
  let previous: ReadonlyMap<string, SlotRepo> = new Map();
  const guarded = createGuardedReader(host, root => [...previous.values()].find(repo => repo.root === root)?.realRoot ?? null);

  return {
    collect: async ({checkouts}, limitMs = LIMIT_MS) => {
      const started = host.monotonicMs();
      const named = new Set(settings.repos);
      const rigs = new Set(settings.rigs.map(rig => rig.path));
      const candidates = new Set(named);
      for (const checkout of checkouts) {
        candidates.add(checkout.mainRoot);
      }
      const here = await findUpwards(host, host.cwd);
      if (here !== null) {
        candidates.add(here);
      }
      const looks = await Promise.all(
        [...candidates].map(async root => {
          const provenance: Provenance = named.has(root) || rigs.has(root) ? 'named' : 'found';
          return [root, await guarded(root, provenance, limitMs * SHARE)] as const;
        }),
      );
      const repos = new Map<string, SlotRepo>();
      const sources: SourceStatus[] = [];
      for (const [root, repo] of looks) {
        if (repo !== 'none' && !repos.has(repo.realRoot)) {
          repos.set(repo.realRoot, rigs.has(repo.realRoot) ? {...repo, provenance: 'named'} : repo);
        } else if (repo === 'none' && named.has(root)) {
          // Only a repository that a person named is missed; any other directory simply has no slots.
          const real = await host.files.realPath(root);
          const because = real.state === 'unknown' ? real.because : `no ${ECLUSE_CONFIG} there`;
          sources.push({source: 'ecluse', target: root, state: 'unknown', detail: because, tookMs: host.monotonicMs() - started});
        }
      }
      const next = withTellingNames([...repos.values()]).map(repo => {
        const old = previous.get(repo.realRoot);
        return old !== undefined && isSame(old, repo) ? old : repo;
      });
      previous = new Map(next.map(repo => [repo.realRoot, repo]));
      const tookMs = host.monotonicMs() - started;
      return {repos: next, sources: [...next.map(repo => describe(repo, tookMs)), ...sources]};
    },
  };
};
