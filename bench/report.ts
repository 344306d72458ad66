// Lines of a benchmark's report: what was measured, and where something was promised, whether it held.

export type Verdict = 'ok' | 'MISSED' | '';

export interface Line {
  readonly what: string;
  readonly value: string;
  /** What was promised, in words; empty where nothing was. */
  readonly wanted: string;
  readonly verdict: Verdict;
}

const digits = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

export const ms = (value: number): string => `${digits(value)} ms`;
export const times = (value: number): string => `${digits(value)} ×`;

export const line = (what: string, value: string): Line => ({what, value, wanted: '', verdict: ''});

export const promised = (what: string, value: string, wanted: string, holds: boolean): Line => ({
  what,
  value,
  wanted,
  verdict: holds ? 'ok' : 'MISSED',
});

export const formatReport = (title: string, lines: readonly Line[]): string => {
  const width = (pick: (line: Line) => string): number => Math.max(...lines.map(each => pick(each).length));
  const [what, value, wanted] = [width(each => each.what), width(each => each.value), width(each => each.wanted)];
  const rows = lines.map(each =>
    `  ${each.what.padEnd(what)}  ${each.value.padStart(value)}  ${each.wanted.padEnd(wanted)}  ${each.verdict}`.trimEnd(),
  );
  return [title, ...rows, ''].join('\n');
};
