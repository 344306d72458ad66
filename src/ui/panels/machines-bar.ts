// The line above everything when several machines are watched: each with its worst verdict in words, the shown one in brackets. Pure.
import type {MachinesState, MachineView} from '../../store/machines.ts';
import {type Line, lineWidth, plain} from '../format.ts';

const GAP = plain('  ');

const words = ({name, worst: {word, tone, count}}: MachineView, shown: boolean): Line => [
  plain(shown ? '[' : '', 'title-focus'),
  plain(name, shown ? 'title-focus' : 'title'),
  plain(' '),
  plain(count > 0 ? `${word} ${count}` : word, tone),
  plain(shown ? ']' : '', 'title-focus'),
];

/** `machine 2 of 3`, then as many as fit, the shown one always among them. */
export const machinesLine = ({current, views}: MachinesState, width: number): Line => {
  const lead: Line = [plain(`machine ${current + 1} of ${views.length}`, 'dim')];
  const entries = views.map((view, at) => [GAP, ...words(view, at === current)]);
  let first = current;
  let last = current;
  let used = lineWidth(lead) + lineWidth(entries[current] ?? []);
  const fits = (at: number): boolean => at >= 0 && at < entries.length && used + lineWidth(entries[at] ?? []) <= width;
  while (fits(last + 1) || fits(first - 1)) {
    const next = fits(last + 1) ? last + 1 : first - 1;
    used += lineWidth(entries[next] ?? []);
    first = Math.min(first, next);
    last = Math.max(last, next);
  }
  return [...lead, ...entries.slice(first, last + 1).flat()];
};
