// Ancestors and tree of processes drawn with branches. Pure.
import {commandLine} from '../core/domain/command-line.ts';
import type {Process} from '../core/domain/process.ts';
import type {FleetIndex} from './fleet-index.ts';

export interface TreeLine {
  readonly pid: number;
  /** Branches in front: `├─ `, `│  └─ `. */
  readonly lead: string;
  readonly command: string;
  /** `:3102`, `stopped`, `defunct`. */
  readonly notes: readonly string[];
}

const STATE_NOTES: Readonly<Partial<Record<Process['state'], string>>> = {T: 'stopped', t: 'traced', Z: 'defunct', D: 'in the kernel'};

/** What is said of a process that does not simply run or sleep. */
export const stateNote = (state: Process['state']): string | undefined => STATE_NOTES[state];

const notesOf = (index: FleetIndex, process: Process): readonly string[] => {
  const state = stateNote(process.state);
  return [...index.look.portsOf(process.pid).map(port => `:${port}`), ...(state === undefined ? [] : [state])];
};

const lineOf = (index: FleetIndex, process: Process, lead: string): TreeLine => ({
  pid: process.pid,
  lead,
  command: commandLine(process, 120),
  notes: notesOf(index, process),
});

/** A process and everything below it, parents before children, at most `limit` lines. Cycle-safe. */
export const drawTree = (index: FleetIndex, root: number, limit = 200): readonly TreeLine[] => {
  const {processes} = index.assessment.snapshot;
  const lines: TreeLine[] = [];
  const seen = new Set<number>();
  const draw = (pid: number, lead: string, under: string): void => {
    const process = processes.get(pid);
    if (process === undefined || seen.has(pid) || lines.length >= limit) {
      return;
    }
    seen.add(pid);
    lines.push(lineOf(index, process, lead));
    const children = (index.look.children.get(pid) ?? []).filter(child => processes.has(child) && !seen.has(child));
    children.forEach((child, position) => {
      const last = position === children.length - 1;
      draw(child, `${under}${last ? '└─ ' : '├─ '}`, `${under}${last ? '   ' : '│  '}`);
    });
  };
  draw(root, '', '');
  return lines;
};
