// What something cost: wall time, processor time of this process and of its children, and how long the event loop stood still.
import {readFileSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';

export interface Cost {
  readonly wallMs: number;
  /** This process with all its threads. */
  readonly ownMs: number;
  /** Children that ended and were waited for meanwhile. */
  readonly childrenMs: number;
  /** Processes watched besides (a tmux server). */
  readonly othersMs: number;
  /** Longest time the event loop did not turn. */
  readonly blockMs: number;
}

/** Clock ticks of /proc are 100 a second on every Linux architecture (proc_pid_stat(5)). */
const TICK_MS = 10;
const SAMPLE_MS = 1;

const statFields = (pid: number | 'self'): readonly string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** cutime and cstime: summed exactly by the kernel, shown in ticks. */
const childrenMs = (): number => {
  const fields = statFields('self');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
};

/** Time on a processor of a process' first thread, from the scheduler's own nanoseconds. */
const onProcessorMs = (pid: number): number => Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;

/** Processor time of a process with all its threads, in ticks. */
export const processorMs = (pid: number): number => {
  const fields = statFields(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};

/** The same, with the children it has waited for. */
export const allProcessorMs = (pid: number): number => {
  const fields = statFields(pid);
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0) * TICK_MS;
};

export const residentMiB = (pid: number | 'self' = 'self'): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;

/** The same in megabytes, in which limits are said. */
export const residentMb = (pid: number): number => residentMiB(pid) * 1.048_576;

/** What nobody shares with it: without the pages of the program's own file, which every process of one Node has in common. */
export const ownMiB = (pid: number): number =>
  Number(/^Anonymous:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;

/** Runs `work`, watching `others`. */
export const measure = async <T>(
  work: () => Promise<T>,
  others: readonly number[] = [],
): Promise<{readonly value: T; readonly cost: Cost}> => {
  const delay = monitorEventLoopDelay({resolution: SAMPLE_MS});
  const watched = (): number => others.reduce((sum, pid) => sum + onProcessorMs(pid), 0);
  const before = {others: watched(), children: childrenMs(), own: process.cpuUsage(), wall: performance.now()};
  delay.enable();
  const value = await work();
  const wallMs = performance.now() - before.wall;
  const own = process.cpuUsage(before.own);
  delay.disable();
  return {
    value,
    cost: {
      wallMs,
      ownMs: (own.user + own.system) / 1000,
      childrenMs: childrenMs() - before.children,
      othersMs: watched() - before.others,
      blockMs: Math.max(0, delay.max / 1e6 - SAMPLE_MS),
    },
  };
};

/** By thread from Node 23.9 on; on an older one the other threads count too. */
const usage = (process.threadCpuUsage ?? process.cpuUsage).bind(process);

/** Processor time of this thread for synchronous work: what a frame would lose on a machine with nothing else to do. */
export const threadMs = <T>(work: () => T): {readonly value: T; readonly tookMs: number} => {
  const before = usage();
  const value = work();
  const {user, system} = usage(before);
  return {value, tookMs: (user + system) / 1000};
};

/**
 * Longest turn of the event loop while `work` runs, in processor time of this thread: on a machine with nothing else to do it
 * would stand still for that long. The kernel counts that time in ticks of 4 ms, so a turn that was shorter on the clock took no more than
 * the clock says. Turns without end, so what `work` costs has to be measured apart.
 */
export const longestTurnMs = async (work: () => Promise<unknown>): Promise<number> => {
  let longest = 0;
  let running = true;
  let [last, lastAt] = [usage(), performance.now()];
  const turn = (): void => {
    const [now, at] = [usage(), performance.now()];
    const ownMs = (now.user + now.system - last.user - last.system) / 1000;
    longest = Math.max(longest, Math.min(ownMs, at - lastAt));
    [last, lastAt] = [now, at];
    if (running) {
      setImmediate(turn);
    }
  };
  setImmediate(turn);
  await work();
  running = false;
  return longest;
};

export const cpuMs = (cost: Cost): number => cost.ownMs + cost.childrenMs + cost.othersMs;

export const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);
