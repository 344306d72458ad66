// Box-drawing characters (Unicode block 2500) as strokes, so that frames in a picture close whatever font the reader has. Pure.

interface Cell {
  readonly width: number;
  readonly height: number;
}

type Arms = readonly [left: boolean, right: boolean, up: boolean, down: boolean];

const arms = (text: string): Arms => [text.includes('l'), text.includes('r'), text.includes('u'), text.includes('d')];

const BOXES: ReadonlyMap<string, Arms> = new Map(
  Object.entries({
    '─': 'lr',
    '│': 'ud',
    '┌': 'rd',
    '┐': 'ld',
    '└': 'ru',
    '┘': 'lu',
    '├': 'rud',
    '┤': 'lud',
    '┬': 'lrd',
    '┴': 'lru',
    '┼': 'lrud',
    '╭': 'rd',
    '╮': 'ld',
    '╰': 'ru',
    '╯': 'lu',
    '╴': 'l',
    '╶': 'r',
  }).map(([box, text]) => [box, arms(text)] as const),
);

export const isBox = (character: string): boolean => BOXES.has(character);

const round = (value: number): string => String(Math.round(value * 100) / 100);

/** Path data (SVG 2, 9.3) of a run of boxes whose first stands in this column and row. */
export const boxPath = (text: string, column: number, row: number, {width, height}: Cell): string => {
  const middle = row * height + height / 2;
  const across: {from: number; to: number; next: number}[] = [];
  const down: string[] = [];
  for (const [index, box] of [...text].entries()) {
    const [left, right, above, below] = BOXES.get(box) ?? arms('');
    const start = (column + index) * width;
    const centre = start + width / 2;
    const last = across.at(-1);
    if (left && last?.next === index) {
      last.to = right ? start + width : centre;
      last.next = right ? index + 1 : -1;
    } else if (left || right) {
      across.push({from: left ? start : centre, to: right ? start + width : centre, next: right ? index + 1 : -1});
    }
    if (above || below) {
      down.push(`M${round(centre)} ${round(above ? row * height : middle)}V${round(below ? (row + 1) * height : middle)}`);
    }
  }
  return [...across.map(({from, to}) => `M${round(from)} ${round(middle)}H${round(to)}`), ...down].join('');
};
