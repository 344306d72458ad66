// rigtop supervise: one instance, its loop, its record; ends when it is told to.
import {createHash} from 'node:crypto';
import type {LoadedConfig} from '../../config/load.ts';
import {formatProblem} from '../../config/problem.ts';
import {createJournal} from '../../core/act/journal-file.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {Door} from '../../core/act/telling-source.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {isNamedPlace} from '../../core/look/configured-places.ts';
import {isHolderAlive, ownIdentity} from '../../core/os/holder.ts';
import type {Host} from '../../core/os/host.ts';
import {type Locked, type LockHolder, type LockParts, takeLock} from '../../core/os/lock-file.ts';
import {createHost} from '../../core/os/real-host.ts';
import {createTidying, keepGarbageSmall, keepHeapSmall} from '../../core/os/small-heap.ts';
import {replaceDocument, type Written} from '../../core/os/state-files.ts';
import {HANDS} from '../../sources/hands.act.ts';
import {MARKERS, SOURCES} from '../../sources/sources.ts';
import {DEATHS, sureOnes} from '../../supervise/kept.ts';
import {runLoop} from '../../supervise/loop.ts';
import type {LoopParts} from '../../supervise/loop-parts.ts';
import {inherit} from '../../supervise/record.ts';
import {type SupervisePlaces, supervisePlaces} from '../../supervise/supervisor-files.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {EXIT} from '../exit-codes.ts';
import {refused} from '../failure.ts';
import {readConfig} from '../open-fleet.ts';
import {type KeptLock, keepLock} from './keep-lock.ts';
import {createLiveLine} from './live-line.ts';
import {createLoopConfigs} from './loop-configs.ts';
import {createNotifier} from './notifier.ts';
import {createPersonsEnds} from './persons-ends.ts';
import {readRecord} from './presence.ts';
import {listenForRequests} from './requests.ts';
import {explainStuck} from './stuck.ts';
import {findActing, findUnfinished} from './unfinished.ts';

export const placesOf = (host: Host, config: LoadedConfig): SupervisePlaces =>
  supervisePlaces(stateDirectory(host.env, host.home), config.files);

const describeHolder = (holder: LockHolder | null, path: string): string =>
  holder === null ? `its lock ${path} cannot be read` : `it runs as process ${holder.pid}`;

/** What was left unfinished; a journal that cannot be read is said, and nothing is acted on while it cannot be written either. */
const openingOf = async (directory: string, bootId: string | null): Promise<LoopParts['opening']> => {
  try {
    return await findUnfinished(directory, bootId);
  } catch (error) {
    return [{text: `whether something was left unfinished is unknown: the journal cannot be read (${String(error)})`, ref: null}];
  }
};

const tellOfDeaths = async (door: Door, assessment: Assessment, deaths: number, complain: (text: string) => void): Promise<void> => {
  const dead = sureOnes(assessment).filter(({kind}) => DEATHS.has(kind));
  for (const {afterDeaths} of HANDS) {
    (await afterDeaths?.(door, assessment, dead, deaths))?.forEach(complain);
  }
};

const lockRefused = (lock: Exclude<Locked, {state: 'held'}>, path: string): CommandAnswer =>
  lock.state === 'busy'
    ? refused(
        'busy',
        `a supervisor with this configuration is there already: ${describeHolder(lock.holder, path)}`,
        'rigtop supervise status shows it',
      )
    : refused('lock', `the supervisor’s lock cannot be taken: ${lock.because}`, `look at ${path}`);

/** Acts while no other supervisor of this user does and nobody else is at the same thing. */
const actingAlone =
  (path: string, parts: LockParts, findActing: () => Promise<string | null>): LoopParts['exclusively'] =>
  async perform => {
    const acting = await takeLock(path, parts);
    if (acting.state !== 'held') {
      return acting.state === 'busy' ? `another supervisor acts: process ${acting.holder?.pid ?? 'unknown'}` : acting.because;
    }
    try {
      return (await findActing()) ?? (await perform());
    } finally {
      await acting.release();
    }
  };

const because = async (writing: Promise<Written>): Promise<string | null> => {
  const written = await writing;
  return written.ok ? null : written.because;
};

/** How often memory is given back: a busy minute must not stay in it for days. */
const TIDY_EVERY_MS = 60_000;

const createTidy = (monotonicMs: () => number): (() => void) => {
  const tidy = createTidying();
  let last = monotonicMs();
  return () => {
    if (monotonicMs() - last >= TIDY_EVERY_MS) {
      last = monotonicMs();
      tidy();
    }
  };
};

interface Opened {
  readonly parts: Omit<LoopParts, 'inherited' | 'opening'>;
  close(): Promise<void>;
}

/** Everything that the loop reaches outside, once the lock is ours. */
const openParts = (
  invocation: Invocation,
  act: boolean,
  config: LoadedConfig,
  host: Host,
  {places, lock, lockParts}: {readonly places: SupervisePlaces; readonly lock: KeptLock; readonly lockParts: LockParts},
): Opened => {
  const {io} = invocation;
  const {own, isAlive} = lockParts;
  const directory = stateDirectory(host.env, host.home);
  const mode = act ? 'act' : 'observe';
  const complain = (text: string): void => io.err(`rigtop: ${text}\n`);
  const listener = listenForRequests({host, requests: places.requests, own});
  const notifier = createNotifier({
    host,
    command: config.supervise.notify,
    complain: reason => complain(`supervise.notify failed (${reason})`),
  });
  const journal = createJournal({host, directory, own, isAlive});
  const run = `supervise-${createHash('sha256').update(`${own.pid}@${own.startTime}`).digest('hex').slice(0, 8)}`;
  const [invalid] = config.problems;
  if (invalid !== undefined) {
    complain(
      `its configuration is invalid, so it looks on and does nothing: ${formatProblem(invalid)}; mend it, then rigtop supervise reload`,
    );
  }
  const loopConfigs = createLoopConfigs(invocation, config, act, next => notifier.use(next.supervise.notify));
  const live = createLiveLine(invocation, mode, loopConfigs.current);
  const isNamed = (town: string): Promise<boolean> => isNamedPlace(host, loopConfigs.settings(), town);
  const personsEnds = createPersonsEnds(directory, own.pid);
  const tidy = createTidy(() => host.monotonicMs());
  const parts: Opened['parts'] = {
    mode,
    loopConfig: loopConfigs.current(),
    sources: SOURCES,
    reload: loopConfigs.reload,
    identity: {...own, host: host.hostname},
    epochMs: () => host.epochMs(),
    monotonicMs: () => host.monotonicMs(),
    rest: ms => {
      tidy();
      return listener.rest(ms);
    },
    isRequested: () => listener.isRequested(),
    save: record => because(replaceDocument(places.record, JSON.stringify(record))),
    holdsLock: lock.holds,
    exclusively: actingAlone(places.acting, lockParts, () => findActing(directory, own.pid, host.bootId)),
    explainStuck: pids => explainStuck(host, pids),
    personsEnds: () => personsEnds(host.epochMs()),
    alarm: (assessment, deaths) => tellOfDeaths({host, isNamed}, assessment, deaths, complain),
    write: note => because(journal.note(run, note)),
    ring: live.ring,
    standing: live.standing,
    tell: note => {
      live.tell(note);
      notifier.send(note);
    },
  };
  return {
    parts,
    close: async () => {
      live.clear();
      await notifier.close();
      listener.close();
      await loopConfigs.current().engine.close();
    },
  };
};

/** A second start says who holds the lock and leaves with 4. */
export const runSupervisor = async (invocation: Invocation, act: boolean): Promise<CommandAnswer> => {
  const config = await readConfig(invocation);
  keepHeapSmall();
  keepGarbageSmall();
  const host = createHost({markers: MARKERS, env: invocation.io.env, cwd: invocation.io.cwd});
  const places = placesOf(host, config);
  const lockParts = {
    own: {...ownIdentity(), bootId: host.bootId},
    isAlive: (holder: LockHolder): boolean => isHolderAlive(holder, host.bootId),
  };
  const take = (): Promise<Locked> => takeLock(places.lock, lockParts);
  const taken = await take();
  if (taken.state !== 'held') {
    await host.close();
    return lockRefused(taken, places.lock);
  }
  const lock = keepLock(taken, take);
  const {parts, close} = openParts(invocation, act, config, host, {places, lock, lockParts});
  try {
    const inherited = inherit(await readRecord(places.record), host.bootId, host.epochMs());
    const end = await runLoop({...parts, inherited, opening: await openingOf(stateDirectory(host.env, host.home), host.bootId)});
    return end === 'lost'
      ? refused('busy', 'another supervisor has taken over the lock of this one', 'rigtop supervise status shows it')
      : EXIT.done;
  } finally {
    await close();
    await host.close();
    await lock.release();
  }
};
