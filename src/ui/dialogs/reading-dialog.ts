// Overlays that are read: help, explanation in full, journal, refusal, peek, the text that was copied. Pure.

import type {Overlay, ScreenState} from '../../store/state.ts';
import {describeRefusal} from '../../words/describe-plan.ts';
import type {LegendEntry} from '../../words/legend.ts';
import type {Rect} from '../boxes.ts';
import {fit, type Line, lineWidth, plain, widthOf, wrap} from '../format.ts';
import {type Drawn, drawFrame} from '../frame.ts';
import {dialogRect, type Layout} from '../layout.ts';
import {markedLine, matchesIn} from '../pane-search.ts';
import {journalLines, NOTHING_DONE} from '../panels/text-panels.ts';
import type {Theme} from '../theme.ts';
import {type EvidenceTable, fullExplanation} from './full-explanation.ts';

export type ReadingOverlay = Exclude<Overlay, {readonly kind: 'plan' | 'filter' | 'palette' | 'sort'}>;

const CHOICES: ReadonlySet<Overlay['kind']> = new Set(['plan', 'filter', 'palette', 'sort']);

export const isReading = (overlay: Overlay): overlay is ReadingOverlay => !CHOICES.has(overlay.kind);

/** A line of the help: an action with its keys, and why it does nothing now. */
export interface HelpEntry {
  readonly keys: string;
  readonly title: string;
  readonly reason: string | null;
}

export interface HelpText {
  readonly keys: readonly HelpEntry[];
  /** The words of the badges. */
  readonly legend: readonly LegendEntry[];
}

export interface ReadingView {
  readonly rect: Rect;
  readonly title: string;
  readonly lines: readonly Line[];
  /** Drawn over blank lines of the text. */
  readonly tables: readonly EvidenceTable[];
  /** Lines that fit at once. */
  readonly height: number;
  /** In the lower border, behind where the text stands: the longest that fits. */
  readonly feet: readonly Line[];
}

const KEYS_WIDTH = 16;

const keyLines = (entries: readonly HelpEntry[], width: number): readonly Line[] =>
  entries.flatMap(({keys, title, reason}): readonly Line[] => {
    const lead = fit(keys, KEYS_WIDTH);
    const words = reason === null ? title : `${title} (not now: ${reason})`;
    return wrap(words, Math.max(8, width - KEYS_WIDTH)).map(
      (line, row): Line => [
        plain(row === 0 ? lead : ' '.repeat(KEYS_WIDTH), reason === null ? 'key' : 'quiet'),
        plain(line, reason === null ? 'plain' : 'quiet'),
      ],
    );
  });

const legendLines = (entries: readonly LegendEntry[], width: number): readonly Line[] =>
  entries.flatMap(({word, tone, text}) =>
    wrap(text, Math.max(8, width - KEYS_WIDTH)).map(
      (line, row): Line => [row === 0 ? plain(fit(word, KEYS_WIDTH), tone) : plain(' '.repeat(KEYS_WIDTH)), plain(line)],
    ),
  );

const LEGEND = 'What the words mean';

const helpLines = ({keys, legend}: HelpText, width: number): readonly Line[] => [
  [plain(fit(`${LEGEND}: below the keys.`, width).trimEnd(), 'dim')],
  ...keyLines(keys, width),
  [],
  [plain(`${LEGEND}, and what to do`, 'strong')],
  ...legendLines(legend, width),
];

const peekLines = ({lines, search}: Extract<Overlay, {readonly kind: 'peek'}>): readonly Line[] => {
  const matches = new Set(search === null ? [] : matchesIn(lines, search.words));
  return lines.map(
    (text, at): Line => (matches.has(at) ? markedLine(text, search?.words ?? '', at === search?.at) : [{text, role: 'plain', raw: true}]),
  );
};

/** A search leaves room for what Esc does on the narrowest screen. */
const MOST_WORDS = 12;

/** What is searched, and which match of how many was gone to. */
const searchFoot = ({lines, search}: Extract<Overlay, {readonly kind: 'peek'}>): Line => {
  if (search === null) {
    return [];
  }
  const {words, at, isTyped} = search;
  const matches = matchesIn(lines, words);
  const shown = widthOf(words) > MOST_WORDS ? fit(words, MOST_WORDS, 'tail') : words;
  const place =
    matches.length === 0
      ? plain(words === '' ? '' : ' none', 'warning')
      : plain(` ${matches.indexOf(at ?? -1) + 1}/${matches.length}`, 'dim');
  return [plain('/', 'key'), plain(`${shown}${isTyped ? '_' : ''}`, 'strong'), place];
};

const contentOf = (
  overlay: ReadingOverlay,
  width: number,
  state: Pick<ScreenState, 'journal'>,
  help: HelpText,
): {readonly title: string; readonly lines: readonly Line[]; readonly tables?: readonly EvidenceTable[]} => {
  switch (overlay.kind) {
    case 'help':
      return {title: 'Keys and words', lines: helpLines(help, width)};
    case 'explain':
      return {title: `Explain  ${overlay.explanation.title}`, ...fullExplanation(overlay, width)};
    case 'journal': {
      const empty = wrap(NOTHING_DONE, width).map((words): Line => [plain(words, 'dim')]);
      return {
        title: 'Journal',
        lines: state.journal.length === 0 ? empty : journalLines(state.journal, width),
      };
    }
    case 'refusal': {
      const {headline, sections} = describeRefusal(overlay.refusal);
      const more = sections.flatMap((section): readonly Line[] => [
        [],
        [plain(section.title, 'strong')],
        ...section.lines.flatMap(line => wrap(line.text, width - 2).map((words): Line => [plain(`  ${words}`)])),
      ]);
      const {protection, leftOut} = overlay.refusal;
      const liftable = [...new Set([protection?.unlock ?? null, ...leftOut.map(left => left.unlock)])].filter(rule => rule !== null);
      const lift: readonly Line[] =
        liftable.length === 0 ? [] : [[], [plain('u', 'key'), plain(` plans again with ${liftable.join(', ')} unlocked`)]];
      return {title: 'Refused', lines: [...wrap(headline, width).map((words): Line => [plain(words, 'warning')]), ...more, ...lift]};
    }
    case 'peek':
      return {title: `Peek  ${overlay.title}`, lines: peekLines(overlay)};
    case 'copy':
      return {
        title: overlay.title,
        lines: overlay.text.split('\n').flatMap(line => wrap(line, width).map((words): Line => [plain(words)])),
      };
  }
};

const BORDERS = 2;
/** Both borders, and a blank beside each. */
const EDGES = 4;
/** A longer line is hard to read. */
const WIDEST = 108;
/** Cells of a lower border that its text leaves free. */
const FOOT_EDGES = 9;

const isTall = (kind: ReadingOverlay['kind']): boolean => kind === 'peek';

/** How one comes out; of a pane, what is searched there, or how it is. */
const feetOf = (overlay: ReadingOverlay): readonly Line[] => {
  const closes = plain('Esc closes', 'dim');
  if (overlay.kind !== 'peek') {
    return [[closes]];
  }
  return overlay.search === null
    ? [[plain('/ searches  ', 'dim'), closes], [closes]]
    : [[...searchFoot(overlay), plain('  Esc ends', 'dim')]];
};

/** Cells of a line of text that is read, borders and edges apart. */
export const readingWidth = (kind: ReadingOverlay['kind'], columns: number): number =>
  Math.max(8, (kind === 'peek' ? columns : Math.min(columns, WIDEST)) - EDGES);

export const readingView = (
  overlay: ReadingOverlay,
  layout: Pick<Layout, 'columns' | 'rows'>,
  state: Pick<ScreenState, 'journal'>,
  help: HelpText,
): ReadingView => {
  const inside = readingWidth(overlay.kind, layout.columns);
  const {title, lines, tables = []} = contentOf(overlay, inside, state, help);
  const rect = dialogRect(layout.columns, layout.rows, {
    width: inside + EDGES,
    height: isTall(overlay.kind) ? layout.rows : lines.length + BORDERS,
  });
  return {rect, title, lines, tables, height: Math.max(0, rect.height - BORDERS), feet: feetOf(overlay)};
};

export const drawReading = (view: ReadingView, scroll: number, theme: Theme): Drawn => {
  const {rect, lines, height} = view;
  const place = `${scroll + 1}-${Math.min(lines.length, scroll + height)} of ${lines.length}`;
  const more: readonly Line[] = lines.length > height ? [[plain(`${place}  j k  `, 'dim')], [plain(`${place}  `, 'dim')], []] : [[]];
  const forms = more.flatMap(one => view.feet.map((other): Line => [...one, ...other]));
  const foot = forms.find(form => lineWidth(form) <= rect.width - FOOT_EDGES) ?? forms.at(-1) ?? [];
  return drawFrame(
    theme,
    rect,
    {title: [plain(view.title, 'title-focus')], foot, focused: true, opaque: true},
    lines.slice(scroll, scroll + height).map(line => ({line: [plain(' '), ...line]})),
  );
};
