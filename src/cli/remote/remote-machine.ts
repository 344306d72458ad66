// Another machine, seen over one connection that is kept open, and judged here with a memory of its own. It has no hands.
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Plan, PlanRequest, Refusal} from '../../core/domain/plan.ts';
import type {LineProgram, LinesEnd} from '../../core/os/line-program.ts';
import {createConversation} from './conversation.ts';
import type {Gates} from './gates.ts';
import {SILENT_MS} from './heartbeat.ts';
import {createRemoteJudge} from './remote-judge.ts';
import type {Spot, Trouble, Way} from './way.ts';

/** What is told of a machine: a look, and whether a verdict of it waits for the next one; or why there is none. */
export type News =
  | {readonly look: Assessment; readonly isPending: boolean; readonly version: string}
  | {readonly trouble: Pick<Trouble, 'because' | 'hint'>};

export interface RemoteMachine {
  readonly name: string;
  /** Connect, and tell what comes. Called once. */
  listen(told: (news: News) => void): void;
  /** Connect again at once, where there is no connection. */
  retry(): void;
  /** Its last look; null before the first. */
  world(): Assessment | null;
  /** What a plan there would be, for showing it; null before the first look. */
  plan(request: PlanRequest): Plan | Refusal | null;
  /** What runs rigtop there with these words on our own terminal; or why nothing does. */
  spot(words: readonly string[]): Spot | {readonly because: string};
  close(): void;
}

export interface RemoteParts {
  readonly version: string;
  readonly epochMs: () => number;
  readonly way: Way;
  readonly gates: Gates;
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

/** At most one connection, begun when its gate lets it in. */
const createConnection = (way: Way, gates: Gates) => {
  let program: LineProgram | null = null;
  let begun = (): void => {};
  const close = (): void => {
    begun();
    program?.end();
    program = null;
  };
  return {
    isOpen: (): boolean => program !== null,
    /** It speaks, or others need not wait for it. */
    begun: (): void => begun(),
    close,
    open: (options: Parameters<Way['connect']>[0], onStart: () => void): void => {
      close();
      begun = gates.enter(way.through, () => {
        onStart();
        program = way.connect(options);
      });
    },
  };
};

export const createRemoteMachine = (parts: RemoteParts): RemoteMachine => {
  const {version, epochMs, way, gates} = parts;
  const {name} = way;
  const judge = createRemoteJudge(epochMs);
  const connection = createConnection(way, gates);
  let tell: (news: News) => void = () => {};
  let conversation = createConversation();
  let wait = FIRST_WAIT_MS;
  let closed = false;

  const silence = createAlarm(() => {
    connection.begun();
    tell({trouble: SILENCE});
  });
  const retry = createAlarm(() => open());
  const disconnect = (): void => {
    retry.clear();
    silence.clear();
    connection.close();
  };
  const fail = (trouble: Trouble): void => {
    disconnect();
    tell({trouble});
    // Whoever was told may have closed it.
    if (trouble.again && !closed) {
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
        connection.begun();
        tell({look, isPending: judge.isPending(), version: heard.newest.version});
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
    const onLines = (lines: readonly string[]): void => (closed ? undefined : take(lines));
    const onEnd = (end: LinesEnd): void => (closed ? undefined : fail(way.describeEnd(end, conversation.hasBegun())));
    connection.open({maxLineBytes: MAX_LINE_BYTES, onLines, onEnd}, () => silence.set(SILENT_MS));
  };

  return {
    name,
    listen: told => {
      tell = told;
      open();
    },
    retry: () => {
      if (!connection.isOpen() && !closed) {
        wait = FIRST_WAIT_MS;
        open();
      }
    },
    world: judge.world,
    plan: judge.plan,
    spot: way.spot,
    close: () => {
      closed = true;
      disconnect();
    },
  };
};
