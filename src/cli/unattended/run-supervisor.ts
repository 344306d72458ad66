// rigtop supervise: one instance, its loop, its record; ends when it is told to.
import {createHash} from 'node:crypto';
import type {LoadedConfig} from '../../config/load.ts';
import {formatProblem} from '../../config/problem.ts';
import {createJournal} from '../../core/act/journal-file.ts';
import {createPerform} from '../../core/act/perform.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {isNamedPlace} from '../../core/look/configured-places.ts';
import {isHolderAlive, ownIdentity} from '../../core/os/holder.ts';
import type {Host} from '../../core/os/host.ts';
import {type LockHolder, takeLock} from '../../core/os/lock-file.ts';
import {createHost} from '../../core/os/real-host.ts';
import {replaceDocument} from '../../core/os/state-files.ts';
import {townsOf} from '../../sources/gastown/daemon-duties.ts';
import {type TownDoor, tellMassDeath} from '../../sources/gastown/town-events.act.ts';
import {DEATHS, sureOnes} from '../../supervise/kept.ts';
import {runLoop} from '../../supervise/loop.ts';
import type {Charge, LoopParts} from '../../supervise/loop-parts.ts';
import {formatNote, inherit} from '../../supervise/record.ts';
import {describeCharge, describeStanding} from '../../supervise/standing-line.ts';
import {type SupervisePlaces, supervisePlaces} from '../../supervise/supervisor-files.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonLine} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {refused} from '../failure.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {createNotifier} from './notifier.ts';
import {readPersonsEnds} from './persons-ends.ts';
import {readRecord} from './presence.ts';
import {openEar} from './requests.ts';
import {explainStuck} from './stuck.ts';
import {findActing, findUnfinished} from './unfinished.ts';

export const placesOf = (host: Host, config: LoadedConfig): SupervisePlaces =>
  supervisePlaces(stateDirectory(host.env, host.home), config.files);

const describeHolder = (holder: LockHolder | null, path: string): string =>
  holder === null ? `its lock ${path} cannot be read` : `it runs as process ${holder.pid}`;

const chargeOf = (invocation: Invocation, config: LoadedConfig, act: boolean): Charge => {
  const {engine} = openFleet(invocation, config, act ? createPerform : null);
  const [problem] = config.problems;
  const {keep, cleanup, intervalMs} = config.supervise;
  return {
    engine,
    policy: {keep, cleanup, intervalMs, graceMs: config.settings.orphanMinAgeMs, rigs: config.settings.rigs.map(({name}) => name)},
    hampered: problem === undefined ? (act && config.readOnly ? 'the configuration is read-only' : null) : formatProblem(problem),
  };
};

/** What was left unfinished; a journal that cannot be read is said, and nothing is acted on while it cannot be written either. */
const openingOf = async (directory: string, bootId: string | null): Promise<LoopParts['opening']> => {
  try {
    return await findUnfinished(directory, bootId);
  } catch (error) {
    return [{text: `whether something was left unfinished is unknown: the journal cannot be read (${String(error)})`, ref: null}];
  }
};

const tellTowns = async (door: TownDoor, assessment: Assessment, deaths: number, complain: (text: string) => void): Promise<void> => {
  const dead = sureOnes(assessment).filter(({kind}) => DEATHS.has(kind));
  for (const town of townsOf(assessment, dead)) {
    const failed = await tellMassDeath(
      door,
      town.realPath,
      deaths,
      dead.map(({subject}) => subject),
    );
    if (failed !== null) {
      complain(`the event feed of ${town.realPath} was not told: ${failed}`);
    }
  }
};

/** A second start says who holds the lock and leaves with 4. */
export const runSupervisor = async (invocation: Invocation, act: boolean): Promise<CommandAnswer> => {
  const {io, flags} = invocation;
  const config = await readConfig(invocation);
  const host = createHost({env: io.env, cwd: io.cwd, inThread: true});
  const directory = stateDirectory(host.env, host.home);
  const places = placesOf(host, config);
  const own: LockHolder = {...ownIdentity(), bootId: host.bootId};
  const isAlive = (holder: LockHolder): boolean => isHolderAlive(holder, host.bootId);
  let lock = await takeLock(places.lock, {own, isAlive});
  if (lock.state !== 'held') {
    await host.close();
    return lock.state === 'busy'
      ? refused(
          'busy',
          `a supervisor with this configuration is there already: ${describeHolder(lock.holder, places.lock)}`,
          'rigtop supervise status shows it',
        )
      : refused('lock', `the supervisor’s lock cannot be taken: ${lock.because}`, `look at ${places.lock}`);
  }
  const ear = openEar({host, requests: places.requests, own});
  const complain = (text: string): void => io.err(`rigtop: ${text}\n`);
  const notifier = createNotifier({
    host,
    command: config.supervise.notify,
    complain: because => complain(`supervise.notify failed (${because})`),
  });
  const journal = createJournal({host, directory, own, isAlive});
  const run = `supervise-${createHash('sha256').update(`${own.pid}@${own.startTime}`).digest('hex').slice(0, 8)}`;
  const [invalid] = config.problems;
  if (invalid !== undefined) {
    complain(
      `its configuration is invalid, so it looks on and does nothing: ${formatProblem(invalid)}; mend it, then rigtop supervise reload`,
    );
  }
  let current = chargeOf(invocation, config, act);
  let {settings} = config;

  // Whoever started it in a terminal sees at once that it works; anywhere else only what happened is said.
  const live = io.stdoutIsTerminal && io.stderrIsTerminal && !flags.json;
  if (live) {
    io.out(`${describeCharge(current.policy, act ? 'act' : 'observe')}\n`);
  }

  const exclusively: LoopParts['exclusively'] = async perform => {
    const acting = await takeLock(places.acting, {own, isAlive});
    if (acting.state !== 'held') {
      return acting.state === 'busy' ? `another engine acts: process ${acting.holder?.pid ?? 'unknown'}` : acting.because;
    }
    try {
      return (await findActing(directory, own.pid, host.bootId)) ?? (await perform());
    } finally {
      await acting.release();
    }
  };

  /** One that was taken away, as cleaners of old files do, is taken again. */
  const holdsLock: LoopParts['holdsLock'] = async () => {
    const found = lock.state === 'held' ? await lock.check() : 'gone';
    if (found === 'ours' || found === 'unknown') {
      return found === 'ours' ? 'held' : 'unknown';
    }
    if (found === 'gone') {
      lock = await takeLock(places.lock, {own, isAlive});
    }
    return found === 'gone' && lock.state !== 'busy' ? (lock.state === 'held' ? 'held' : 'unknown') : 'lost';
  };

  try {
    const end = await runLoop({
      mode: act ? 'act' : 'observe',
      charge: current,
      identity: {...own, host: host.hostname},
      inherited: inherit(await readRecord(places.record), host.bootId, host.epochMs()),
      opening: await openingOf(directory, host.bootId),
      epochMs: () => host.epochMs(),
      monotonicMs: () => host.monotonicMs(),
      rest: ms => ear.rest(ms),
      isWished: () => ear.isWished(),
      save: async record => {
        const written = await replaceDocument(places.record, JSON.stringify(record));
        return written.ok ? null : written.because;
      },
      holdsLock,
      exclusively,
      explainStuck: pids => explainStuck(host, pids),
      personsEnds: () => readPersonsEnds(directory, own.pid, host.epochMs()),
      ring: () => (io.stdoutIsTerminal && !flags.json ? io.ring() : undefined),
      alarm: (assessment, deaths) => tellTowns({host, isNamed: town => isNamedPlace(host, settings, town)}, assessment, deaths, complain),
      write: async note => {
        const written = await journal.note(run, note);
        return written.ok ? null : written.because;
      },
      standing: (kept, state, at) => {
        if (live) {
          io.meanwhile(describeStanding(kept, state, at, current.policy).slice(0, (io.columns ?? 80) - 1));
        }
      },
      tell: note => {
        if (live) {
          io.meanwhile('');
        }
        io.out(flags.json ? jsonLine(note) : `${formatNote(note)}\n`);
        notifier.send(note);
      },
      reload: async old => {
        const next = await readConfig(invocation);
        const [problem] = next.problems;
        if (problem !== undefined) {
          return {...old, hampered: formatProblem(problem)};
        }
        current = chargeOf(invocation, next, act);
        settings = next.settings;
        notifier.use(next.supervise.notify);
        await old.engine.close();
        return current;
      },
    });
    return end === 'lost'
      ? refused('busy', 'another supervisor has taken over the lock of this one', 'rigtop supervise status shows it')
      : EXIT.done;
  } finally {
    if (live) {
      io.meanwhile('');
    }
    await notifier.close();
    ear.close();
    await Promise.all([current.engine.close(), host.close()]);
    if (lock.state === 'held') {
      await lock.release();
    }
  }
};
