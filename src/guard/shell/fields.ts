// How a shell parts what it has expanded into fields (sh(1), POSIX 2.6.5). Pure.
import {known} from '../../core/domain/known.ts';
import type {Scope, Text} from '../call.ts';

/** A piece of a word: its text, whether blanks in it part fields, and whether `*` in it means names. */
export interface Piece {
  readonly text: Text;
  readonly splits: boolean;
  readonly globs: boolean;
}

interface Field {
  readonly text: Text;
  readonly globs: boolean;
}

/** What parts fields: the characters of $IFS, blanks unless the command has set it. A run of them parts once, which drops empty fields. */
export const separatorOf = (scope: Scope): RegExp => {
  const set = scope.variables.get('IFS')?.values[0];
  const characters = set?.known === true ? set.value : ' \t\n';
  return characters === '' ? /(?!)/ : new RegExp(`[${characters.replace(/[\\\]^-]/g, '\\$&')}]+`);
};

/** Fields of one row: unquoted separators part them, and what is empty and unquoted is none. */
export const fieldsOf = (row: readonly Piece[], separator: RegExp): readonly Field[] => {
  const fields: Field[] = [];
  let open: Field | null = null;
  for (const piece of row) {
    const globs: boolean = piece.globs || (open?.globs ?? false);
    if (open !== null && !open.text.known) {
      continue;
    }
    if (!piece.text.known) {
      open = {text: piece.text, globs: false};
      continue;
    }
    const before: string = open?.text.known ? open.text.value : '';
    if (!piece.splits) {
      open = {text: known(before + piece.text.value), globs};
      continue;
    }
    const parts = piece.text.value.split(separator);
    for (const [at, part] of parts.entries()) {
      if (at > 0 && open !== null) {
        fields.push(open);
        open = null;
      }
      if (part !== '') {
        const sofar: string = open?.text.known ? open.text.value : '';
        open = {text: known(sofar + part), globs: globs || piece.globs};
      }
    }
  }
  return open === null ? fields : [...fields, open];
};
