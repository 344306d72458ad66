// Keeps a program that stays open small.

import {getHeapStatistics, setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {monotonicNow} from './clock.ts';

/**
 * The space for young objects stays as large as starting has made it. Left alone it grows to 16 MB and more, because each look makes many
 * objects that soon die, and every page of it that was touched once stays resident and makes each fork dearer. V8 reads this flag each
 * time it would let the space grow (NewSpace::Grow in src/heap/new-spaces.cc), so that it works in a program that already runs.
 */
export const keepHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/**
 * Collect old objects when there are so many percent more of them, not twice as many: looks at many machines make much that dies soon, and
 * what waits for its collection stays resident. Read whenever V8 sets its next limit (Heap::ComputeOldGenerationAllocationLimit).
 */
export const keepGarbageSmall = (percent = 20): void => setFlagsFromString(`--heap-growing-percent=${percent}`);

/** What V8 gives to the contexts that are made while `--expose-gc` is set (src/extensions/gc-extension.cc). */
type Collect = (options: {readonly type: 'major'; readonly flavor: 'last-resort'}) => void;

/**
 * Gives back what is free, whole: pages that hold little are emptied, code that is not used is dropped. A program that does little for days
 * keeps what its busiest minutes took, because V8 collects when more is asked for, and nothing more is. It stands still for 20 to 50 ms
 * meanwhile, so this is for when nobody watches.
 */
export const createTidying = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return () => collect({type: 'major', flavor: 'last-resort'});
};

/** Where no key is pressed at all. */
export const NOBODY_WAITS = Number.POSITIVE_INFINITY;

/** Nobody who looks on has pressed a key for so long. */
const QUIET_MS = 30_000;
/** It takes 85 ms of all processors together, 0.07 % of one. */
const TIDY_EVERY_MS = 120_000;
/** What is less than a fifth more than at the last time is not worth it. */
const GROWN = 1.2;
/** Going through more than this takes longer than a key may wait. */
const MOST_BYTES = 128 * 2 ** 20;

interface TidyParts {
  tidy(): void;
  /** Memory that V8 holds for objects, used or not. */
  held(): number;
  /** Milliseconds of a clock that does not jump. */
  now(): number;
}

/**
 * What is called whenever there is nothing to do for a while, with the time since somebody has done something: gives memory back now and then,
 * while nobody waits.
 */
export const createResting = ({tidy, held, now}: TidyParts): ((quietMs: number) => void) => {
  let [last, left] = [Number.NEGATIVE_INFINITY, 0];
  return quietMs => {
    if (quietMs < QUIET_MS || now() - last < TIDY_EVERY_MS) {
      return;
    }
    const before = held();
    if (before >= left * GROWN && before <= MOST_BYTES) {
      tidy();
      [last, left] = [now(), held()];
    }
  };
};

/** The same with this program's own heap. */
export const restingHeap = (): ((quietMs: number) => void) => {
  let tidy: (() => void) | null = null;
  return createResting({
    tidy: () => {
      tidy ??= createTidying();
      tidy();
    },
    held: () => getHeapStatistics().total_physical_size,
    now: monotonicNow,
  });
};

/** From here on work lasts, and code that runs often pays for being compiled again. */
const MANY_PROCESSES = 4000;
const MANY_MACHINES = 100;

/**
 * The same for what is compiled from WebAssembly, the layout of the screen: one large function took 25 ms and 8 MB to compile again for
 * frames of which there are few, and the compiler's own pages stay. Calls into it are compiled again after so many of them.
 */
const PLAIN_LAYOUT = ['--no-wasm-dynamic-tiering', '--no-wasm-tier-up', '--wasm-wrapper-tiering-budget=1000000000'];
/** Older ones, on which a checkout runs, complain on stderr of a flag that they do not know. */
const LEAST_NODE = 22;

interface Work {
  /** Of this machine. */
  readonly processes: number;
  /** Other ones beside it. */
  readonly machines: number;
}

/**
 * Code that runs often is compiled again by the optimising compilers. What they make, what they need for it in threads of their own, and
 * the pages of Node that they are made of stay resident, and a command that ends or a screen that rests between looks gains nothing. V8
 * reads these flags whenever it considers a function (TieringManager::ShouldOptimize).
 */
export const createThrift = (setFlag: (flag: string) => void, node = process.versions.node) => {
  let frugal = false;
  let optimises = true;
  let work: Work = {processes: 0, machines: 0};
  const compile = (): void => {
    const isMuch = !frugal || work.machines > MANY_MACHINES || work.processes > MANY_PROCESSES;
    if (isMuch !== optimises) {
      optimises = isMuch;
      for (const compiler of ['maglev', 'turbofan']) {
        setFlag(`--${isMuch ? '' : 'no-'}${compiler}`);
      }
    }
  };
  return {
    beFrugal: (): void => {
      if (!frugal) {
        frugal = true;
        if (Number.parseInt(node, 10) >= LEAST_NODE) {
          PLAIN_LAYOUT.forEach(setFlag);
        }
        compile();
      }
    },
    expectWork: (more: Partial<Work>): void => {
      work = {...work, ...more};
      compile();
    },
  };
};

const thrift = createThrift(setFlagsFromString);

/** Do without the optimising compilers while there is little to do. The earlier the better: loading the program is work that they notice. */
export const beFrugal = thrift.beFrugal;

/** How much there is to do. */
export const expectWork = thrift.expectWork;
