// The looks of other machines, as they come: into rows at once, onto the screen a few times a second, silence and trouble beside what was seen.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Machine, MachineNews} from '../core/domain/machine.ts';
import {EMPTY_VIEW, viewFleet} from './fleet-view.ts';
import {type Counted, countMachine, doubtedMachines} from './machine-doubt.ts';
import type {FollowMachines, MachineStand} from './machine-stand.ts';
import {type Clock, systemClock} from './refresh-loop.ts';
import type {FleetView} from './rows.ts';
import type {ScreenStore} from './store.ts';

/** What comes within this is shown together: a hundred machines do not draw a hundred times. */
const TOGETHER_MS = 250;
/** How often a growing age is drawn: it says "for a while", and must not keep a slow line busy. */
const AGE_STEP_MS = 10_000;
/** Showing takes at most such a part of the time: the rows of a thousand machines are joined and ordered less often than those of ten. */
const MOST_SHARE = 0.1;
/** However long it takes, what has come is shown within this. */
const LONGEST_REST_MS = 5_000;

const DOUBT = 'all that ran there is gone together with all that ran on other machines: doubt the observer first';

/** What is remembered of one machine. */
interface Known {
  readonly machine: Machine;
  readonly view: FleetView | null;
  /** Its rows from before everything was gone, while that may be doubted. */
  readonly before: FleetView | null;
  readonly lookedAt: number | null;
  /** When the rows from before were seen. */
  readonly beforeAt: number | null;
  readonly trouble: string | null;
}

const populationOf = ({snapshot, fleet}: Assessment): number =>
  snapshot.servers.reduce((sum, {sessions}) => sum + sessions.length, 0) +
  fleet.agents.filter(({state, process}) => state === 'running' && process !== null).length;

const steps = (ms: number): number => (Math.floor(ms / AGE_STEP_MS) * AGE_STEP_MS) / 1000;

const standOf = ({machine, view, before, lookedAt, beforeAt, trouble}: Known, isDoubted: boolean, now: number): MachineStand => {
  const {name, world} = machine;
  if (isDoubted && before !== null && beforeAt !== null) {
    return {name, line: 'doubted', because: DOUBT, ageSeconds: steps(now - beforeAt), view: before, world};
  }
  if (trouble !== null) {
    return {name, line: 'lost', because: trouble, ageSeconds: lookedAt === null ? null : steps(now - lookedAt), view, world};
  }
  return {name, line: view === null ? 'looking' : 'live', because: '', ageSeconds: null, view, world};
};

export interface FleetLoop {
  /** Connect again to whoever is lost. */
  retry(): void;
  suspend(): void;
  resume(): void;
  stop(): void;
  /** By its name. */
  machine(name: string): Machine | null;
}

/** What is known of all machines, changed by what is told of each. No timers. */
const createRegister = (now: () => number) => {
  const known = new Map<string, Known>();
  const census = new Map<string, Counted>();
  return {
    known,
    note: (name: string, news: MachineNews): void => {
      const before = known.get(name);
      if (before === undefined) {
        return;
      }
      if ('trouble' in news) {
        known.set(name, {...before, trouble: `${news.trouble.because} (${news.trouble.hint})`});
        return;
      }
      const lookedAt = now() - (news.ageMs ?? 0);
      if ('quiet' in news) {
        known.set(name, {...before, lookedAt, trouble: null});
        return;
      }
      const population = populationOf(news.look);
      const wasPopulated = (census.get(name)?.population ?? 0) > 0;
      census.set(name, countMachine(census.get(name), population, now()));
      const emptied = population === 0 && wasPopulated;
      const kept = emptied ? {before: before.view, beforeAt: before.lookedAt} : {before: before.before, beforeAt: before.beforeAt};
      known.set(name, {
        ...before,
        ...(population > 0 ? {before: null, beforeAt: null} : kept),
        // Only rows are kept: a hundred whole looks are too much to hold.
        view: viewFleet(news.look, before.view ?? EMPTY_VIEW),
        lookedAt,
        trouble: null,
      });
    },
    forget: (name: string): void => {
      known.delete(name);
      census.delete(name);
    },
    stands: (): readonly MachineStand[] => {
      const doubted = new Set(doubtedMachines(census, now()));
      return [...known].map(([name, each]) => standOf(each, doubted.has(name), now()));
    },
  };
};

/** When what has come is drawn: together, and again while an age grows. `draw` answers whether one does, or null where nothing may be drawn. */
const createPace = (clock: Clock, draw: () => {readonly growsOlder: boolean} | null) => {
  let forgetFlush: (() => void) | null = null;
  let forgetAge = (): void => {};
  let restUntil = 0;
  const show = (): void => {
    forgetFlush = null;
    const began = clock.now();
    const drawn = draw();
    if (drawn === null) {
      return;
    }
    restUntil = clock.now() + Math.min(LONGEST_REST_MS, (clock.now() - began) / MOST_SHARE);
    forgetAge();
    if (drawn.growsOlder) {
      forgetAge = clock.after(AGE_STEP_MS, show);
    }
  };
  const soon = (): void => {
    forgetFlush ??= clock.after(Math.max(TOGETHER_MS, restUntil - clock.now()), show);
  };
  return {
    show,
    soon,
    /** What showing cost before is not waited for. */
    withoutRest: (): void => {
      forgetFlush?.();
      forgetFlush = null;
      restUntil = 0;
      soon();
    },
    /** A thousand that have come one by one are shown together. */
    showRested: (): void => (clock.now() < restUntil ? soon : show)(),
    stop: (): void => {
      forgetFlush?.();
      forgetAge();
    },
  };
};

/** Who of the first table has not been heard of. */
const createRoll = () => {
  let unheard: Set<string> | null = new Set();
  return {
    add: (name: string): void => {
      unheard?.add(name);
    },
    /** Answers whether that makes the first table whole. */
    hear: (name: string): boolean => {
      const isWhole = unheard?.delete(name) === true && unheard.size === 0;
      unheard = isWhole ? null : unheard;
      return isWhole;
    },
  };
};

/** Start listening to all of them. */
export const startFleet = (store: ScreenStore, follow: FollowMachines, clock: Clock = systemClock): FleetLoop => {
  const register = createRegister(clock.now);
  const roll = createRoll();
  let troubles: readonly string[] = [];
  let suspended = 0;
  let stopped = false;

  const pace = createPace(clock, () => {
    if (stopped || suspended > 0 || store.getState().paused) {
      return null;
    }
    const stands = register.stands();
    store.attendMachines(stands, troubles);
    return {growsOlder: stands.some(({ageSeconds}) => ageSeconds !== null)};
  });
  const listenTo = (machine: Machine): void => {
    roll.add(machine.name);
    register.known.set(machine.name, {machine, view: null, before: null, lookedAt: null, beforeAt: null, trouble: null});
    machine.listen(news => {
      const wasLost = register.known.get(machine.name)?.trouble !== null;
      register.note(machine.name, news);
      if (roll.hear(machine.name)) {
        pace.withoutRest();
      } else if (wasLost || !('quiet' in news)) {
        pace.soon();
      }
    });
  };
  const unfollow = follow((machines, told) => {
    troubles = told;
    const named = new Set(machines.map(({name}) => name));
    for (const machine of machines.filter(({name}) => !register.known.has(name))) {
      listenTo(machine);
    }
    // Whoever is no longer named stays as long as it speaks.
    for (const [name, {machine, trouble, view}] of register.known) {
      if (!named.has(name) && (trouble !== null || view === null)) {
        machine.close();
        register.forget(name);
        roll.hear(name);
      }
    }
    pace.showRested();
  });

  return {
    retry: () => {
      for (const {machine} of register.known.values()) {
        machine.retry();
      }
      pace.show();
    },
    suspend: () => {
      suspended += 1;
    },
    resume: () => {
      suspended = Math.max(0, suspended - 1);
      pace.show();
    },
    stop: () => {
      stopped = true;
      pace.stop();
      unfollow();
      for (const {machine} of register.known.values()) {
        machine.close();
      }
    },
    machine: name => register.known.get(name)?.machine ?? null,
  };
};
