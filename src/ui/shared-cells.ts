// The cells that Ink makes a frame of. It makes each anew for every text, and what is kept of a screen that shows five hundred texts in an hour
// were seventy thousand of them, 8 MiB. The same character in the same style is one cell here: they are replaced, never written to.

/** What sets a style, and what ends it. */
export interface Code {
  readonly type: 'ansi';
  readonly code: string;
  readonly endCode: string;
}

interface Character {
  readonly type: 'char';
  readonly value: string;
  readonly fullWidth: boolean;
}

export interface Cell extends Character {
  readonly styles: readonly Code[];
}

interface Style {
  readonly codes: readonly Code[];
  /** By character, which says how wide it is. */
  readonly cells: Map<string, Cell>;
}

/** What a program may write in all its colours does not stay for ever. Styles count as cells do. */
const MOST_CELLS = 16_384;

export const createCells = (most = MOST_CELLS) => {
  let styles = new Map<string, Style>();
  let [last, count]: [Style | null, number] = [null, 0];

  const makeRoom = (): void => {
    if (count >= most) {
      [styles, last, count] = [new Map(), null, 0];
    }
    count += 1;
  };

  const styleOf = (codes: readonly Code[]): Style => {
    if (last?.codes === codes) {
      return last;
    }
    const name = codes.map(({code, endCode}) => `${code} ${endCode}`).join(' ');
    let style = styles.get(name);
    if (style === undefined) {
      makeRoom();
      style = {codes, cells: new Map<string, Cell>()};
      styles.set(name, style);
    }
    last = style;
    return style;
  };

  return {
    /** The list that stands for all of this content. */
    style: (codes: readonly Code[]): readonly Code[] => styleOf(codes).codes,
    /** The cell of a character in such a style. */
    cell: ({value, fullWidth}: Character, codes: readonly Code[]): Cell => {
      const known = styleOf(codes).cells.get(value);
      if (known !== undefined) {
        return known;
      }
      makeRoom();
      const cell: Cell = {type: 'char', value, fullWidth, styles: codes};
      styleOf(codes).cells.set(value, cell);
      return cell;
    },
  };
};

/** Those of the screen: the bundled library is given them (`scripts/build.mjs`). */
export const sharedCells = createCells();
