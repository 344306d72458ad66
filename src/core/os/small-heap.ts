// Keeps a program that stays open small.

import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

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
 * keeps what its busiest minutes took, because V8 collects when more is asked for, and nothing more is. It stands still for about 50 ms
 * meanwhile, so this is for programs that nobody watches.
 */
export const createTidying = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return () => collect({type: 'major', flavor: 'last-resort'});
};

/** From here on work lasts, and code that runs often pays for being compiled again. */
const MANY_PROCESSES = 4000;

/**
 * The same for what is compiled from WebAssembly, the layout of the screen: one large function took 25 ms and 8 MB to compile again for
 * frames of which there are few, and the compiler's own pages stay. Calls into it are compiled again after so many of them.
 */
const PLAIN_LAYOUT = ['--no-wasm-dynamic-tiering', '--no-wasm-tier-up', '--wasm-wrapper-tiering-budget=1000000000'];

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
export const createThrift = (setFlag: (flag: string) => void) => {
  let frugal = false;
  let optimises = true;
  let work: Work = {processes: 0, machines: 0};
  const compile = (): void => {
    const isMuch = !frugal || work.machines > 0 || work.processes > MANY_PROCESSES;
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
        PLAIN_LAYOUT.forEach(setFlag);
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
