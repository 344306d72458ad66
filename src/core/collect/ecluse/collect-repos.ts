// Repositories with declared slots: which there are, and what their config, state and pid files say. Reads only.
import {basename, isAbsolute, join} from 'node:path';
import {type Known, known, type SourceStatus, unknown} from '../../domain/known.ts';
import type {Provenance} from '../../domain/provenance.ts';
import type {EcluseConfig, EclusePidFile, EcluseRepo, EcluseSession} from '../../domain/repo.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Checkout} from '../../domain/snapshot.ts';
import type {FileRead, Host} from '../../os/host.ts';
import {cachedReader} from '../read-cached.ts';
import {parseEcluseConfig} from './parse-config.ts';
import {parseEcluseState, parsePidFile, type RecordedSession} from './parse-state.ts';

const ECLUSE_CONFIG = '.ecluse.toml';

export interface RepoCollector {
  /** Look at every repository that settings, the working directory or a seen checkout names and that has a config file. */
  collect(checkouts: Iterable<Checkout>): Promise<{readonly repos: readonly EcluseRepo[]; readonly sources: readonly SourceStatus[]}>;
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

const withTellingNames = (repos: readonly EcluseRepo[]): readonly EcluseRepo[] =>
  repos.map(repo => (repos.filter(other => other.name === repo.name).length > 1 ? {...repo, name: repo.realRoot} : repo));

const describe = (repo: EcluseRepo, tookMs: number): SourceStatus => {
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
    detail: trouble.length > 0 ? trouble.join('; ') : [`${count} ${count === 1 ? 'slot' : 'slots'} in use`, ...faults].join('; '),
    tookMs,
  };
};

export const createRepoCollector = (host: Host, settings: Settings): RepoCollector => {
  const now = (): number => host.epochMs();
  const readConfig = cachedReader(host.files, now, parseEcluseConfig);
  const readState = cachedReader(host.files, now, parseEcluseState);
  const readPid = cachedReader(host.files, now, parsePidFile);
  let previous: readonly EcluseRepo[] = [];

  const readPidFiles = async (root: string, session: RecordedSession): Promise<Known<readonly EclusePidFile[]>> => {
    // The tool writes pid files below the nearest `.ecluse` of the work tree, which need not be the repository's own.
    const directory = join(root, '.ecluse', 'pids', session.slug);
    const listed = await host.files.list(directory);
    if (listed.state === 'unknown') {
      return unknown(listed.because);
    }
    const inDirectory = listed.state === 'ok' ? listed.value.filter(name => name.endsWith('.pid')).map(name => join(directory, name)) : [];
    const files: EclusePidFile[] = [];
    for (const path of new Set([...session.pidFilePaths.filter(isAbsolute), ...inDirectory])) {
      const read = await readPid(path);
      if (read.state === 'unknown') {
        return unknown(read.because);
      }
      if (read.state === 'ok') {
        files.push({path, service: basename(path, '.pid'), ...read.value});
      }
    }
    return known(files);
  };

  const lookAtSession = async (root: string, session: RecordedSession): Promise<EcluseSession> => {
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

  const lookAtRepo = async (
    {root, realRoot, provenance}: Pick<EcluseRepo, 'root' | 'realRoot' | 'provenance'>,
    config: Known<EcluseConfig>,
  ): Promise<EcluseRepo> => {
    const state = orWhenMissing(await readState(join(root, '.ecluse', 'state.json')), known([]));
    const sessions = state.known ? known(await Promise.all(state.value.map(session => lookAtSession(root, session)))) : state;
    return {name: basename(realRoot), root, realRoot, provenance, config, sessions};
  };

  /** Nearest directory upwards that has a config file, as the tool itself looks for it. */
  const findUpwards = async (directory: string): Promise<string | null> => {
    for (let place = directory; ; place = join(place, '..')) {
      if ((await host.files.inspect(join(place, ECLUSE_CONFIG))).state === 'ok') {
        return place;
      }
      if (place === join(place, '..')) {
        return null;
      }
    }
  };

  return {
    collect: async checkouts => {
      const started = host.monotonicMs();
      const named = new Set(settings.repos);
      const rigs = new Set(settings.rigs.map(rig => rig.path));
      const candidates = new Set(named);
      for (const checkout of checkouts) {
        candidates.add(checkout.mainRoot);
      }
      const here = await findUpwards(host.cwd);
      if (here !== null) {
        candidates.add(here);
      }
      const repos = new Map<string, EcluseRepo>();
      const sources: SourceStatus[] = [];
      for (const root of candidates) {
        const real = await host.files.realPath(root);
        if (real.state === 'ok' && repos.has(real.value)) {
          continue;
        }
        const config = await readConfig(join(root, ECLUSE_CONFIG));
        if (real.state === 'ok' && config.state !== 'missing') {
          const provenance: Provenance = named.has(root) || rigs.has(root) || rigs.has(real.value) ? 'named' : 'found';
          repos.set(real.value, await lookAtRepo({root, realRoot: real.value, provenance}, orWhenMissing(config, unknown('missing'))));
        } else if (named.has(root)) {
          // Only a repository that a person named is missed; any other directory simply has no slots.
          const because = real.state === 'unknown' ? real.because : `no ${ECLUSE_CONFIG} there`;
          sources.push({source: 'ecluse', target: root, state: 'unknown', detail: because, tookMs: host.monotonicMs() - started});
        }
      }
      const next = withTellingNames([...repos.values()]).map(repo => previous.find(old => isSame(old, repo)) ?? repo);
      previous = next;
      const tookMs = host.monotonicMs() - started;
      return {repos: next, sources: [...next.map(repo => describe(repo, tookMs)), ...sources]};
    },
  };
};

/** Records are plain data, so equal text means equal facts; keeping the old object spares everything behind a comparison. */
const isSame = (a: EcluseRepo, b: EcluseRepo): boolean => a.realRoot === b.realRoot && JSON.stringify(a) === JSON.stringify(b);
