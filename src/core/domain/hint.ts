// What an agent itself is doing: asking, done, busy, stuck, idle. A hint for people; nothing is ever ended because of it. Pure records.

/**
 * `asks`: waits for an answer. `done`: at its prompt after a turn that nobody has looked at since. `stuck`: says that it works, and its
 * screen has stood still. `idle`: at its prompt with nothing new.
 */
export const HINT_STATES = ['asks', 'done', 'busy', 'stuck', 'idle'] as const;
export type HintState = (typeof HINT_STATES)[number];

export interface Hint {
  readonly state: HintState;
  /** Milliseconds since the epoch; null where one look cannot know. */
  readonly since: number | null;
  /** The question, or the last line of the answer. */
  readonly text: string | null;
  /** Whose word it is: what the agent’s own program records, or its screen. */
  readonly source: 'record' | 'screen';
}

/** What a screen says: a hint’s state, or nothing that is understood. */
export interface ScreenSays {
  readonly state: HintState | 'unknown';
  readonly text: string | null;
  /** Lines that are not blank above the prompt to type in; missing where none is in sight. */
  readonly above?: number;
}

/** One pane’s screen as it was last read. */
export interface ScreenReading extends Omit<ScreenSays, 'above'> {
  /** Socket path of the tmux server. */
  readonly socket: string;
  /** `%7`. */
  readonly paneId: string;
  /** Since when it says this, as far as it was read; milliseconds since the epoch. */
  readonly since: number | null;
  /** The last lines above its prompt, for people on this machine; missing in what is sent elsewhere. */
  readonly tail?: readonly string[];
}

export type HintCounts = Readonly<Record<HintState, number>>;

export const countHints = (agents: readonly {readonly hint?: Hint}[]): HintCounts => {
  const counts: Record<HintState, number> = {asks: 0, done: 0, busy: 0, stuck: 0, idle: 0};
  for (const {hint} of agents) {
    if (hint !== undefined) {
      counts[hint.state] += 1;
    }
  }
  return counts;
};

/** How many need a person: they ask, or have finished. */
export const needYou = ({asks, done}: Pick<HintCounts, 'asks' | 'done'>): number => asks + done;
