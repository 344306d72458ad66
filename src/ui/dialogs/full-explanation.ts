// An explanation in full: the verdict, every fact with where it was read as a table, owner and tree, and what a stop would do. Pure.
import type {ShownExplanation} from '../../store/explain-row.ts';
import type {Overlay} from '../../store/state.ts';
import {describeStopping} from '../../words/describe-explanation.ts';
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
const evidenceRows = (explanation: ShownExplanation, width: number): readonly EvidenceRow[] => {
  const room = Math.max(24, width - TABLE_FRAME);
  const sourceWidth = Math.floor(room * 0.34);
  const factWidth = room - sourceWidth;
  return explanation.lines.flatMap(({kind, text, source}): readonly EvidenceRow[] => {
    if (kind !== 'fact') {
      return [];
    }
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

/** The text with blank lines where the table stands. */
export const fullExplanation = (
  {explanation, answer}: ExplainOverlay,
  width: number,
): {readonly lines: readonly Line[]; readonly table: EvidenceTable | null} => {
  const stopping = answer === null ? [] : describeStopping(answer);
  if (width < TABLE_WIDTH) {
    return {lines: explainLines([...explanation.lines, ...stopping], width), table: null};
  }
  const [first, ...others] = explanation.lines;
  const verdict = first === undefined ? [] : explainLines([first], width);
  const rows = evidenceRows(explanation, width);
  const table = rows.length === 0 ? null : {at: verdict.length, rows};
  const blanks: readonly Line[] = table === null ? [] : Array.from({length: tableHeight(table)}, () => []);
  const rest = explainLines([...others.filter(({kind}) => kind !== 'fact'), ...stopping], width);
  return {lines: [...verdict, ...blanks, ...rest], table};
};
