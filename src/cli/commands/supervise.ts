// rigtop supervise: the loop itself, or a word to the one that runs.

import {oneLine} from '../../core/domain/command-line.ts';
import {nearWords} from '../../core/domain/spelling.ts';
import {isHolderAlive, ownIdentity} from '../../core/os/holder.ts';
import type {Host} from '../../core/os/host.ts';
import {type LockHolder, takeLock} from '../../core/os/lock-file.ts';
import {createHost} from '../../core/os/real-host.ts';
import {replaceDocument} from '../../core/os/state-files.ts';
import {describeLoopAction} from '../../supervise/describe-round.ts';
import {goingOn} from '../../supervise/loop-parts.ts';
import {forgotten} from '../../supervise/memory.ts';
import {describeDeath, formatNote, type SuperviseRecord} from '../../supervise/record.ts';
import type {SupervisePlaces} from '../../supervise/supervisor-files.ts';
import {countOf, firstOf} from '../../words/counts.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonText} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {incomplete, refused, wrongUsage} from '../failure.ts';
import {readConfig} from '../open-fleet.ts';
import {type Presence, readPresence} from '../unattended/presence.ts';
import {sendControlRequest} from '../unattended/requests.ts';
import {placesOf, runSupervisor} from '../unattended/run-supervisor.ts';

const CONTROL_REQUESTS = ['stop', 'reload', 'resume', 'pause'] as const;

const headline = (presence: Presence, bootId: string | null): readonly string[] => {
  switch (presence.state) {
    case 'runs': {
      const {pid, startedAt, mode} = presence.record;
      return [
        `running as process ${pid} since ${startedAt}, ${mode === 'act' ? 'acts' : 'observes only'}`,
        ...(presence.stalled ? ['STALLED: it has not looked for long; it hangs, or a signal has stopped it'] : []),
      ];
    }
    case 'died':
      return [`not running; ${describeDeath(presence.holder.pid, presence.holder.bootId === bootId)}`];
    case 'absent':
      return presence.record === null
        ? ['no supervisor has run with this configuration']
        : [`not running; process ${presence.record.pid} was the last one`];
  }
};

/** What comes next, and when: of one that runs. */
const outlook = ({heartbeat, intervalMs, state, paused, proposals, kept}: SuperviseRecord): string => {
  const at = heartbeat.at === null ? 'soon' : `at ${new Date(Date.parse(heartbeat.at) + intervalMs).toISOString()}`;
  const waiting = kept.filter(thing => thing.state === 'down').map(({ref}) => ref);
  const loopActions = proposals.map(describeLoopAction);
  if (state.halted !== null || paused) {
    return `next look ${at}; nothing is done until it is resumed`;
  }
  return loopActions.length > 0
    ? `next look ${at}; would ${loopActions.join('; would ')}`
    : `next look ${at}; ${waiting.length === 0 ? 'nothing to do' : `waits with ${waiting.join(', ')}`}`;
};

const keptLines = ({kept}: SuperviseRecord): readonly string[] =>
  kept.length === 0
    ? ['keeps nothing that is there: supervise.keep of the configuration says what']
    : kept.map(({ref, state, because}) => `keeps ${ref}: ${state}${because === '' ? '' : ` (${because})`}`);

const details = (record: SuperviseRecord, runs: boolean): readonly string[] => {
  const {heartbeat, intervalMs, paused, blocked, state, notes} = record;
  return [
    `looked ${countOf(heartbeat.count, 'time')}, last at ${heartbeat.at ?? 'never'}, every ${intervalMs / 1000} s`,
    ...(state.halted === null
      ? []
      : [`HALTED since ${new Date(state.halted.since).toISOString()}: ${oneLine(state.halted.because)}; rigtop supervise resume goes on`]),
    ...(paused ? ['PAUSED: looks go on, nothing is done; rigtop supervise resume goes on'] : []),
    ...(blocked === null ? [] : [`acts no more: ${oneLine(blocked)}`]),
    ...keptLines(record),
    ...(runs ? [outlook(record)] : []),
    ...notes.slice(-10).map(formatNote),
  ];
};

const describe = (presence: Presence, bootId: string | null): string =>
  `${[...headline(presence, bootId), ...(presence.record === null ? [] : details(presence.record, presence.state === 'runs'))].join('\n')}\n`;

/** What is left of one that died; nothing is ended. */
const clearLock = async (host: Host, lock: string, dead: LockHolder): Promise<CommandAnswer> => {
  const own = {...ownIdentity(), bootId: host.bootId};
  const taken = await takeLock(lock, {own, isAlive: holder => isHolderAlive(holder, host.bootId)});
  switch (taken.state) {
    case 'held':
      await taken.release();
      return EXIT.done;
    case 'busy':
      return refused('busy', `process ${dead.pid} is dead, and another supervisor has started`, 'rigtop supervise status shows it');
    case 'failed':
      return incomplete(`the lock of process ${dead.pid}, which is dead, cannot be taken away: ${taken.because}`, `look at ${lock}`);
  }
};

/** Of one that does not run: written into what the next one takes over. */
const forgetOffline = async (host: Host, places: SupervisePlaces, record: SuperviseRecord | null, ref: string): Promise<CommandAnswer> => {
  if (record === null) {
    return refused('not-running', 'no supervisor has run with this configuration: nothing is remembered', 'rigtop supervise starts one');
  }
  const own = {...ownIdentity(), bootId: host.bootId};
  const taken = await takeLock(places.lock, {own, isAlive: holder => isHolderAlive(holder, host.bootId)});
  if (taken.state !== 'held') {
    return refused('busy', 'a supervisor has started just now', 'say it again');
  }
  try {
    const written = await replaceDocument(places.record, JSON.stringify({...record, state: forgotten(record.state, ref)}));
    return written.ok ? EXIT.done : incomplete(`it could not be written down: ${written.because}`, `look at ${places.record}`);
  } finally {
    await taken.release();
  }
};

/** `forget REF`: what is kept, was up, and is not wanted back. A reference that is not remembered is wrong, with what reads like it. */
const forget = async (host: Host, places: SupervisePlaces, presence: Presence, ref: string): Promise<CommandAnswer> => {
  const {record} = presence;
  const known =
    record === null
      ? []
      : [...new Set([...Object.keys(record.state.seats), ...record.state.seenUp, ...record.kept.map(thing => thing.ref)])];
  if (record !== null && !known.includes(ref)) {
    const near = nearWords(ref, known);
    return wrongUsage(
      `nothing that is kept is called ${ref}`,
      near.length === 0 ? 'rigtop supervise status lists what is kept' : `did you mean ${firstOf(near, 3)}?`,
      'not-found',
    );
  }
  if (presence.state !== 'runs') {
    return forgetOffline(host, places, record, ref);
  }
  const sent = await sendControlRequest(presence.record, `forget ${ref}`, places.requests);
  return sent.ok
    ? EXIT.done
    : incomplete(`process ${presence.record.pid} could not be told: ${sent.because}`, 'rigtop supervise status shows it');
};

const speak = async (invocation: Invocation, word: string): Promise<CommandAnswer> => {
  const {io, flags} = invocation;
  const host = createHost({markers: new Set(), env: io.env, cwd: io.cwd});
  try {
    const places = placesOf(host, await readConfig(invocation));
    const presence = await readPresence(host, places);
    if (word === 'status') {
      const running = presence.state === 'runs';
      const stalled = running && presence.stalled;
      const died = presence.state === 'died';
      io.out(flags.json ? jsonText({running, stalled, died, ...presence.record}) : describe(presence, host.bootId));
      return running && !stalled ? EXIT.done : EXIT.findings;
    }
    if (word === 'forget') {
      const [, ref] = invocation.args;
      return ref === undefined
        ? wrongUsage('supervise forget needs a reference', 'rigtop supervise status lists what is kept')
        : await forget(host, places, presence, ref);
    }
    const controlRequest = CONTROL_REQUESTS.find(each => each === word);
    if (controlRequest === undefined) {
      return wrongUsage(`supervise knows no "${word}"`, `it takes status, forget, ${CONTROL_REQUESTS.join(', ')}`);
    }
    if (presence.state === 'died' && controlRequest === 'stop') {
      return clearLock(host, places.lock, presence.holder);
    }
    if (presence.state !== 'runs') {
      return refused('not-running', 'no supervisor with this configuration runs', 'rigtop supervise starts one');
    }
    const {record} = presence;
    const sent = await sendControlRequest(record, controlRequest === 'resume' ? goingOn(record) : controlRequest, places.requests);
    return sent.ok ? EXIT.done : incomplete(`process ${record.pid} could not be told: ${sent.because}`, 'rigtop supervise status shows it');
  } finally {
    await host.close();
  }
};

export const runSupervise = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {args, options, flags} = invocation;
  const [word, spare] = args;
  if (word !== undefined && word !== 'forget' && spare !== undefined) {
    return wrongUsage(`rigtop supervise ${word} cannot use "${spare}"`, 'only forget takes a reference');
  }
  if (word !== undefined) {
    return speak(invocation, word);
  }
  const act = options.isSet('act');
  return act && flags.readOnly
    ? refused('read-only', 'this is read-only: a supervisor could not act', 'leave out --read-only or --act')
    : runSupervisor(invocation, act);
};
