// An explanation in full: each verdict with its facts, and where each was read, as a table; owner and tree, and what a stop would do. Pure.
import type {Overlay} from '../../store/state.ts';
import {describeStopping, type ExplainLine} from '../../words/describe-explanation.ts';
import {fit, type Line, wrap} from '../format.ts';
import {explainLines} from '../panels/text-panels.ts';

type ExplainOverlay = Extract<Overlay, {readonly kind: 'explain'}>;

/** A row of the evidence table; a long fact goes on in rows without a source. The keys are the column titles. */
export type EvidenceRow = {readonly evidence: string; readonly 'read from': string};

export interface EvidenceTable {
  /** Line of the text it stands at: as many lines as `tableHeight` are left blank for it. */
  readonly at: number;
  readonly rows: readonly EvidenceRow[];
}

/** Borders, and a cell of padding on both sides of both columns. */
const TABLE_FRAME = 7;

/** Rows and the line of titles; rules are not drawn. */
const tableHeight = ({rows}: EvidenceTable): number => rows.length + 1;

/** Facts as rows of cells that fill `width` exactly: the table does not cut, so they are cut and wrapped before. */
const evidenceRows = (told: readonly ExplainLine[], width: number): readonly EvidenceRow[] => {
  const room = Math.max(24, width - TABLE_FRAME);
  const sourceWidth = Math.floor(room * 0.34);
  const factWidth = room - sourceWidth;
  return told.flatMap(({text, source}): readonly EvidenceRow[] => {
    const facts = wrap(text, factWidth);
    const sources = wrap(source ?? '', sourceWidth);
    return Array.from({length: Math.max(facts.length, sources.length)}, (_, row) => ({
      evidence: fit(facts[row] ?? '', factWidth),
      'read from': fit(sources[row] ?? '', sourceWidth),
    }));
  });
};

/** Below this width the columns of a table are too narrow for paths: where a fact was read stands below it. */
const TABLE_WIDTH = 72;

/** Facts that stand together, and the lines between them, each as a stretch of its own. */
const stretchesOf = (lines: readonly ExplainLine[]): readonly (readonly ExplainLine[])[] => {
  const stretches: ExplainLine[][] = [];
  for (const line of lines) {
    const last = stretches.at(-1);
    if (last !== undefined && (last[0]?.kind === 'fact') === (line.kind === 'fact')) {
      last.push(line);
    } else {
      stretches.push([line]);
    }
  }
  return stretches;
};

/** The text with blank lines where the tables stand: the facts of each verdict below it. */
export const fullExplanation = (
  {explanation, answer}: ExplainOverlay,
  width: number,
): {readonly lines: readonly Line[]; readonly tables: readonly EvidenceTable[]} => {
  const told = [...explanation.lines, ...(answer === null ? explanation.sum : describeStopping(answer))];
  if (width < TABLE_WIDTH) {
    return {lines: explainLines(told, width), tables: []};
  }
  const lines: Line[] = [];
  const tables: EvidenceTable[] = [];
  for (const stretch of stretchesOf(told)) {
    if (stretch[0]?.kind === 'fact') {
      const table = {at: lines.length, rows: evidenceRows(stretch, width)};
      tables.push(table);
      lines.push(...Array.from({length: tableHeight(table)}, (): Line => []));
    } else {
      lines.push(...explainLines(stretch, width));
    }
  }
  return {lines, tables};
};
