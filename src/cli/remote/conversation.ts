// One conversation with another machine: its lines in order, what a login prints before them, and how much has been said.
import {createSnapshotReader, isUnreadable, type Report} from '../documents/read-snapshot.ts';

/** Changes add up: after so many characters the conversation is begun anew, with a whole look. Days of a busy machine. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** What a login prints before the first line of ours. */
const MOST_GREETINGS = 200;

/** What some lines came to. */
export interface Heard {
  /** Their newest look, or null. */
  readonly newest: Report | null;
  /** When the last look was taken there, where that showed nothing new. */
  readonly quietAt: number | null;
  /** Why a line of them cannot be read; nothing behind it counts, and what was read before it does. Null where all can. */
  readonly unreadable: string | null;
}

export interface Conversation {
  hear(lines: readonly string[]): Heard;
  /** Whether a look has come in it. */
  hasBegun(): boolean;
  /** The last look of it, with the clocks of the last line; null before the first. */
  last(): Report | null;
  /** Keep it as small as can be until the next line that changes something. */
  rest(): void;
  /** Whether it is to be begun anew. */
  isSpent(): boolean;
}

export const createConversation = (mostCharacters = MOST_CHARACTERS): Conversation => {
  const reader = createSnapshotReader();
  let begun = false;
  let greetings = 0;
  let received = 0;

  const isGreeting = (line: string): boolean => {
    if (begun || line.startsWith('{') || greetings >= MOST_GREETINGS) {
      return false;
    }
    greetings += 1;
    return true;
  };

  return {
    hear: lines => {
      let newest: Report | null = null;
      let quietAt: number | null = null;
      let because: string | null = null;
      for (const line of lines) {
        if (isGreeting(line)) {
          continue;
        }
        received += line.length;
        const report = reader.read(line);
        if (isUnreadable(report)) {
          because = report.because;
          break;
        }
        begun = true;
        if ('quiet' in report) {
          quietAt = report.monotonicMs;
        } else {
          newest = report;
          quietAt = null;
        }
      }
      return {newest: newest !== null && quietAt !== null ? reader.last() : newest, quietAt, unreadable: because};
    },
    hasBegun: () => begun,
    last: reader.last,
    rest: reader.rest,
    isSpent: () => received > mostCharacters,
  };
};
