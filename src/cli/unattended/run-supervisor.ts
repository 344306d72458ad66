// rigtop supervise: one instance, its loop, its record; ends when it is told to.
import {createHash} from 'node:crypto';
import type {LoadedConfig} from '../../config/load.ts';
import {formatProblem} from '../../config/problem.ts';
import {createJournal} from '../../core/act/journal.ts';
import {createPerform} from '../../core/act/perform.ts';
import {gatherEntries, readJournal} from '../../core/act/read-journal.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import {tellMassDeath} from '../../core/act/town-events.ts';
import {isHolderAlive, ownIdentity} from '../../core/os/holder.ts';
import type {Host} from '../../core/os/host.ts';
import {type LockHolder, takeLock} from '../../core/os/lock-file.ts';
import {replaceDocument} from '../../core/os/state-files.ts';
import {type Charge, runLoop} from '../../supervise/loop.ts';
import {type SupervisePlaces, supervisePlaces} from '../../supervise/places.ts';
import {inherit, type RoundNote} from '../../supervise/record.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {EXIT} from '../exit-codes.ts';
import {refused} from '../failure.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {readRecord} from './read-record.ts';
import {openEar} from './wishes.ts';

const NOTIFY_MS = 10_000;

export const placesOf = (host: Host, config: LoadedConfig): SupervisePlaces =>
  supervisePlaces(stateDirectory(host.env, host.home), config.files);

const describeHolder = (holder: LockHolder | null): string =>
  holder === null ? 'somebody is just starting one' : `it runs as process ${holder.pid}`;

const chargeOf = (invocation: Invocation, config: LoadedConfig, act: boolean): Charge => {
  const {supervisor} = openFleet(invocation, config, act ? createPerform : null);
  const [problem] = config.problems;
  const {keep, cleanup, intervalMs} = config.supervise;
  return {
    supervisor,
    policy: {keep, cleanup},
    intervalMs,
    hampered: problem === undefined ? (act && config.readOnly ? 'the configuration is read-only' : null) : formatProblem(problem),
  };
};

/** What the supervisor before, or anybody else, began and never finished: reported before anything is done. */
const unfinished = async (directory: string, bootId: string | null): Promise<readonly string[]> => {
  const entries = gatherEntries(await readJournal(directory), holder => isHolderAlive(holder, bootId));
  return entries
    .filter(({state}) => state === 'interrupted')
    .slice(-5)
    .map(
      ({action, asked, startedAt, left}) =>
        `an action was interrupted: ${action} ${asked.join(' ')} of ${startedAt}; not shown to be gone: ${left.map(({ref}) => ref).join(', ') || 'nothing'}. It is looked at anew`,
    );
};

const formatNote = ({at, what, text}: RoundNote): string => `${at}  ${what.padEnd(9)} ${text}\n`;

/** A second start says who holds the lock and leaves with 4. */
export const runSupervisor = async (invocation: Invocation, act: boolean): Promise<CommandAnswer> => {
  const {io, flags} = invocation;
  const config = await readConfig(invocation);
  const first = chargeOf(invocation, config, act);
  const {host, supervisor: lookout} = openFleet(invocation, config);
  const directory = stateDirectory(host.env, host.home);
  const places = placesOf(host, config);
  const own: LockHolder = {...ownIdentity(), bootId: host.bootId};
  const lock = await takeLock(places.lock, {own, isAlive: holder => isHolderAlive(holder, host.bootId)});
  if (lock.state !== 'held') {
    await Promise.all([first.supervisor.close(), lookout.close()]);
    return lock.state === 'busy'
      ? refused(
          'busy',
          `a supervisor with this configuration is there already: ${describeHolder(lock.holder)}`,
          'rigtop supervise status shows it',
        )
      : refused('lock', `the supervisor’s lock cannot be taken: ${lock.because}`, `look at ${places.lock}`);
  }
  const journal = createJournal({host, directory, own, isAlive: holder => isHolderAlive(holder, host.bootId)});
  const run = `supervise-${createHash('sha256').update(`${own.pid}@${own.startTime}`).digest('hex').slice(0, 8)}`;
  const ear = openEar(host, places.requests);
  const charges = [first];
  let notify = config.supervise.notify;

  const tell = async (note: RoundNote): Promise<void> => {
    io.out(flags.json ? `${JSON.stringify(note)}\n` : formatNote(note));
    await journal.note(run, note);
    const [file, ...args] = notify ?? [];
    if (file !== undefined) {
      const told = await host.run(file, args, {
        timeoutMs: NOTIFY_MS,
        input: `${JSON.stringify({schema: 'rigtop/note@1', host: host.hostname, ...note})}\n`,
      });
      if (told.exitCode !== 0) {
        io.err(`rigtop: supervise.notify failed (${told.trouble ?? `exit code ${told.exitCode}`})\n`);
      }
    }
  };

  try {
    await runLoop({
      mode: act ? 'act' : 'observe',
      charge: first,
      identity: {...own, host: host.hostname},
      inherited: inherit(await readRecord(host, places.record), host.bootId, host.epochMs()),
      opening: await unfinished(directory, host.bootId),
      epochMs: () => host.epochMs(),
      rest: ms => ear.rest(ms),
      save: async record => {
        const written = await replaceDocument(places.record, JSON.stringify(record));
        return written.ok ? null : written.because;
      },
      alarm: async ({snapshot, findings}, deaths) => {
        const dead = findings.filter(({certainty, session}) => certainty === 'sure' && session !== null).map(({subject}) => subject);
        for (const town of snapshot.towns) {
          const failed = await tellMassDeath(host, town.realPath, deaths, dead);
          if (failed !== null) {
            io.err(`rigtop: the event feed of ${town.realPath} was not told: ${failed}\n`);
          }
        }
        // A bell for whoever has it running in a terminal.
        io.out(io.stdoutIsTerminal ? '\u0007' : '');
      },
      tell,
      reload: async old => {
        const next = await readConfig(invocation);
        const [problem] = next.problems;
        if (problem !== undefined) {
          return {...old, hampered: formatProblem(problem)};
        }
        const charge = chargeOf(invocation, next, act);
        charges.push(charge);
        notify = next.supervise.notify;
        await old.supervisor.close();
        return charge;
      },
    });
    return EXIT.done;
  } finally {
    ear.close();
    await Promise.all([...charges.map(({supervisor}) => supervisor.close()), lookout.close()]);
    await lock.release();
  }
};
