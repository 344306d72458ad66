// Panels as a line: what an empty one has to say, and what one without room comes to. Pure.
import {largest} from '../../core/domain/extremes.ts';
import {PANELS, type PanelId, type Row} from '../../store/rows.ts';
import type {ScreenState} from '../../store/state.ts';
import {fitLine, type Line, lineWidth, plain, spotted} from '../format.ts';
import type {Glyphs, Role} from '../theme.ts';
import {PANEL_NAMES} from './bars.ts';

type StripState = Pick<ScreenState, 'view' | 'visible' | 'journal'>;

const NOTHING: Readonly<Record<PanelId, string>> = {
  rigs: 'none',
  ports: 'nobody listens',
  agents: 'none',
  orphans: 'none',
  explain: 'nothing',
  journal: 'nothing yet',
};

/** What a rig’s name, its agents and those that need a person say already. */
const SAID = /^(ok|town|(ASKS|DONE) \d+)$/;

const sumOf = (words: string): number => (words.match(/\d+/g) ?? []).reduce((sum, number) => sum + Number(number), 0);

/** `billing 10 (3 ask)`, or `billing 10 (3)` where that is too long, and its verdict where there is one. */
const rigWords = ({cells, badge}: Row, isBrief: boolean): Line => {
  const needs = cells.needs === undefined || cells.needs === '' ? '' : ` (${isBrief ? sumOf(cells.needs) : cells.needs})`;
  const count = cells.count === undefined || cells.count === '-' ? '' : ` ${cells.count}`;
  return [plain(`${cells.name ?? ''}${count}${needs}`), ...(SAID.test(badge.word) ? [] : [plain(' '), plain(badge.word, badge.tone)])];
};

/** `2 up  1 WRONG-OWNER`: the worst first. */
const badgeCounts = (rows: readonly Row[]): Line => {
  const counts = new Map<string, {readonly tone: Role; readonly count: number}>();
  for (const {badge} of rows) {
    counts.set(badge.word, {tone: badge.tone, count: (counts.get(badge.word)?.count ?? 0) + 1});
  }
  return [...counts].flatMap(([word, {tone, count}], at) => [plain(at === 0 ? '' : '  '), plain(`${count} ${word}`, tone)]);
};

const isBlind = ({view}: StripState): boolean => view.header.blind.length > 0;

const emptyWords = (state: StripState, panel: PanelId, isBrief = false): Line => {
  const all = panel === 'explain' || panel === 'journal' ? 0 : state.view[panel].length;
  if (all > 0) {
    return [plain(`none of ${all} shown`, 'warning')];
  }
  const reach =
    panel === 'orphans' && !isBrief && state.view.header.reach !== ''
      ? `: ${state.view.header.reach.replace(/^Looked at |;.*$/g, '')}`
      : '';
  const unseen: Line = panel === 'orphans' && isBlind(state) ? [plain(`, ${state.view.header.blind.length} unseen`, 'unknown')] : [];
  return [plain(`${NOTHING[panel]}${reach}`, 'dim'), ...unseen];
};

/** The first rigs, and how many more there are. */
const rigsWords = (rows: readonly Row[], isBrief: boolean, most: number): Line => [
  ...rows.slice(0, most).flatMap((row, at) => [plain(at === 0 ? '' : '  '), ...rigWords(row, isBrief)]),
  ...(most < rows.length ? [plain(`  and ${rows.length - most} more`, 'dim')] : []),
];

/** A name of one letter, and what stands before the next. */
const LEAST_RIG_WIDTH = 3;

/** Of a thousand rigs only so many are tried as could stand in one line: one more of them never fits. */
const rigForms = (rows: readonly Row[], width: number): readonly Line[] => {
  const most = Math.min(rows.length, Math.ceil(width / LEAST_RIG_WIDTH) + 1);
  return [rigsWords(rows, false, most), ...Array.from({length: most}, (_, left) => rigsWords(rows, true, most - left))];
};

/** The longest words that fit come first. */
const formsOf = (state: StripState, panel: PanelId, width: number): readonly Line[] => {
  if (panel === 'journal') {
    const last = state.journal.at(-1);
    return [last === undefined ? emptyWords(state, panel) : [plain(last.text, last.tone)]];
  }
  const rows = panel === 'explain' ? [] : state.visible[panel];
  if (rows.length === 0) {
    return [emptyWords(state, panel), emptyWords(state, panel, true)];
  }
  // Of several machines, each in a word.
  const groups = state.view.header.machines === undefined ? rows : rows.filter(row => row.cells.line !== undefined);
  return panel === 'rigs' ? rigForms(groups, width) : [badgeCounts(rows)];
};

/** The panels of one line, each with its number and what there is to say of it, drawn as a border. */
export const stripLine = (state: StripState, panels: readonly PanelId[], width: number, {horizontal}: Pick<Glyphs, 'horizontal'>): Line => {
  const rule = (cells: number): Line => [plain(horizontal.repeat(Math.max(0, cells)), 'border')];
  const shown = PANELS.filter(panel => panels.includes(panel));
  const forms = new Map(shown.map(panel => [panel, formsOf(state, panel, width)]));
  const line = (form: number): Line =>
    shown.flatMap((panel, at): Line => {
      const words = forms.get(panel) ?? [];
      const said = spotted([plain(` ${PANEL_NAMES[panel]}  `, 'title'), ...(words[Math.min(form, words.length - 1)] ?? [])], {panel});
      return [...rule(at === 0 ? 1 : 2), ...said, plain(' ')];
    });
  const lines = Array.from({length: largest([...forms.values()].map(each => each.length))}, (_, form) => form);
  const said = line(lines.find(form => lineWidth(line(form)) <= width) ?? lines.length - 1);
  const room = width - lineWidth(said);
  return room >= 0 ? [...said, ...rule(room)] : fitLine(said, width);
};
