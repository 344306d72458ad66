// What is held of one machine: its newest whole look and the changes behind it, as they came. Pure but for what it remembers; bounded.

import {MOST_CHANGES} from './bucket.ts';
import type {PublishedLine} from './published-line.ts';

/** As much as the server takes for one line by default, and changes of it. Beyond that a machine waits for its next whole look. */
const MOST_BYTES = 4 * 1024 * 1024;

export interface LineChain {
  /** False where the line does not go on from what is held: it is dropped. */
  take(line: PublishedLine): boolean;
  /** What has not been taken out yet, in order. */
  rest(): readonly PublishedLine[];
  /** All of it is to be taken out again. */
  rewind(): void;
  /** Nothing of it counts any more. */
  drop(): void;
  isEmpty(): boolean;
}

export const createLineChain = (): LineChain => {
  let lines: PublishedLine[] = [];
  let bytes = 0;
  let taken = 0;

  const drop = (): void => {
    lines = [];
    bytes = 0;
    taken = 0;
  };
  const goesOn = ({mark, number}: PublishedLine): boolean => lines[0]?.mark === mark && number === lines.length && number <= MOST_CHANGES;
  return {
    take: line => {
      if (line.number === 0) {
        drop();
      } else if (!goesOn(line)) {
        return false;
      }
      if (bytes + line.body.length > MOST_BYTES) {
        drop();
        return false;
      }
      // What came is a part of all that came at once: kept as it is, it would keep that.
      lines.push({...line, body: Uint8Array.from(line.body)});
      bytes += line.body.length;
      return true;
    },
    rest: () => {
      const rest = lines.slice(taken);
      taken = lines.length;
      return rest;
    },
    rewind: () => {
      taken = 0;
    },
    drop,
    isEmpty: () => lines.length === 0,
  };
};
