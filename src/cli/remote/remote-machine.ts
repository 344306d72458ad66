// Another machine, seen over one connection that is kept open, and judged here with a memory of its own. It has no hands.
import type {Machine} from '../../core/domain/machine.ts';
import type {LineProgram, LinesEnd} from '../../core/os/line-program.ts';
import {restBehind} from './fair-share.ts';
import type {Gates} from './gates.ts';
import {SILENT_MS} from './heartbeat.ts';
import {createRemoteWorld, type Told} from './remote-world.ts';
import type {Trouble, Way} from './way.ts';

/** What is told of a machine: what its lines came to, or why there are none. */
export type News = (Told & {readonly ageMs?: number}) | {readonly trouble: Pick<Trouble, 'because' | 'hint'>};

export type RemoteMachine = Machine<News>;

export interface RemoteParts {
  readonly version: string;
  readonly epochMs: () => number;
  /** By a clock that does not jump. */
  readonly monotonicMs: () => number;
  /** The part of this program's time that it may take; `isInFront`: somebody has looked into it since its last look. */
  readonly share: (isInFront: boolean) => number;
  readonly way: Way;
  readonly gates: Gates;
}

/** A look at ten thousand processes is a third of this. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const FIRST_WAIT_MS = 1_000;
/** Whoever comes back is seen within ten seconds, for the first ten minutes. */
const LONG_WAIT_MS = 8_000;
const LONGEST_WAIT_MS = 60_000;
const PATIENT_TRIES = 75;

/** Before the next try, after so many that have failed. */
const waitAfter = (failed: number): number =>
  failed > PATIENT_TRIES ? LONGEST_WAIT_MS : Math.min(LONG_WAIT_MS, FIRST_WAIT_MS * 2 ** failed);

const SILENCE: Trouble = {
  because: `nothing was heard from it for ${SILENT_MS / 1000} s`,
  hint: 'the line or the machine is slow',
  again: true,
};

const BEHIND: Trouble = {
  because: `this screen is behind: what came from it has waited here for ${SILENT_MS / 1000} s`,
  hint: 'there is too little processor time here for so many machines that change all the time',
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

/** One bad line among good ones is no other version: a whole look may be good again. */
const passing = (trouble: Trouble): Trouble => ({
  ...trouble,
  hint: `asked again by itself; if that does not help: ${trouble.hint}`,
  again: true,
});

/** What went wrong, and how long the next try waits for that. */
const createPatience = (way: Way) => {
  let failed = 0;
  let bad = 0;
  /** Why its last look could not be read, until one can. */
  let unread: Trouble | null = null;
  return {
    succeed: (): void => {
      failed = 0;
      unread = null;
    },
    /** A look could not be read: whoever sends one after each good look is asked ever more seldom. */
    spoil: (trouble: Trouble, hasBegun: boolean): Trouble => {
      bad += 1;
      failed = Math.max(failed, bad);
      // Where nobody is connected to, no door is knocked at.
      unread = hasBegun || way.forget !== undefined ? passing(trouble) : trouble;
      way.forget?.();
      return unread;
    },
    /** Why nothing was dealt with: whoever is waited for since a bad look, or waits for us, is not called silent. */
    because: (): Trouble => unread ?? (way.isWaiting?.() === true ? BEHIND : SILENCE),
    forget: (): void => {
      failed = 0;
      bad = 0;
    },
    next: (): number => {
      failed += 1;
      return waitAfter(failed - 1);
    },
  };
};

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

const aged = (told: Told, way: Way): News => (way.ageMs === undefined ? told : {...told, ageMs: way.ageMs()});

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
  const {version, epochMs, monotonicMs, share, way, gates} = parts;
  const world = createRemoteWorld(epochMs);
  const connection = createConnection(way, gates);
  let tell: (news: News) => void = () => {};
  const patience = createPatience(way);
  let closed = false;

  const silence = createAlarm(() => {
    connection.begun();
    tell({trouble: patience.because()});
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
      retry.set(patience.next());
    }
  };
  const refuse = (trouble: Trouble): void => fail(patience.spoil(trouble, world.hasBegun()));
  const take = (lines: readonly string[]): number => {
    const began = monotonicMs();
    let isInFront = false;
    silence.set(SILENT_MS);
    try {
      const {told, unreadable} = world.take(lines);
      if (told !== null) {
        patience.succeed();
        connection.begun();
        tell(aged(told, way));
      }
      isInFront = world.rest();
      // Whoever was told may have closed it.
      if (unreadable !== null && !closed) {
        refuse(unreadableTo(version, unreadable));
      } else if (world.isSpent() && !closed) {
        open();
      }
    } catch (error) {
      refuse(unjudgeable(error));
    }
    return restBehind(monotonicMs() - began, share(isInFront));
  };
  const open = (): void => {
    disconnect();
    world.begin();
    const onLines = (lines: readonly string[]): number => (closed ? 0 : take(lines));
    const onEnd = (end: LinesEnd): void => (closed ? undefined : fail(way.describeEnd(end, world.hasBegun())));
    connection.open({maxLineBytes: MAX_LINE_BYTES, onLines, onEnd}, () => silence.set(SILENT_MS));
  };

  return {
    name: way.name,
    listen: told => {
      tell = told;
      open();
    },
    retry: () => {
      if (!connection.isOpen() && !closed) {
        patience.forget();
        open();
      }
    },
    world: world.look,
    plan: world.plan,
    spot: way.spot,
    close: () => {
      closed = true;
      disconnect();
    },
  };
};
