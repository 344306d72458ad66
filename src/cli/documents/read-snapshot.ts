// Documents from another machine → snapshots: the first whole, the later ones as changes. Nothing is believed unchecked. Pure but for what it remembers.
import {deflateRawSync, inflateRawSync} from 'node:zlib';
import type * as z from 'zod';
import type {Process} from '../../core/domain/process.ts';
import type {Settings} from '../../core/domain/settings.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {applyPatch} from './patch.ts';
import {CHANGE_SCHEMA, SNAPSHOT_SCHEMA} from './snapshot-document.ts';
import {process as processSchema, surroundings as surroundingsSchema} from './snapshot-schema.ts';

/** What was seen elsewhere, and by which settings it is to be judged. */
export interface Report {
  readonly snapshot: Snapshot;
  readonly settings: Settings;
  readonly version: string;
}

/** A line that tells of nothing but that there was a look: everything is as it was. */
export interface Quiet {
  readonly quiet: true;
  /** When it was taken there. */
  readonly monotonicMs: number;
}

/** Reads one machine's lines in their order. After an unreadable line it is of no use: start anew. */
export interface SnapshotReader {
  read(line: string): Report | Quiet | Unreadable;
  /** What was read last, with the clocks of the last look; null before that. */
  last(): Report | null;
  /** Keep what was read as one compressed text in place of its records, until it is needed. */
  rest(): void;
}

/** Why a line is no report. */
export interface Unreadable {
  readonly unreadable: true;
  /** `shape`: it is not what it says it is. `schema`: it is of a kind that this rigtop does not know. */
  readonly kind: 'shape' | 'schema';
  readonly because: string;
}

export const isUnreadable = (answer: Report | Quiet | Unreadable): answer is Unreadable => 'unreadable' in answer;

/** Changes could add to the table for ever. No machine that people work on comes near this. */
const MOST_PROCESSES = 100_000;
/** Records within one another, and all of them. A long line of brackets would take forty times its length to read. */
const MOST_NESTED = 200;
const MOST_RECORDS = 500_000;
/** Shorter lines are read, whatever is in them. */
const LONG_LINE = 64 * 1024;
/** Processes above one another. */
const MOST_ABOVE = 4_096;

/** Whether some process has more above it than anybody runs. */
const isTooDeep = (processes: ReadonlyMap<number, Process>): boolean => {
  const depths = new Map<number, number>();
  for (const pid of processes.keys()) {
    const chain: number[] = [];
    const seen = new Set<number>();
    let at: number | undefined = pid;
    while (at !== undefined && !depths.has(at) && !seen.has(at)) {
      seen.add(at);
      chain.push(at);
      at = processes.get(at)?.ppid;
    }
    let depth = at === undefined ? 0 : (depths.get(at) ?? 0);
    for (const passed of chain.reverse()) {
      depth += 1;
      depths.set(passed, depth);
    }
    if (depth > MOST_ABOVE) {
      return true;
    }
  }
  return false;
};

/** Where a string that begins there ends; the end of the text where it does not. */
const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text[before] === '\\') {
      before -= 1;
    }
    if ((end - before) % 2 === 1) {
      return end;
    }
  }
  return text.length;
};

/** Whether a long line opens more brackets, or more within one another, than any of ours. Those in strings are none. */
const isTooRich = (text: string): boolean => {
  let depth = 0;
  let records = 0;
  for (let at = 0; text.length >= LONG_LINE && at < text.length && depth <= MOST_NESTED && records <= MOST_RECORDS; at += 1) {
    const found = text[at];
    if (found === '"') {
      at = endOfString(text, at);
    } else if (found === '[' || found === '{') {
      depth += 1;
      records += 1;
    } else if (found === ']' || found === '}') {
      depth -= 1;
    }
  }
  return depth > MOST_NESTED || records > MOST_RECORDS;
};

type Surroundings = z.output<typeof surroundingsSchema>;
type Line = Readonly<Record<string, unknown>>;
type Field = keyof typeof surroundingsSchema.shape;

const FIELDS = Object.keys(surroundingsSchema.shape) as readonly Field[];

/** They differ in every look. */
const CLOCKS = ['takenAt', 'monotonicMs', 'tookMs', 'uptimeMs'] as const satisfies readonly Field[];
const NO_CLOCKS: readonly Field[] = FIELDS.filter(field => !(CLOCKS as readonly Field[]).includes(field));

const unreadable = (because: string, kind: Unreadable['kind'] = 'shape'): Unreadable => ({unreadable: true, kind, because});

const toReport = (document: Surroundings, processes: ReadonlyMap<number, Process>): Report => {
  const {rigtop, settings, takenAt, bootedAt, programs, checkouts, ...rest} = document;
  return {
    version: rigtop,
    settings,
    snapshot: {
      ...rest,
      takenAt: Date.parse(takenAt),
      bootedAt: Date.parse(bootedAt),
      processes,
      programs: new Map(Object.entries(programs)),
      checkouts: new Map(checkouts.map(checkout => [checkout.directory, checkout])),
      // Sockets over there are asked by nobody: what somebody may be connected to is never surely left over.
      clientsUntold: true,
    },
  };
};

/** Zod's words for the first thing that is wrong: `servers.0.name: expected string`. */
const firstIssue = ({issues: [issue]}: z.ZodError, place: string): string =>
  `${[place, ...(issue?.path ?? [])].filter(step => step !== '').join('.')}: ${issue?.message ?? 'not as expected'}`;

const check = <S extends z.ZodType>(schema: S, value: unknown, place: string): z.output<S> => {
  const {success, data, error} = schema.safeParse(value);
  if (!success) {
    throw new Error(firstIssue(error, place));
  }
  return data;
};

const isRecord = (value: unknown): value is Line => typeof value === 'object' && value !== null && !Array.isArray(value);

interface World {
  readonly document: Surroundings;
  readonly processes: ReadonlyMap<number, Process>;
}

type Clocks = Pick<Surroundings, (typeof CLOCKS)[number]>;

const readProcess = (value: unknown, place: string): Process => check(processSchema, value, `processes.${place}`);

const begin = (line: Line): World => {
  const document = check(surroundingsSchema, line, '');
  if (!Array.isArray(line.processes)) {
    throw new Error('processes: not a list');
  }
  return {document, processes: new Map(line.processes.map((each, at) => readProcess(each, String(at))).map(each => [each.pid, each]))};
};

const isSaid = (line: Line, field: Field): boolean => line[field] !== undefined;

const patched = <T extends object>(before: T, line: Line, fields: readonly Field[]): T => {
  const changed = new Map<string, unknown>(Object.entries(before));
  for (const field of fields.filter(each => isSaid(line, each))) {
    changed.set(field, check(surroundingsSchema.shape[field], applyPatch(changed.get(field), line[field]), field));
  }
  return Object.fromEntries(changed) as T;
};

const goOn = ({document, processes}: World, line: Line): World => {
  const next = patched(document, line, FIELDS);
  if (!isRecord(line.processes)) {
    return {document: next, processes};
  }
  const changed = new Map(processes);
  for (const [pid, change] of Object.entries(line.processes)) {
    if (change === null) {
      changed.delete(Number(pid));
    } else {
      const known = readProcess(applyPatch(changed.get(Number(pid)), change), pid);
      changed.set(known.pid, known);
    }
  }
  return {document: next, processes: changed};
};

const whyTooMuch = ({processes}: World): string | null => {
  if (processes.size > MOST_PROCESSES) {
    return 'too many processes';
  }
  return isTooDeep(processes) ? `more than ${MOST_ABOVE} processes above one another` : null;
};

/** Takes less time than making the text that is compressed, and a sixth of its bytes; more thoroughly would be half as many again. */
const QUICKLY = {level: 1};

/** A world as one compressed text outside of the heap, and back. It was checked when it came. */
const pack = ({document, processes}: World): Uint8Array =>
  // Of a length of its own: what is compressed comes in a buffer of the compressor's size.
  Uint8Array.from(deflateRawSync(JSON.stringify([document, [...processes.values()]]), QUICKLY));
const unpack = (packed: Uint8Array): World => {
  const [document, processes] = JSON.parse(inflateRawSync(packed).toString()) as [Surroundings, readonly Process[]];
  return {document, processes: new Map(processes.map(each => [each.pid, each]))};
};

const clocksOf = ({takenAt, monotonicMs, tookMs, uptimeMs}: Surroundings): Clocks => ({takenAt, monotonicMs, tookMs, uptimeMs});

export const createSnapshotReader = (): SnapshotReader => {
  /** One of the two, once a line has come. */
  let world: World | null = null;
  let packed: Uint8Array | null = null;
  let clocks: Clocks | null = null;

  const wake = (): World | null => {
    if (world === null && packed !== null) {
      world = unpack(packed);
      packed = null;
    }
    if (world !== null && clocks !== null) {
      world = {...world, document: {...world.document, ...clocks}};
    }
    return world;
  };
  const take = (next: World): Report | Unreadable => {
    const why = whyTooMuch(next);
    if (why !== null) {
      return unreadable(why);
    }
    world = next;
    packed = null;
    clocks = clocksOf(next.document);
    return toReport(next.document, next.processes);
  };
  const readLine = (line: Line): Report | Quiet | Unreadable => {
    if (line.schema === SNAPSHOT_SCHEMA) {
      return take(begin(line));
    }
    if (line.schema !== CHANGE_SCHEMA || clocks === null) {
      return unreadable(`a ${String(line.schema).slice(0, 40)}`, 'schema');
    }
    if (line.processes === undefined && !NO_CLOCKS.some(field => isSaid(line, field))) {
      clocks = patched(clocks, line, CLOCKS);
      return {quiet: true, monotonicMs: clocks.monotonicMs};
    }
    const before = wake();
    return before === null ? unreadable('a change of nothing') : take(goOn(before, line));
  };

  return {
    read: text => {
      if (isTooRich(text)) {
        return unreadable('more records than any look has');
      }
      try {
        const line: unknown = JSON.parse(text);
        return isRecord(line) ? readLine(line) : unreadable('not an object');
      } catch (error) {
        return unreadable(error instanceof Error ? error.message : String(error));
      }
    },
    last: () => {
      const now = wake();
      return now === null ? null : toReport(now.document, now.processes);
    },
    rest: () => {
      if (world !== null) {
        packed = pack(world);
        world = null;
      }
    },
  };
};
