// Whether a later look shows the same as one that was judged: then the verdicts are the same too, but for what time alone changes. Pure.

import type {Process} from '../domain/process.ts';
import type {Snapshot} from '../domain/snapshot.ts';

/** A look that shows the same is judged again after this long: thresholds of age are passed by waiting. */
export const LONGEST_UNJUDGED_MS = 15_000;
/** Uptime goes on while a machine sleeps, the clock of looks does not. */
const SLEEP_SLACK_MS = 1_000;

/** Differences that the screen does not show either: points of processor time, and a part of memory. */
const CPU_POINTS = 2;
const MEMORY_PART = 0.06;

/** No verdict rests on them; `processes` and `sources` are compared apart. */
const APART: ReadonlySet<string> = new Set(['takenAt', 'monotonicMs', 'tookMs', 'uptimeMs', 'bootedAt', 'sources', 'processes', 'screens']);

/** Deep equality of records, lists and maps; what is the same object is equal at once, and most of two looks is. */
const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) {
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return false;
  }
  if (a instanceof Map || b instanceof Map) {
    return (
      a instanceof Map && b instanceof Map && a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)))
    );
  }
  if (a instanceof Set || b instanceof Set) {
    return a instanceof Set && b instanceof Set && a.size === b.size && [...a].every(each => b.has(each));
  }
  const [left, right] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && same(value, right.get(key)))
  );
};

/** By everything that a verdict may rest on. That memory is none tells a kernel thread. */
const isSameProcess = (a: Process, b: Process): boolean => {
  const {cpu: _, rss, ...rest} = a;
  const {cpu: __, rss: other, ...more} = b;
  return (rss === 0) === (other === 0) && same(rest, more);
};

const showsSame = (a: Process, b: Process): boolean =>
  Math.abs((a.cpu ?? 0) - (b.cpu ?? 0)) < CPU_POINTS && Math.abs(a.rss - b.rss) <= a.rss * MEMORY_PART;

const sameProcesses = (judged: Snapshot, now: Snapshot, attended: ReadonlySet<number>): boolean => {
  if (judged.processes === now.processes) {
    return true;
  }
  if (judged.processes.size !== now.processes.size) {
    return false;
  }
  for (const [pid, process] of now.processes) {
    const before = judged.processes.get(pid);
    const isShown = attended.has(pid) && pid !== now.self.pid;
    if (before !== process && (before === undefined || !isSameProcess(before, process) || (isShown && !showsSame(before, process)))) {
      return false;
    }
  }
  return true;
};

const sameSources = (judged: Snapshot, now: Snapshot): boolean =>
  judged.sources.length === now.sources.length &&
  judged.sources.every((source, at) => {
    const {tookMs: _, ageMs: __, ...rest} = source;
    const {tookMs: ___, ageMs: ____, ...more} = now.sources[at] ?? source;
    return same(rest, more);
  });

const restOf = (snapshot: Snapshot): ReadonlyMap<string, unknown> => new Map(Object.entries(snapshot).filter(([name]) => !APART.has(name)));

/** `attended`: whose processor time and memory are shown. */
export const isUnchanged = (judged: Snapshot, now: Snapshot, attended: ReadonlySet<number>): boolean => {
  const gapMs = now.monotonicMs - judged.monotonicMs;
  const sleptMs = now.uptimeMs - judged.uptimeMs - gapMs;
  return (
    gapMs >= 0 &&
    gapMs < LONGEST_UNJUDGED_MS &&
    Math.abs(sleptMs) <= SLEEP_SLACK_MS &&
    sameSources(judged, now) &&
    sameProcesses(judged, now, attended) &&
    same(restOf(judged), restOf(now))
  );
};
