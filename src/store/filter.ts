// The filter language: words that must occur, `key:value` terms that must match, `-` in front to exclude. Pure.
import {FILTER_FIELDS, type FilterField, type Row} from './rows.ts';

export interface FilterTerm {
  readonly field: FilterField | null;
  readonly value: string;
  readonly negated: boolean;
}

const isField = (name: string): name is FilterField => (FILTER_FIELDS as readonly string[]).includes(name);

/** An unknown key is part of a word: `http://x` filters for that text. A key without a value yet excludes nothing. */
export const parseFilter = (text: string): readonly FilterTerm[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .flatMap((word): readonly FilterTerm[] => {
      const negated = word.startsWith('-') && word.length > 1;
      const plain = negated ? word.slice(1) : word;
      const colon = plain.indexOf(':');
      const name = plain.slice(0, Math.max(0, colon));
      const [field, value] = isField(name) ? [name, plain.slice(colon + 1)] : [null, plain];
      return value === '' ? [] : [{field, value, negated}];
    });

/** Ports, pids, slots and machines are exact; everything else matches anywhere in the value. */
const EXACT: ReadonlySet<FilterField> = new Set(['pid', 'port', 'slot', 'machine']);

const matchesTerm = (row: Row, {field, value}: FilterTerm): boolean => {
  if (field !== null) {
    const values = row.fields[field] ?? [];
    return values.some(each => (EXACT.has(field) ? each === value : each.includes(value)));
  }
  return (
    row.badge.word.toLowerCase().includes(value) ||
    Object.values(row.cells).some(cell => cell.toLowerCase().includes(value)) ||
    (row.fields.rig ?? []).some(each => each.includes(value))
  );
};

export const matchesFilter = (row: Row, terms: readonly FilterTerm[]): boolean =>
  terms.every(term => matchesTerm(row, term) !== term.negated);

/** What the word being typed may become: keys, then the values that the rows have for the key. */
export const completeFilter = (text: string, rows: readonly Row[]): readonly string[] => {
  const start = text.slice(0, text.length - (/\S*$/.exec(text)?.[0].length ?? 0));
  const word = text.slice(start.length).toLowerCase();
  const colon = word.indexOf(':');
  const name = word.slice(0, Math.max(0, colon));
  if (isField(name)) {
    const values = new Set(rows.flatMap(row => row.fields[name] ?? []));
    return [...values]
      .filter(value => value.startsWith(word.slice(colon + 1)) && !value.includes(' '))
      .toSorted()
      .map(value => `${start}${name}:${value}`);
  }
  return FILTER_FIELDS.filter(field => word !== '' && field.startsWith(word)).map(field => `${start}${field}:`);
};
