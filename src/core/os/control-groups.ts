// The control group of each process (cgroups(7)), as systemd names units in it.
import {type Known, known, unknown} from '../domain/known.ts';
import {monotonicNow} from './clock.ts';
import {createProcReader} from './proc-read.ts';

/** The path in the unified hierarchy, else the longest of the others, by pid. Unknown where /proc cannot be listed, or not in time. */
export const readControlGroups = (deadlineMs: number, root = '/proc'): Known<ReadonlyMap<number, string>> => {
  const reader = createProcReader();
  const names = reader.names(root);
  const end = monotonicNow() + deadlineMs;
  if (!names.ok) {
    return unknown(`${root} cannot be listed: ${names.because}`);
  }
  const groups = new Map<number, string>();
  for (const name of names.value.filter(each => /^\d+$/.test(each))) {
    if (monotonicNow() > end) {
      return unknown(`control groups were not read within ${Math.round(deadlineMs)} ms`);
    }
    const text = reader.bytes(`${root}/${name}/cgroup`, 16 * 1024);
    const paths = text.ok
      ? text.value
          .toString('utf8')
          .trim()
          .split('\n')
          .map(line => line.split(':').slice(2).join(':'))
      : [];
    groups.set(Number(name), paths.toSorted((a, b) => b.length - a.length)[0] ?? '');
  }
  return known(groups);
};
