// Another machine, seen over the user's own ssh: one connection that is kept open, judged here with a memory of its own. It has no hands.
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Plan, PlanRequest, Refusal} from '../../core/domain/plan.ts';
import type {LineOptions, LineProgram} from '../../core/os/line-program.ts';
import {createConversation} from './conversation.ts';
import {SILENT_MS} from './heartbeat.ts';
import {createRemoteJudge, type JudgeParts} from './remote-judge.ts';
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

export interface RemoteParts extends JudgeParts {
  readonly version: string;
  readonly connect: (options: Pick<LineOptions, 'maxLineBytes' | 'onLines' | 'onEnd'>) => LineProgram;
}

/** A look at ten thousand processes is a third of this. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

const SILENCE: Trouble = {
  because: `nothing was heard from it for ${SILENT_MS / 1000} s`,
  hint: 'the line or the machine is slow',
  again: true,
};

const unreadableTo = (version: string, because: string): Trouble => ({
  because: `it sent what this rigtop (${version}) cannot read: ${because.slice(0, 200)}`,
  hint: 'the two versions must fit: update the older one',
  again: false,
});

/** Records of the right shape may still contradict each other; that is its trouble, not the end of this screen. */
const unjudgeable = (error: unknown): Trouble => ({
  because: `what it sent cannot be judged: ${String(error).slice(0, 200)}`,
  hint: 'please report it',
  again: false,
});

/** A call that is made once, after the last `set` of it. */
const createAlarm = (call: () => void) => {
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => clearTimeout(timer);
  return {
    clear,
    set: (ms: number): void => {
      clear();
      timer = setTimeout(call, ms);
    },
  };
};

export const createRemoteMachine = (parts: RemoteParts): RemoteMachine => {
  const {name, version, connect} = parts;
  const judge = createRemoteJudge(parts);
  let program: LineProgram | null = null;
  let tell: (news: News) => void = () => {};
  let conversation = createConversation();
  let wait = FIRST_WAIT_MS;
  let closed = false;

  const complain = (trouble: Trouble): void => {
    const blind = judge.blind(trouble);
    tell({trouble: `${trouble.because} (${trouble.hint})`, blind});
  };
  const silence = createAlarm(() => complain(SILENCE));
  const retry = createAlarm(() => open());
  const disconnect = (): void => {
    retry.clear();
    silence.clear();
    program?.end();
    program = null;
  };
  const fail = (trouble: Trouble): void => {
    disconnect();
    complain(trouble);
    if (trouble.again) {
      retry.set(wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    }
  };
  const take = (lines: readonly string[]): void => {
    silence.set(SILENT_MS);
    const heard = conversation.hear(lines);
    if ('unreadable' in heard) {
      fail(unreadableTo(version, heard.unreadable));
      return;
    }
    try {
      if (heard.newest !== null) {
        const look = judge.receive(heard.newest);
        wait = FIRST_WAIT_MS;
        tell({look});
      }
      if (conversation.isSpent()) {
        open();
      }
    } catch (error) {
      fail(unjudgeable(error));
    }
  };
  const open = (): void => {
    disconnect();
    conversation = createConversation();
    silence.set(SILENT_MS);
    program = connect({
      maxLineBytes: MAX_LINE_BYTES,
      onLines: lines => (closed ? undefined : take(lines)),
      onEnd: end => (closed ? undefined : fail(describeEnd(name, end, conversation.hasBegun()))),
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
    plan: judge.plan,
    close: () => {
      closed = true;
      disconnect();
    },
  };
};
