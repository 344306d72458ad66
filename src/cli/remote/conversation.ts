// One conversation with another machine: its lines in order, what a login prints before them, and how much has been said.
import {createSnapshotReader, isUnreadable, type Report} from '../documents/read-snapshot.ts';

/** Changes add up: after so many characters the conversation is begun anew, with a whole look. Days of a busy machine. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** What a login prints before the first line of ours. */
const MOST_GREETINGS = 200;

/** What some lines came to: the newest look of them, or null; or why they cannot be read. */
export type Heard = {readonly newest: Report | null} | {readonly unreadable: string};

export interface Conversation {
  hear(lines: readonly string[]): Heard;
  /** Whether a look has come in it. */
  hasBegun(): boolean;
  /** Whether it is to be begun anew. */
  isSpent(): boolean;
}

export const createConversation = (mostCharacters = MOST_CHARACTERS): Conversation => {
  const read = createSnapshotReader();
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
      for (const line of lines) {
        if (isGreeting(line)) {
          continue;
        }
        received += line.length;
        const report = read(line);
        if (isUnreadable(report)) {
          return {unreadable: report.because};
        }
        newest = report;
        begun = true;
      }
      return {newest};
    },
    hasBegun: () => begun,
    isSpent: () => received > mostCharacters,
  };
};
