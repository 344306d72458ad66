// Explain and Journal: panels of text that scrolls. Pure.

import type {JournalLine, ScreenState} from '../../store/state.ts';
import {clockTime} from '../../words/ages.ts';
import type {BriefLine, BriefRow} from '../../words/describe-briefly.ts';
import type {ExplainLine} from '../../words/describe-explanation.ts';
import type {Rect} from '../boxes.ts';
import {fit, type Line, lineWidth, plain, widthOf, wrap} from '../format.ts';
import {type BodyLine, type Drawn, drawBody, drawFrame} from '../frame.ts';
import type {Theme} from '../theme.ts';

/** A statement with its source at the right where both fit, else the source below it. */
const factLines = (line: ExplainLine, width: number): readonly Line[] => {
  const source = line.source === null ? '' : `(${line.source})`;
  const [first = '', ...more] = wrap(line.text, width - 2);
  const room = width - 2 - widthOf(first) - 2;
  if (more.length === 0 && widthOf(source) <= room) {
    return [[plain(`  ${first}`, line.tone), plain(`  ${source}`, 'dim')]];
  }
  const rest = [first, ...more].map((words): Line => [plain(`  ${words}`, line.tone)]);
  return source === '' ? rest : [...rest, ...wrap(source, width - 6).map((words): Line => [plain(`      ${words}`, 'dim')])];
};

type Size = Pick<Rect, 'width' | 'height'>;

/** The keys of actions, as the footer writes them; those without a key are left away. */
export type KeysOf = (actions: readonly string[]) => Line;

/** From this width on a label stands beside its text. */
const LABELLED = 48;
const LABEL = 13;

/** Words, and keys behind them where they fit. */
const withKeys = (words: readonly string[], tone: BriefRow['tone'], keys: Line, width: number): readonly Line[] => {
  const lines = words.filter(each => each !== '').map((each): Line => [plain(each, tone)]);
  const last = lines.at(-1);
  if (keys.length === 0) {
    return lines;
  }
  return last !== undefined && lineWidth(last) + 2 + lineWidth(keys) <= width
    ? [...lines.slice(0, -1), [...last, plain('  '), ...keys]]
    : [...lines, keys];
};

const rowLines = ({label, form, texts, actions, tone}: BriefRow, width: number, keysOf: KeysOf): readonly Line[] => {
  const beside = width >= LABELLED;
  const room = width - (beside ? LABEL : 2);
  const words = form === 'lines' ? texts : wrap(texts.join(' '), room);
  const lines = withKeys(words, tone, keysOf(actions), room);
  return beside
    ? lines.map((line, at) => [plain(at === 0 ? label.padEnd(LABEL) : ' '.repeat(LABEL), 'strong'), ...line])
    : [[plain(label, 'strong')], ...lines.map((line): Line => [plain('  '), ...line])];
};

/** What is folded shows all of itself where that leaves nothing else out. */
const unfold = (lines: readonly BriefLine[]): readonly BriefLine[] =>
  lines.map(line => (line.kind === 'row' && line.unfolded.length > 0 ? {...line, form: 'lines', texts: line.unfolded, actions: []} : line));

/** An explanation as lines of at most `width` cells; trees and output are cut, sentences are wrapped. */
export const explainLines = (lines: readonly BriefLine[], width: number, keysOf: KeysOf = () => []): readonly Line[] =>
  lines.flatMap((line): readonly Line[] => {
    switch (line.kind) {
      case 'head':
        return wrap(line.text, width).map(words => [plain(words, line.tone === 'plain' ? 'strong' : line.tone)]);
      case 'tree':
        return [[plain(`  ${line.text}`, line.tone)]];
      case 'row':
        return rowLines(line, width, keysOf);
      case 'fact':
        return factLines(line, width);
      case 'item':
        return wrap(line.text, width - 4).map(words => [plain(`    ${words}`, line.tone)]);
      default:
        return wrap(line.text, width - 2).map(words => [plain(`  ${words}`, line.tone)]);
    }
  });

/** The end of a screen, which goes on. */
const isOutput = (line: BriefLine): boolean => line.kind === 'row' && line.form === 'lines' && line.unfolded.length === 0;

/** Lines of an explanation that keeps them as they are over the whole width; null where it ends with a screen. */
export const steadyLines = (brief: readonly BriefLine[], columns: number): number | null =>
  brief.some(isOutput) ? null : explainLines(unfold(brief), columns - 4).length;

/** So many lines of output come before what is folded. */
const SOME_OUTPUT = 6;

/** The last lines of an output. */
const endOf = (line: BriefLine, most: number): readonly BriefLine[] =>
  line.kind === 'row' && most > 0 ? [{...line, texts: line.texts.slice(-most)}] : [];

/**
 * An explanation as it suits a height: whole, else with what is folded and the end of its output, else as much of that as is left below
 * what is folded. What can be scrolled (`isRead`) keeps all of its output.
 */
const suitedLines = (brief: readonly BriefLine[], {width, height}: Size, isRead: boolean, keysOf: KeysOf): readonly Line[] => {
  const told = brief.filter(line => !isOutput(line));
  const output = brief.filter(isOutput);
  const count = output.reduce((sum, line) => sum + (line.kind === 'row' ? line.texts.length : 0), 0);
  const unfolded = explainLines(unfold(told), width, keysOf);
  const lines = unfolded.length + Math.min(count, SOME_OUTPUT) <= height ? unfolded : explainLines(told, width, keysOf);
  const most = isRead ? count : height - lines.length - (width < LABELLED ? 1 : 0);
  return [
    ...lines,
    ...explainLines(
      output.flatMap(line => endOf(line, most)),
      width,
      keysOf,
    ),
  ];
};

const padded = (lines: readonly Line[]): readonly BodyLine[] => lines.map(line => ({line: [plain(' '), ...line]}));

const scrolled = (lines: readonly Line[], height: number, scroll: number): {readonly shown: readonly Line[]; readonly foot: string} => {
  const start = Math.max(0, Math.min(scroll, lines.length - height));
  const foot = lines.length > height ? `${start + 1}-${Math.min(lines.length, start + height)} of ${lines.length}` : '';
  return {shown: lines.slice(start, start + Math.max(0, height)), foot};
};

interface Place {
  readonly rect: Rect;
  readonly theme: Theme;
  readonly bare: boolean;
  readonly keysOf?: KeysOf;
}

const insideOf = ({width, height}: Size, bare: boolean): Size => ({
  width: Math.max(1, width - (bare ? 1 : 4)),
  height: height - (bare ? 0 : 2),
});

export const drawExplainPanel = (
  state: Pick<ScreenState, 'explanation' | 'explainScroll' | 'focus'>,
  {rect, theme, bare, keysOf}: Place,
): Drawn => {
  const focused = state.focus === 'explain';
  const {width, height} = insideOf(rect, bare);
  const brief = state.explanation?.brief ?? [];
  const lines =
    state.explanation === null
      ? [[plain('Nothing is selected.', 'dim')]]
      : suitedLines(brief, {width, height}, focused || state.explainScroll > 0, keysOf ?? (() => []));
  const {shown, foot} = scrolled(lines, height, state.explainScroll);
  if (bare) {
    return drawBody(theme, rect, padded(shown));
  }
  const {title: subject = '', standing = ''} = state.explanation ?? {};
  const named: Line = [plain('5 Explain', focused ? 'title-focus' : 'title'), plain(`  ${subject}`.trimEnd(), 'dim')];
  const stood: Line = [...named, plain(`  ${standing}`.trimEnd(), 'dim')];
  // What it is called comes before how it stands: that is said below.
  const title = lineWidth(stood) + 6 <= rect.width ? stood : named;
  return drawFrame(theme, rect, {title, foot: foot === '' ? [] : [plain(foot, 'dim')], focused}, padded(shown));
};

/** Of a journal without entries: how it would get any. */
export const NOTHING_DONE =
  'Nothing has been done yet. What any rigtop of yours does here is written down: a screen, a command, a supervisor.';

/** Below this width the seconds of a time are left away. */
const NARROW = 48;

/** Lines of an entry in the panel: a guard’s refusal tells a whole command, and would hide all others. */
const MOST_LINES = 2;

const entryLines = (entry: JournalLine, width: number, now: number, most: number): readonly Line[] => {
  const time = clockTime(entry.at, now);
  const lead = `${width < NARROW ? time.replace(/^(\d\d:\d\d):\d\d$/, '$1') : time} `;
  const [first = ''] = wrap(entry.text, Math.max(8, width - widthOf(lead)));
  const rest = entry.text.slice(first.length).trim();
  const more = rest === '' ? [] : wrap(rest, Math.max(8, width - 2));
  const shown =
    more.length < most ? more : [...more.slice(0, most - 2), fit(`${more[most - 2] ?? ''} …`, Math.max(8, width - 2)).trimEnd()];
  return [[plain(lead, 'dim'), plain(first, entry.tone)], ...shown.map((words): Line => [plain(`  ${words}`, entry.tone)])];
};

/** Journal entries, newest first, each with its time; long ones go on under it. */
export const journalLines = (journal: readonly JournalLine[], width: number, now = journal.at(-1)?.at ?? 0): readonly Line[] =>
  journal.toReversed().flatMap(entry => entryLines(entry, width, now, Number.POSITIVE_INFINITY));

/** The same where each takes few lines. */
const briefJournal = (journal: readonly JournalLine[], width: number): readonly (readonly Line[])[] => {
  const now = journal.at(-1)?.at ?? 0;
  return journal.toReversed().map(entry => entryLines(entry, width, now, MOST_LINES));
};

/** The line of the whole journal, `width` wide, at which the entry begins that stands first in its panel. */
export const wholeFrom = (
  {journal, journalScroll}: Pick<ScreenState, 'journal' | 'journalScroll'>,
  panel: {readonly rect: Rect; readonly bare: boolean},
  width: number,
): number => {
  const inside = insideOf(panel.rect, panel.bare);
  const entries = briefJournal(journal, inside.width);
  const top = Math.max(0, Math.min(journalScroll, entries.flat().length - inside.height));
  const before = entries.findIndex((_, at) => entries.slice(0, at + 1).flat().length > top);
  const now = journal.at(-1)?.at;
  return before < 1 ? 0 : journalLines(journal.slice(-before), width, now).length;
};

export const drawJournalPanel = (state: Pick<ScreenState, 'journal' | 'journalScroll' | 'focus'>, {rect, theme, bare}: Place): Drawn => {
  const focused = state.focus === 'journal';
  const {width, height} = insideOf(rect, bare);
  const lines =
    state.journal.length === 0
      ? wrap(NOTHING_DONE, width).map((words): Line => [plain(words, 'dim')])
      : briefJournal(state.journal, width).flat();
  const {shown, foot} = scrolled(lines, height, state.journalScroll);
  if (bare) {
    return drawBody(theme, rect, padded(shown));
  }
  const title: Line = [plain('6 Journal', focused ? 'title-focus' : 'title')];
  return drawFrame(theme, rect, {title, foot: foot === '' ? [] : [plain(foot, 'dim')], focused}, padded(shown));
};
