// Where a Codex conversation works: the first line of its own file, found by the time in its id. Reads only.
import {join} from 'node:path';
import {parseRecord} from '../../../core/domain/json-fields.ts';
import type {Host} from '../../../core/os/host.ts';
import {parseCodexMeta} from '../parse-others.ts';

/** The first line holds the program’s own instructions as well. */
const HEAD_BYTES = 256 * 1024;
const DAY_MS = 86_400_000;
/** Files of one day; more are not looked through. */
const MOST_NAMES = 4096;

/** UUID version 7 begins with milliseconds since the epoch (RFC 9562, 5.7). */
const bornOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

/** Directories are named by the local date, which this machine’s clock tells only within a day. */
const daysAround = (ms: number): readonly string[] =>
  [ms, ms - DAY_MS, ms + DAY_MS].map(each => new Date(each).toISOString().slice(0, 10).replaceAll('-', '/'));

const firstLine = (text: string): string => {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
};

/** A reader with memory: a conversation keeps its directory. Null where no file tells. */
export const createThreadPlaces = (host: Host): ((place: string, id: string) => Promise<string | null>) => {
  const known = new Map<string, string>();

  const find = async (place: string, id: string): Promise<string | null> => {
    const born = bornOf(id);
    for (const day of Number.isFinite(born) && born < 8.64e15 ? daysAround(born) : []) {
      const directory = join(place, 'sessions', day);
      const listed = await host.files.list(directory);
      const name = listed.state === 'ok' ? listed.value.slice(-MOST_NAMES).find(each => each.endsWith(`${id}.jsonl`)) : undefined;
      const file = name === undefined ? null : join(directory, name);
      const info = file === null ? null : await host.files.inspect(file);
      if (file !== null && info?.state === 'ok' && info.value.kind === 'file' && info.value.uid === host.uid) {
        const head = await host.files.readHead(file, HEAD_BYTES, place);
        const line = head.state === 'ok' ? parseRecord(firstLine(head.value)) : null;
        const told = line === null ? null : parseCodexMeta(line);
        const real = told === null ? null : await host.files.realPath(told);
        return real?.state === 'ok' ? real.value : told;
      }
    }
    return null;
  };

  return async (place, id) => {
    const before = known.get(id);
    if (before !== undefined) {
      return before;
    }
    const found = await find(place, id);
    if (found !== null) {
      known.set(id, found);
    }
    return found;
  };
};
