// Seeded trouble for the fleet of the soak: deaths, hangs, leaks, renames, port squatters and silent servers.
import {isAlive, signalTo} from '../test/support/marked.ts';
import type {PrivateTmux} from '../test/support/private-tmux.ts';
import type {Scope} from '../test/support/scope.ts';
import {startOne} from '../test/support/throwaway.ts';
import {pause} from '../test/support/wait-for.ts';
import {type Kept, LIFE_S, type SoakFleet} from './soak-fleet.ts';

const HOUR_MS = 3_600_000;
/** Fewer than the clean-ups of an hour (supervise/brakes.ts), or the fleet grows without end, and with it what a supervisor remembers. */
const MOST_LEAKS = 80;

/** mulberry32: the same seed makes the same trouble. */
export const createDice = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const HANG_MS = 6_000;
const SILENCE_MS = 4_000;

export interface Trouble {
  /** One more piece of trouble; what it was, in words. */
  make(): Promise<string>;
  /** Ends what does not end by itself: hangs and silences. */
  settle(): Promise<void>;
  /** How often each sort was made. */
  counts(): Readonly<Record<string, number>>;
}

export const createTrouble = (scope: Scope, fleet: SoakFleet, dice: () => number): Trouble => {
  const counts: Record<string, number> = {};
  const under: Promise<unknown>[] = [];
  const pick = <T>(some: readonly T[]): T => some[Math.floor(dice() * some.length)] as T;
  const agents = fleet.kept.filter(({port}) => port === null);
  const services = fleet.kept.filter(({port}) => port !== null);
  const renamed = new Set<Kept>();
  const silent = new Set<PrivateTmux>();

  const die = async (one: Kept): Promise<string> => {
    const process = one.alive();
    if (process !== null) {
      signalTo(process, dice() < 0.5 ? 'SIGKILL' : 'SIGTERM');
    }
    return `${one.ref} dies`;
  };

  const hang = async (one: Kept): Promise<string> => {
    const process = one.alive();
    if (process !== null) {
      signalTo(process, 'SIGSTOP');
      under.push(pause(HANG_MS).then(() => signalTo(process, 'SIGCONT')));
    }
    return `${one.ref} hangs`;
  };

  /** When the agents of the last hour were leaked, milliseconds of this process. */
  const leaks: number[] = [];
  const leak = async (one: Kept): Promise<string> => {
    const now = performance.now();
    while (leaks[0] !== undefined && now - leaks[0] > HOUR_MS) {
      leaks.shift();
    }
    if (leaks.length >= MOST_LEAKS) {
      return `${one.ref} leaks nothing: a supervisor ends no more than 100 an hour`;
    }
    leaks.push(now);
    await one.tmux
      .run('new-window', '-d', '-t', `=${one.session}:`, `setsid ${fleet.agentProgram} ${LIFE_S} & sleep 0.2`)
      .catch(() => undefined);
    return `${one.ref} leaks an agent`;
  };

  const rename = async (one: Kept): Promise<string> => {
    if (renamed.size < 3) {
      renamed.add(one);
      await one.tmux.run('rename-session', '-t', `=${one.session}`, `was ${one.session} 🦀`).catch(() => undefined);
    }
    return `${one.ref} is renamed`;
  };

  const squat = async (one: Kept): Promise<string> => {
    const process = one.alive();
    if (process === null) {
      return `${one.ref} is down, nobody squats on it`;
    }
    signalTo(process, 'SIGKILL');
    for (let tries = 0; tries < 50 && isAlive(process); tries += 1) {
      await pause(2);
    }
    try {
      fleet.bystanders.push(
        await startOne(scope, {name: 'squatter', lifeMs: LIFE_S * 1000, cwd: '/', listen: {host: '127.0.0.1', port: one.port ?? 0}}),
      );
    } catch {
      return `${one.ref} was faster than its squatter`;
    }
    return `${one.ref} loses its port to a squatter`;
  };

  const silence = async (): Promise<string> => {
    const tmux = pick([fleet.town, fleet.slots]);
    if (!silent.has(tmux)) {
      silent.add(tmux);
      const server = await tmux.serverProcess();
      signalTo(server, 'SIGSTOP');
      under.push(
        pause(SILENCE_MS).then(() => {
          signalTo(server, 'SIGCONT');
          silent.delete(tmux);
        }),
      );
    }
    return `server ${tmux.name} falls silent`;
  };

  const sorts: readonly [string, number, () => Promise<string>][] = [
    ['death', 4, () => die(pick(fleet.kept))],
    ['hang', 2, () => hang(pick(agents))],
    ['leak', 2, () => leak(pick(agents))],
    ['rename', 1, () => rename(pick(fleet.kept))],
    ['squatter', 1, () => squat(pick(services))],
    ['silence', 1, silence],
  ];
  const total = sorts.reduce((sum, [, weight]) => sum + weight, 0);

  return {
    make: async () => {
      let roll = dice() * total;
      const [name, , make] = sorts.find(([, weight]) => {
        roll -= weight;
        return roll < 0;
      }) ??
        sorts[0] ?? ['', 0, async () => ''];
      // A stopped server answers nobody, neither rigtop nor us.
      if (silent.size > 0 && name !== 'death' && name !== 'hang') {
        return 'a moment of peace';
      }
      counts[name] = (counts[name] ?? 0) + 1;
      return make();
    },
    settle: async () => {
      await Promise.all(under);
    },
    counts: () => counts,
  };
};
