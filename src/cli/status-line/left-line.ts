// The line that a running rigtop leaves for `rigtop line`: where it lies, how it is written, how long it counts. Pure.
import {parseRecord} from '../../core/domain/json-fields.ts';

const LEFT_SCHEMA = 'rigtop/line@1';

export interface LeftLine {
  readonly line: string;
  /** A source did not answer. */
  readonly blind: boolean;
  /** Whether it was made by somebody who reads the screens of agents: such a one knows more of what they do. */
  readonly readsScreens: boolean;
}

/** Nothing that is written there is longer; what is was not written by rigtop. */
export const MOST_LEFT_BYTES = 4_096;

/** The time of the file is moved on so often while the line stays the same. */
export const TOUCH_MS = 30_000;
/** Beyond this nobody has looked: a touch and a slow look later. */
const CURRENT_MS = 45_000;
/** Beyond this it says nothing of now. */
const USABLE_MS = 600_000;
/** What file systems and clocks may be apart. */
const AHEAD_MS = 5_000;

export const leftLinePath = (stateDirectory: string): string => `${stateDirectory}/line.json`;

export const formatLeftLine = (left: LeftLine): string => `${JSON.stringify({schema: LEFT_SCHEMA, ...left})}\n`;

/** Null where it is none. */
export const parseLeftLine = (text: string): LeftLine | null => {
  const {schema, line, blind, readsScreens} = parseRecord(text) ?? {};
  return schema === LEFT_SCHEMA && typeof line === 'string' && typeof blind === 'boolean' && typeof readsScreens === 'boolean'
    ? {line, blind, readsScreens}
    : null;
};

/** What a line is worth that was left, or confirmed, so long ago. A clock that was set back proves nothing. */
export const standingOf = (ageMs: number): 'current' | 'old' | 'useless' => {
  if (ageMs < -AHEAD_MS || ageMs > USABLE_MS) {
    return 'useless';
  }
  return ageMs > CURRENT_MS ? 'old' : 'current';
};
