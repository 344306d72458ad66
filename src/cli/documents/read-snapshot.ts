// Documents from another machine → snapshots: the first whole, the later ones as changes. Nothing is believed unchecked. Pure but for what it remembers.
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

/** Why a line is no report. */
export interface Unreadable {
  readonly unreadable: true;
  /** `shape`: it is not what it says it is. `schema`: it is of a kind that this rigtop does not know. */
  readonly kind: 'shape' | 'schema';
  readonly because: string;
}

export const isUnreadable = (answer: Report | Unreadable): answer is Unreadable => 'unreadable' in answer;

/** Changes could add to the table for ever. No machine that people work on comes near this. */
const MOST_PROCESSES = 100_000;
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

type Surroundings = z.output<typeof surroundingsSchema>;
type Line = Readonly<Record<string, unknown>>;
type Field = keyof typeof surroundingsSchema.shape;

const FIELDS = Object.keys(surroundingsSchema.shape) as readonly Field[];

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

/** Reads one machine's lines in their order. After an unreadable line it is of no use: start anew. */
export const createSnapshotReader = (): ((line: string) => Report | Unreadable) => {
  let document: Surroundings | null = null;
  let processes: ReadonlyMap<number, Process> = new Map();

  const begin = (line: Line): void => {
    document = check(surroundingsSchema, line, '');
    const listed = Array.isArray(line.processes) ? line.processes : [];
    if (!Array.isArray(line.processes)) {
      throw new Error('processes: not a list');
    }
    processes = new Map(listed.map((each, at) => check(processSchema, each, `processes.${at}`)).map(each => [each.pid, each]));
  };

  const goOn = (before: Surroundings, line: Line): void => {
    const changed = new Map<string, unknown>(Object.entries(before));
    for (const field of FIELDS.filter(each => line[each] !== undefined)) {
      changed.set(field, check(surroundingsSchema.shape[field], applyPatch(before[field], line[field]), field));
    }
    document = Object.fromEntries(changed) as Surroundings;
    if (isRecord(line.processes)) {
      const next = new Map(processes);
      for (const [pid, change] of Object.entries(line.processes)) {
        if (change === null) {
          next.delete(Number(pid));
        } else {
          const known = check(processSchema, applyPatch(next.get(Number(pid)), change), `processes.${pid}`);
          next.set(known.pid, known);
        }
      }
      processes = next;
    }
  };

  return text => {
    try {
      const line: unknown = JSON.parse(text);
      if (!isRecord(line)) {
        return unreadable('not an object');
      }
      if (line.schema === SNAPSHOT_SCHEMA) {
        begin(line);
      } else if (line.schema === CHANGE_SCHEMA && document !== null) {
        goOn(document, line);
      } else {
        return unreadable(`a ${String(line.schema).slice(0, 40)}`, 'schema');
      }
      if (document === null || processes.size > MOST_PROCESSES) {
        return unreadable('too many processes');
      }
      return isTooDeep(processes) ? unreadable(`more than ${MOST_ABOVE} processes above one another`) : toReport(document, processes);
    } catch (error) {
      return unreadable(error instanceof Error ? error.message : String(error));
    }
  };
};
