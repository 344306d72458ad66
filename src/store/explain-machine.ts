// Another machine in words: how its line stands, why it cannot be seen, what would help. Pure.
import {explainLine} from '../words/describe-explanation.ts';
import type {ShownExplanation} from './explain-row.ts';
import type {MachineStand} from './machine-stand.ts';
import type {Row} from './rows.ts';

const HEADS: Readonly<Record<MachineStand['line'], string>> = {
  looking: 'It has not answered yet.',
  live: 'Its looks come as they should.',
  lost: 'UNKNOWN: it cannot be seen.',
  doubted: 'UNKNOWN: it is not believed that all of it is gone.',
};

const agoWords = (ageSeconds: number | null): string => {
  if (ageSeconds === null) {
    return '';
  }
  return ageSeconds < 60 ? `${ageSeconds} s ago` : `${Math.floor(ageSeconds / 60)} min ago`;
};

const isBad = ({line}: MachineStand): boolean => line === 'lost' || line === 'doubted';

/** What is explained of a row, on a machine that cannot be seen: as it was, which is said first. */
export const explainAsSeen = (stand: MachineStand | null, explanation: ShownExplanation): ShownExplanation => {
  if (stand === null || !isBad(stand)) {
    return explanation;
  }
  const note = explainLine(
    'text',
    `As it was ${agoWords(stand.ageSeconds)}: ${stand.name} cannot be seen now: ${stand.because}`,
    'unknown',
  );
  return {...explanation, lines: [note, ...explanation.lines], brief: [note, ...explanation.brief]};
};

/** The row of a machine itself; null for everything that is on one. */
export const explainMachine = (stand: MachineStand | null, row: Row): ShownExplanation | null => {
  if (stand === null || (row.key !== `@${stand.name}` && row.key !== `@${stand.name} lost`)) {
    return null;
  }
  const {name, line, because, ageSeconds, view} = stand;
  const bad = isBad(stand);
  const seen = ageSeconds === null ? '' : `, from ${agoWords(ageSeconds)}`;
  const lines = [
    explainLine('head', HEADS[line], bad ? 'unknown' : 'good'),
    ...(because === '' ? [] : [explainLine('text', because)]),
    ...(bad && view !== null ? [explainLine('text', `What was seen last stays, greyed${seen}. R connects again at once.`, 'quiet')] : []),
    ...(view?.header.blind ?? []).map(words => explainLine('text', `could not see ${words}`, 'unknown')),
    ...(view === null ? [] : [explainLine('text', view.header.reach, 'quiet')]),
  ];
  return {ref: row.key, title: `machine ${name}`, standing: '', lines, sum: [], brief: lines};
};
