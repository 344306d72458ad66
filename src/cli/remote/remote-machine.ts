// Another machine, seen over the user's own ssh: one connection that is kept open, judged here with a memory of its own. It has no hands.
import {randomBytes} from 'node:crypto';
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Plan, PlanRequest, Refusal} from '../../core/domain/plan.ts';
import type {Settings} from '../../core/domain/settings.ts';
import {assess, emptyMemory} from '../../core/judge/assess.ts';
import type {LineOptions, LineProgram} from '../../core/os/line-program.ts';
import {makePlan} from '../../core/plan/make-plan.ts';
import {createSnapshotReader, isUnreadable, type Report} from '../documents/read-snapshot.ts';
import {blindLook} from './blind-look.ts';
import {SILENT_MS} from './heartbeat.ts';
import {describeEnd, type Trouble} from './ssh.ts';

/** What is told of a machine: a look, or why there is none. */
export type News = {readonly look: Assessment} | {readonly trouble: string; readonly blind: Assessment | null};

export interface RemoteMachine {
  readonly name: string;
  /** Connect, and tell what comes. Called once. */
  listen(told: (news: News) => void): void;
  /** Connect again at once, where there is no connection. */
  retry(): void;
  /** What a plan there would be, for showing it. Throws before the first look: that is a bug of the caller. */
  plan(request: PlanRequest): Plan | Refusal;
  close(): void;
}

export interface RemoteParts {
  readonly name: string;
  /** In force here: until the machine has told its own. */
  readonly settings: Settings;
  readonly version: string;
  readonly epochMs: () => number;
  readonly connect: (options: Pick<LineOptions, 'maxLineBytes' | 'onLines' | 'onEnd'>) => LineProgram;
}

/** A look at ten thousand processes is a third of this. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Changes add up: after so many characters the conversation is begun anew, with a whole look. Days of a busy machine. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** What a login prints before the first line of ours. */
const MOST_GREETINGS = 200;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export const createRemoteMachine = ({name, settings, version, epochMs, connect}: RemoteParts): RemoteMachine => {
  let program: LineProgram | null = null;
  let tell: (news: News) => void = () => {};
  let read = createSnapshotReader();
  let memory = emptyMemory;
  let last: {readonly look: Assessment; readonly settings: Settings} | null = null;
  let begun = false;
  let greetings = 0;
  let received = 0;
  let wait = FIRST_WAIT_MS;
  let waiting: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  let closed = false;

  const complain = (trouble: Trouble): void => {
    const blind = memory !== emptyMemory ? null : blindLook(name, trouble, settings, epochMs());
    if (blind !== null) {
      last = {look: blind, settings};
    }
    tell({trouble: `${trouble.because} (${trouble.hint})`, blind});
  };
  const disconnect = (): void => {
    clearTimeout(waiting);
    clearTimeout(silence);
    program?.end();
    program = null;
  };
  const listenForSilence = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      complain({because: `nothing was heard from it for ${SILENT_MS / 1000} s`, hint: 'the line or the machine is slow', again: true});
    }, SILENT_MS);
  };
  const fail = (trouble: Trouble): void => {
    disconnect();
    complain(trouble);
    if (trouble.again) {
      waiting = setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    }
  };
  const receive = ({snapshot, settings: theirs}: Report): void => {
    const judged = assess(snapshot, theirs, memory);
    memory = judged.memory;
    last = {look: judged.assessment, settings: theirs};
    begun = true;
    wait = FIRST_WAIT_MS;
    tell({look: judged.assessment});
  };
  const take = (lines: readonly string[]): void => {
    listenForSilence();
    let newest: Report | null = null;
    for (const line of lines) {
      if (!line.startsWith('{') && !begun && newest === null && greetings < MOST_GREETINGS) {
        greetings += 1;
        continue;
      }
      received += line.length;
      const report = read(line);
      if (isUnreadable(report)) {
        fail({
          because: `it sent what this rigtop (${version}) cannot read: ${report.because.slice(0, 200)}`,
          hint: 'the two versions must fit: update the older one',
          again: false,
        });
        return;
      }
      newest = report;
    }
    try {
      if (newest !== null) {
        receive(newest);
      }
      if (received > MOST_CHARACTERS) {
        open();
      }
    } catch (error) {
      // Records of the right shape may still contradict each other; that is its trouble, not the end of this screen.
      fail({because: `what it sent cannot be judged: ${String(error).slice(0, 200)}`, hint: 'please report it', again: false});
    }
  };
  const open = (): void => {
    disconnect();
    read = createSnapshotReader();
    begun = false;
    greetings = 0;
    received = 0;
    listenForSilence();
    program = connect({
      maxLineBytes: MAX_LINE_BYTES,
      onLines: lines => {
        if (!closed) {
          take(lines);
        }
      },
      onEnd: end => {
        if (!closed) {
          fail(describeEnd(name, end, begun));
        }
      },
    });
  };

  return {
    name,
    listen: told => {
      tell = told;
      open();
    },
    retry: () => {
      if (program === null && !closed) {
        wait = FIRST_WAIT_MS;
        open();
      }
    },
    plan: request => {
      if (last === null) {
        throw new Error('plan() before the first look');
      }
      return makePlan(request, last.look, last.settings, {id: randomBytes(2).toString('hex'), now: epochMs()});
    },
    close: () => {
      closed = true;
      disconnect();
    },
  };
};
