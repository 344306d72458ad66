// Reads the journal as it grows: each time what was written since, through being set aside, cut off, or half-written.
import {codeOf} from '../os/files.ts';
import type {Host} from '../os/host.ts';
import {measure, readRows} from '../os/state-files.ts';
import {type JournalLine, journalPath, olderJournalPath} from './journal-file.ts';
import {parseRow} from './read-journal.ts';

export interface JournalReader {
  /**
   * Lines that were written since the last call, oldest first; those that are there already at the first. A file that has not grown is not
   * opened. Throws when a file is there and cannot be read; the next call begins where the last good one ended.
   */
  next(): Promise<readonly JournalLine[]>;
}

/** The two ways to the file; replaced where tests count. */
export interface JournalFiles {
  readonly measure: typeof measure;
  readonly readRows: typeof readRows;
}

/** How far a file was read: the end of its last whole line, and its size then. */
interface Place {
  readonly inode: number;
  readonly offset: number;
  readonly size: number;
}

interface Reached {
  readonly lines: readonly JournalLine[];
  /** Null where there is no such file. */
  readonly place: Place | null;
}

/** No file has this number. */
const GONE: Place = {inode: -1, offset: 0, size: 0};

const NOTHING: Reached = {lines: [], place: null};

const readLines = async (files: JournalFiles, path: string, offset: number, most: number): Promise<Reached> => {
  try {
    const lines: JournalLine[] = [];
    // Of a row whose beginning was left away nothing is made: a rest of one is no line.
    const take = (row: string): void => {
      const line = parseRow(row);
      if (line !== null) {
        lines.push(line);
      }
    };
    const {end, inode, size} = await files.readRows(path, offset, take, most);
    return {lines, place: {inode, offset: end, size}};
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return NOTHING;
    }
    throw error;
  }
};

/** At most `most` bytes are read of each file at once, the newest: what is older then is left away. */
export const createJournalReader = (
  directory: string,
  {most = Number.POSITIVE_INFINITY, files = {measure, readRows}}: {readonly most?: number; readonly files?: JournalFiles} = {},
): JournalReader => {
  const [path, olderPath] = [journalPath(directory), olderJournalPath(directory)];
  let place: Place | null = null;

  /** What was still to be read of the file that has been set aside; all of an older one at the first call. */
  const readOlder = async (before: Place | null): Promise<Reached> => {
    const older = await files.measure(olderPath);
    return older === null || (before !== null && (older.inode !== before.inode || older.size === before.size))
      ? NOTHING
      : readLines(files, olderPath, before?.offset ?? 0, most);
  };

  const step = async (): Promise<readonly JournalLine[]> => {
    const now = await files.measure(path);
    const before = place;
    if (now !== null && now.inode === before?.inode) {
      if (now.size === before.size) {
        return [];
      }
      // Shorter than it was, somebody has cut it off: what is in it now is new.
      const reached = await readLines(files, path, now.size > before.size ? before.offset : 0, most);
      if (reached.place?.inode !== before.inode) {
        return [];
      }
      place = reached.place;
      return reached.lines;
    }
    const older = await readOlder(before);
    const newer = now === null ? NOTHING : await readLines(files, path, 0, most);
    // Gone altogether, the next one is another, even with the same number.
    place = newer.place ?? older.place ?? GONE;
    return [...older.lines, ...newer.lines];
  };

  let last: Promise<readonly JournalLine[]> = Promise.resolve([]);
  return {
    next: () => {
      last = last.catch(() => []).then(step);
      return last;
    },
  };
};

const LOOK_MS = 500;

/** New lines as they come, until `signal` aborts; what is there already comes first. `since` is milliseconds since the epoch. */
export async function* followJournal(host: Host, directory: string, since: number, signal: AbortSignal): AsyncGenerator<JournalLine> {
  const reader = createJournalReader(directory);
  yield* (await reader.next()).filter(({at}) => Date.parse(at) >= since);
  while (!signal.aborted) {
    await host.sleep(LOOK_MS, signal).catch(() => undefined);
    yield* await reader.next().catch(() => []);
  }
}
