// What agent programs record of themselves, read program by program. Reads only, follows no link, and no more than so many files.

import {join} from 'node:path';
import {isRecord, type JsonRecord} from '../../../core/domain/json-fields.ts';
import {known, type SourceStatus, unknown} from '../../../core/domain/known.ts';
import type {Process} from '../../../core/domain/process.ts';
import type {PortRecord, RuntimeJob, RuntimeRecord, RuntimeStore} from '../../../core/domain/runtime-record.ts';
import {type LockTable, readKernelLocks} from '../../../core/look/kernel-locks.ts';
import type {SeenSoFar} from '../../../core/look/looking-source.ts';
import type {Host} from '../../../core/os/host.ts';
import {countOf} from '../../../words/counts.ts';
import {parseClaudeDaemon, parseClaudeJob, parseClaudeRoster, parseClaudeSession} from '../parse-claude.ts';
import {lockedSession, parseCodexDaemon, parseQwenSession} from '../parse-others.ts';
import {parseMiseState, parsePortlessRoutes} from '../parse-ports.ts';
import {createThreadPlaces} from './codex-threads.ts';
import {createLockReader} from './held-locks.ts';
import {type IsExpected, readOwnFile} from './own-file.ts';

export interface RuntimeLook {
  readonly runtimeStores: readonly RuntimeStore[];
  readonly sources: readonly SourceStatus[];
}

/** A machine with more sessions than this has another trouble than a record that was not read. */
const MOST_FILES = 512;
const ROSTER_BYTES = 1024 * 1024;
/** A job holds what it was asked and what it answered. */
const JOB_BYTES = 1024 * 1024;
/** Ports of one file. */
const MOST_PORTS = 512;

/** Gathers what one program’s directory holds. */
interface Gathering {
  readonly records: RuntimeRecord[];
  readonly jobs: RuntimeJob[];
  readonly ports: PortRecord[];
  readonly unreadable: {readonly file: string; readonly because: string}[];
}

/** Only what there is any of. */
const holding = ({jobs, ports}: Gathering): Pick<RuntimeStore, 'jobs' | 'ports'> => ({
  ...(jobs.length > 0 ? {jobs} : {}),
  ...(ports.length > 0 ? {ports} : {}),
});

interface Reading {
  readonly host: Host;
  /** The program’s directory, links resolved. */
  readonly place: string;
  readonly into: Gathering;
  readonly locks: () => Promise<LockTable>;
  /** Whether some process may be of this program. */
  readonly lives: (program: string) => boolean;
}

const note = ({into}: Reading, file: string, because: string): void => {
  into.unreadable.push({file, because});
};

/** Names in a directory of the program’s own that fit; none where there is no such directory. */
const namesIn = async (reading: Reading, directory: string, wanted: RegExp): Promise<readonly string[]> => {
  const path = join(reading.place, directory);
  const info = await reading.host.files.inspect(path);
  if (info.state === 'missing') {
    return [];
  }
  if (info.state === 'unknown' || info.value.kind !== 'directory') {
    note(reading, path, info.state === 'unknown' ? info.because : 'no directory');
    return [];
  }
  const listed = await reading.host.files.list(path);
  if (listed.state !== 'ok') {
    note(reading, path, listed.state === 'unknown' ? listed.because : 'it is gone');
    return [];
  }
  const fitting = listed.value.filter(name => wanted.test(name));
  if (fitting.length > MOST_FILES) {
    note(reading, path, `${fitting.length} files: only the first ${MOST_FILES} were read`);
  }
  return fitting.slice(0, MOST_FILES);
};

/** Reads one file and hands on what it holds. One that is not there, or has just gone, says nothing. */
const open = async <T>(
  reading: Reading,
  name: string,
  isExpected: IsExpected<T>,
  take: (value: T, file: string) => void,
  maxBytes?: number,
): Promise<void> => {
  const file = join(reading.place, name);
  const read = await readOwnFile(reading.host, file, reading.place, isExpected, maxBytes);
  if (read.state === 'unknown') {
    note(reading, file, read.because);
  } else if (read.state === 'ok') {
    take(read.value, file);
  }
};

/** Enters the processes that one file names. */
const enter = (
  reading: Reading,
  name: string,
  parse: (record: JsonRecord, file: string) => RuntimeRecord | readonly RuntimeRecord[] | null,
  maxBytes?: number,
): Promise<void> =>
  open(
    reading,
    name,
    isRecord,
    (record, file) => {
      const parsed = parse(record, file);
      if (parsed === null) {
        note(reading, file, 'it names no process');
      } else {
        reading.into.records.push(...[parsed].flat());
      }
    },
    maxBytes,
  );

const readSessions = async (reading: Reading, parse: (record: JsonRecord, file: string) => RuntimeRecord | null): Promise<void> => {
  for (const name of await namesIn(reading, 'sessions', /^\d{1,10}\.json$/)) {
    await enter(reading, join('sessions', name), parse);
  }
};

const readClaude = async (reading: Reading): Promise<void> => {
  await readSessions(reading, parseClaudeSession);
  await enter(reading, 'daemon/roster.json', parseClaudeRoster, ROSTER_BYTES);
  await enter(reading, 'daemon.lock', parseClaudeDaemon);
  for (const id of await namesIn(reading, 'jobs', /^[0-9a-f]{8}$/)) {
    const take = (job: JsonRecord, file: string): void => {
      const parsed = parseClaudeJob(job, file, id);
      if (parsed === null) {
        note(reading, file, 'it says nothing of its state');
      } else {
        reading.into.jobs.push(parsed);
      }
    };
    await open(reading, join('jobs', id, 'state.json'), isRecord, take, JOB_BYTES);
  }
};

const readMise = async (reading: Reading): Promise<void> => {
  for (const key of await namesIn(reading, 'daemons', /^[\w.-]*\w[\w.-]*$/)) {
    await open(reading, join('daemons', key, 'state.json'), isRecord, (state, file) => {
      reading.into.ports.push(...parseMiseState(state, file).slice(0, MOST_PORTS));
    });
  }
};

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const readPortless = (reading: Reading): Promise<void> =>
  open(reading, 'routes.json', isList, (routes, file) => {
    reading.into.ports.push(...parsePortlessRoutes(routes, file).slice(0, MOST_PORTS));
  });

const livesIn =
  (processes: ReadonlyMap<number, Process>) =>
  (program: string): boolean =>
    [...processes.values()].some(({comm, argv}) => comm.includes(program) || argv.slice(0, 2).some(word => word.includes(program)));

interface Locks {
  readonly held: ReturnType<typeof createLockReader>;
  readonly threads: ReturnType<typeof createThreadPlaces>;
}

const readCodex = async (reading: Reading, {held, threads}: Locks): Promise<void> => {
  await enter(reading, 'app-server-daemon/daemon.pid', parseCodexDaemon);
  await enter(reading, 'app-server-daemon/daemon-updater.pid', parseCodexDaemon);
  // A lock is held by somebody who lives: without such a process there is none, however many files there are.
  if (reading.lives('codex')) {
    const directory = join(reading.place, 'thread-writer-locks');
    for (const {name, file, pid} of await held(directory, /^[0-9a-f-]{36}\.lock$/, await reading.locks())) {
      const id = name.slice(0, -'.lock'.length);
      reading.into.records.push({...lockedSession('codex', file, pid, id), directory: await threads(reading.place, id)});
    }
  }
};

const readCopilot = async (reading: Reading, {held}: Locks): Promise<void> => {
  for (const id of reading.lives('copilot') ? await namesIn(reading, 'session-state', /^[0-9a-f-]{36}$/) : []) {
    const directory = join(reading.place, 'session-state', id);
    for (const {file, pid} of await held(directory, /^inuse\.\d{1,10}\.hold$/, await reading.locks())) {
      reading.into.records.push(lockedSession('copilot', file, pid, id));
    }
  }
};

export const createRuntimeCollector = (host: Host): {collect(seen: Pick<SeenSoFar, 'processes'>): Promise<RuntimeLook>} => {
  const {env, home} = host;
  const own: Locks = {held: createLockReader(host), threads: createThreadPlaces(host)};
  const programs: readonly (readonly [program: string, place: string, read: (reading: Reading) => Promise<void>])[] = [
    ['claude', env.CLAUDE_CONFIG_DIR || join(home, '.claude'), readClaude],
    ['codex', env.CODEX_HOME || join(home, '.codex'), reading => readCodex(reading, own)],
    ['qwen', join(home, '.qwen'), reading => readSessions(reading, parseQwenSession)],
    ['copilot', join(home, '.copilot'), reading => readCopilot(reading, own)],
    ['mise', env.MISE_STATE_DIR || join(env.XDG_STATE_HOME || join(home, '.local', 'state'), 'mise'), readMise],
    ['portless', env.PORTLESS_STATE_DIR || join(home, '.portless'), readPortless],
  ];
  let previous: readonly RuntimeStore[] = [];

  const lookAt = async (
    [program, directory, read]: (typeof programs)[number],
    asked: Pick<Reading, 'locks' | 'lives'>,
  ): Promise<{readonly store: RuntimeStore; readonly source: SourceStatus} | null> => {
    const started = host.monotonicMs();
    const source = (state: SourceStatus['state'], detail: string): SourceStatus => ({
      source: 'runtimes',
      target: program,
      state,
      detail,
      tookMs: host.monotonicMs() - started,
    });
    // The directory itself may be a link: people keep such in a repository of their own. What is in it may not lead out.
    const real = await host.files.realPath(directory);
    if (real.state === 'missing') {
      return null;
    }
    if (real.state === 'unknown') {
      const records = unknown(real.because);
      return {store: {program, place: directory, records, unreadable: []}, source: source('unknown', `${directory}: ${real.because}`)};
    }
    const into: Gathering = {records: [], jobs: [], ports: [], unreadable: []};
    await read({host, place: real.value, into, ...asked});
    const first = into.unreadable[0];
    const all = into.records.length + into.jobs.length + into.ports.length;
    const count = countOf(all, 'record');
    return {
      store: {program, place: real.value, records: known(into.records), ...holding(into), unreadable: into.unreadable},
      source:
        first === undefined
          ? source('ok', count)
          : source(
              'unknown',
              `${first.file}: ${first.because}${into.unreadable.length > 1 ? `, and ${into.unreadable.length - 1} more` : ''}`,
            ),
    };
  };

  /** Unchanged records stay the same objects, so that an unchanged look is seen to be one. */
  const share = (store: RuntimeStore): RuntimeStore => {
    const old = previous.find(each => each.program === store.program);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(store) ? old : store;
  };

  return {
    collect: async ({processes}) => {
      let table: Promise<LockTable> | null = null;
      const locks = (): Promise<LockTable> => {
        table ??= readKernelLocks(host);
        return table;
      };
      const looks = (await Promise.all(programs.map(program => lookAt(program, {locks, lives: livesIn(processes)})))).filter(
        look => look !== null,
      );
      previous = looks.map(({store}) => share(store));
      return {runtimeStores: previous, sources: looks.map(({source}) => source)};
    },
  };
};
