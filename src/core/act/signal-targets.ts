// Sends one signal to many targets, in order, each with its identity checked by the hands; and looks which of them are gone.

import type {Progress} from '../domain/outcome.ts';
import {hasEnded} from '../domain/process.ts';
import type {Hands, SignalResult} from '../os/hands.ts';
import {deepestFirst, defunctBelow, isOpen, settle, type Tracked} from './tracked-target.ts';

export interface Signaller {
  readonly hands: Hands;
  /** Milliseconds by the clock that does not jump. */
  now(): number;
  report(progress: Progress): void;
}

const note = ({now, report}: Signaller, target: Tracked, signal: 'SIGTERM' | 'SIGKILL', answer: SignalResult): void => {
  const untouched = target.signal === null;
  switch (answer.result) {
    case 'sent':
      target.signal = signal;
      target.since ??= now();
      target.because = null;
      report({ref: target.ref, step: signal === 'SIGTERM' ? 'term' : 'kill', result: null});
      break;
    case 'gone':
      settle(target, untouched ? 'already-gone' : 'gone', null, now(), report);
      break;
    case 'changed':
      // After a signal of ours the number can only be another's because the process is gone.
      settle(target, untouched ? 'changed' : 'gone', untouched ? 'its pid is another process’s now' : null, now(), report);
      break;
    case 'refused':
    case 'denied':
      settle(target, 'refused', answer.because, now(), report);
      break;
    case 'unknown':
      target.because = answer.because;
      break;
  }
};

/** A stopped process acts on SIGTERM only once it is continued (signal(7)). */
const wake = ({hands, report}: Signaller, target: Tracked): void => {
  const seen = hands.look(target.pid);
  if (seen.state === 'here' && seen.process.startTime === target.startTime && seen.process.state === 'T') {
    if (hands.signal(target, 'SIGCONT').result === 'sent') {
      report({ref: target.ref, step: 'continued', result: null});
    }
  }
};

/**
 * SIGTERM, deepest first, in one synchronous burst: nobody gets a turn to react to the death of another before its own signal. Who is stopped
 * is continued after it: what is pending is delivered before it runs on (signal(7)), so it does nothing more of what it was at.
 */
export const terminate = (signaller: Signaller, targets: readonly Tracked[]): void => {
  for (const target of deepestFirst(targets.filter(isOpen))) {
    note(signaller, target, 'SIGTERM', signaller.hands.signal(target, 'SIGTERM'));
    if (target.signal === 'SIGTERM') {
      wake(signaller, target);
    }
  }
};

/**
 * SIGKILL. Where a whole group is ours right now it is killed at once, so that none of it can fork in between; `known` is every identity that
 * may be in such a group. All others one by one, deepest first.
 */
export const kill = (signaller: Signaller, targets: readonly Tracked[], known: readonly Tracked[]): void => {
  const open = deepestFirst(targets.filter(isOpen));
  const groups = new Map<number, Tracked[]>();
  for (const target of open) {
    const seen = signaller.hands.look(target.pid);
    if (seen.state === 'unknown') {
      // Its group cannot be told, so who a signal to a group reaches could not be noted.
      groups.clear();
      break;
    }
    if (seen.state === 'here' && seen.process.startTime === target.startTime) {
      const members = groups.get(seen.process.pgid);
      if (members === undefined) {
        groups.set(seen.process.pgid, [target]);
      } else {
        members.push(target);
      }
    }
  }
  for (const [pgid, members] of groups) {
    if (members.length > 1 && signaller.hands.signalGroup(pgid, known, 'SIGKILL').result === 'sent') {
      for (const target of members) {
        note(signaller, target, 'SIGKILL', {result: 'sent'});
      }
    }
  }
  for (const target of open.filter(each => each.signal !== 'SIGKILL')) {
    note(signaller, target, 'SIGKILL', signaller.hands.signal(target, 'SIGKILL'));
  }
};

/** Settle what has gone since; continue again what has stopped again (a background read of the terminal stops it, termios(3)). */
export const lookAtTargets = (signaller: Signaller, targets: readonly Tracked[]): void => {
  for (const target of targets.filter(isOpen)) {
    const seen = signaller.hands.look(target.pid);
    const gone = target.signal === null ? 'already-gone' : 'gone';
    if (seen.state === 'unknown') {
      target.because = seen.because;
      continue;
    }
    if (seen.state === 'gone' || seen.process.startTime !== target.startTime) {
      settle(target, gone, null, signaller.now(), signaller.report);
    } else if (hasEnded(seen.process)) {
      settle(target, gone, defunctBelow(seen.process.ppid), signaller.now(), signaller.report);
    } else {
      target.aliveAt = signaller.now();
      if (seen.process.state === 'T' && target.signal === 'SIGTERM') {
        wake(signaller, target);
      }
    }
  }
};
