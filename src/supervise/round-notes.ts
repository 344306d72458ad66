// The notes of a supervisor's rounds: kept for the record, written to the journal, told to people; what only goes on is said once.
import {NOTES_KEPT, type RoundNote} from './record.ts';

export interface NoteParts {
  readonly epochMs: () => number;
  /** Writes it to the journal; the reason when it could not. */
  readonly write: (note: RoundNote) => Promise<string | null>;
  /** Tells people: standard output, a notifier. Must not wait for anybody. */
  readonly tell: (note: RoundNote) => void;
}

export interface RoundNotes {
  note(what: RoundNote['what'], text: string, ref?: string | null): Promise<void>;
  /** After each round: what was not said again in it is over, and news when it comes back. */
  endRound(): void;
  /** The latest ones, oldest first. */
  latest(): readonly RoundNote[];
  /** Why the journal cannot be written; null when it can. */
  trouble(): string | null;
  /** Try to write again, after trouble. */
  retry(): Promise<void>;
}

export const createRoundNotes = ({epochMs, write, tell}: NoteParts): RoundNotes => {
  let notes: readonly RoundNote[] = [];
  let trouble: string | null = null;
  let before = new Map<string, string>();
  let now = new Map<string, string>();

  const make = (what: RoundNote['what'], text: string, ref: string | null): RoundNote => ({
    at: new Date(epochMs()).toISOString(),
    what,
    text,
    ref,
  });

  const publish = (note: RoundNote): void => {
    notes = [...notes, note].slice(-NOTES_KEPT);
    tell(note);
  };

  const note = async (what: RoundNote['what'], text: string, ref: string | null = null): Promise<void> => {
    if (what === 'held-back' || what === 'would') {
      // What is about nothing in particular is one thing for each text.
      const key = `${what} ${ref ?? text}`;
      const said = now.get(key) ?? before.get(key);
      now.set(key, text);
      if (said === text) {
        return;
      }
    }
    const one = make(what, text, ref);
    const failed = await write(one);
    publish(one);
    if (failed !== null && trouble === null) {
      publish(make('said', `acts no more: its journal cannot be written (${failed})`, null));
    }
    trouble = failed;
  };

  return {
    note,
    endRound: () => {
      before = now;
      now = new Map();
    },
    latest: () => notes,
    trouble: () => trouble,
    retry: async () => {
      const again = make('said', 'its journal can be written again', null);
      trouble = await write(again);
      if (trouble === null) {
        publish(again);
      }
    },
  };
};
