// What an outside program writes of what happens in it. Pure records.

export interface FeedEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What happened, in one line. */
  readonly text: string;
  /** Whether people should notice it: an end, a crash. */
  readonly grave: boolean;
}

/** The latest events of one place, oldest first; none where they could not be read. */
export interface Feed {
  /** What tells it from the others: the resolved path of its place. */
  readonly home: string;
  /** What people call it: `town home`. */
  readonly name: string;
  readonly events: readonly FeedEvent[];
}
