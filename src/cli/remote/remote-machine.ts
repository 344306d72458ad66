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

export const createRemoteMachine = (parts: RemoteParts): RemoteMachine => {
  const {name, version, connect} = parts;
  const judge = createRemoteJudge(parts);
  let program: LineProgram | null = null;
  let tell: (news: News) => void = () => {};
  let conversation = createConversation();
  let wait = FIRST_WAIT_MS;
  let waiting: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  let closed = false;

  const complain = (trouble: Trouble): void => {
    const blind = judge.blind(trouble);
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
    silence = setTimeout(() => complain(SILENCE), SILENT_MS);
  };
  const fail = (trouble: Trouble): void => {
    disconnect();
    complain(trouble);
    if (trouble.again) {
      waiting = setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    }
  };
  const take = (lines: readonly string[]): void => {
    listenForSilence();
    const heard = conversation.hear(lines);
    if ('unreadable' in heard) {
      fail({
        because: `it sent what this rigtop (${version}) cannot read: ${heard.unreadable.slice(0, 200)}`,
        hint: 'the two versions must fit: update the older one',
        again: false,
      });
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
      // Records of the right shape may still contradict each other; that is its trouble, not the end of this screen.
      fail({because: `what it sent cannot be judged: ${String(error).slice(0, 200)}`, hint: 'please report it', again: false});
    }
  };
  const open = (): void => {
    disconnect();
    conversation = createConversation();
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
          fail(describeEnd(name, end, conversation.hasBegun()));
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
    plan: judge.plan,
    close: () => {
      closed = true;
      disconnect();
    },
  };
};
