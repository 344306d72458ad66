// Keeps the heap of a program that stays open small.

import {setFlagsFromString} from 'node:v8';

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
