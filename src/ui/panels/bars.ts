// The lines above and below the panels: header, tabs, message line, key hints. Pure.

import {type HintCounts, needYou} from '../../core/domain/hint.ts';
import type {HeaderView, PanelId} from '../../store/rows.ts';
import {PANELS} from '../../store/rows.ts';
import type {ScreenState} from '../../store/state.ts';
import {countOf, firstOf} from '../../words/counts.ts';
import {needWords} from '../../words/hints.ts';
import {NARROW} from '../boxes.ts';
import {fit, fitLine, type Line, lineWidth, paint, plain, type Segment, spotted, spread, widthOf, wrapWithin} from '../format.ts';
import {type Layout, LEAST_COLUMNS, LEAST_ROWS} from '../layout.ts';
import type {Theme} from '../theme.ts';

type AgeState = Pick<ScreenState, 'paused' | 'lateSeconds' | 'refreshFailure'> & {readonly looked: boolean};

/** How old the data is. `live` while looks arrive on time, so that a calm fleet writes nothing; a number as soon as they do not. */
const ageWords = (state: AgeState): Segment => {
  if (state.paused) {
    return plain('PAUSED', 'banner');
  }
  if (state.lateSeconds !== null && state.looked) {
    return plain(`STALE ${state.lateSeconds}s`, 'alarm');
  }
  if (state.refreshFailure !== null) {
    return plain('LOOK FAILED', 'alarm');
  }
  if (state.looked) {
    return plain('live', 'good');
  }
  return state.lateSeconds === null ? plain('looking', 'dim') : plain(`looking ${state.lateSeconds}s`, 'strong');
};

const modeWords = (readOnly: boolean): Segment =>
  readOnly ? plain('[READ-ONLY]', 'mode-read-only') : plain('[READ-WRITE]', 'mode-read-write');

/** Who needs a person: `NEED YOU 18: 12 ask, 6 done`. */
const needsLine = (doing: HintCounts): Line =>
  needYou(doing) === 0 ? [] : [plain('  '), plain(`NEED YOU ${needYou(doing)}: ${needWords(doing)}`, doing.asks > 0 ? 'warning' : 'good')];

/** The same in as few cells as can be: `ASKS 12  DONE 6`, `ASKS 12 DONE 6` on a phone. */
const briefNeeds = ({asks, done}: HintCounts, gap: string): Line => [
  ...(asks === 0 ? [] : [plain(gap), plain(`ASKS ${asks}`, 'warning' as const)]),
  ...(done === 0 ? [] : [plain(gap), plain(`DONE ${done}`, 'good' as const)]),
];

/** The worst of the verdicts, and how many are left away: `and 3 more`, `+3` on a phone. */
const firstVerdicts = (counts: HeaderView['counts'], most: number, gap = '  '): Line => [
  ...counts.slice(0, most).flatMap(({word, tone, count}) => [plain(gap), plain(`${word} ${count}`, tone)]),
  ...(counts.length > most ? [plain(gap === ' ' ? ` +${counts.length - most}` : `  and ${counts.length - most} more`, 'dim')] : []),
];

/** What the others do. */
const doingLine = ({busy, stuck, idle}: HintCounts): Line =>
  [
    [`STUCK ${stuck}`, stuck, 'warning'] as const,
    [`BUSY ${busy}`, busy, 'busy'] as const,
    [`IDLE ${idle}`, idle, 'quiet'] as const,
  ].flatMap(([text, count, tone]) => (count === 0 ? [] : [plain('  '), plain(text, tone)]));

/** So many verdicts come before what is looked at; the milder ones after it. */
const FIRST_VERDICTS = 4;

/**
 * Host, age of the data, sizes, verdicts by count, and the mode in words. What matters least is left away first:
 * the word help, what the others do, the milder verdicts, the sizes, the program's name, the number of blind sources (the message line has
 * them), the host, the other verdicts.
 */
export const headerLine = (state: AgeState & Pick<ScreenState, 'view' | 'readOnly'>, width: number): Line => {
  const {header} = state.view;
  const gap = width < NARROW ? ' ' : '  ';
  const name = plain('rigtop ', 'strong');
  const host = plain(header.host === '' ? '' : `${header.host}  `);
  const machines = header.machines === undefined ? '' : `${countOf(header.machines.all, 'machine')}  `;
  const sizes = plain(state.looked ? `  ${machines}${countOf(header.rigs, 'rig')}  ${countOf(header.agents, 'agent')}` : '', 'dim');
  const needs = needYou(header.doing);
  const verdicts = firstVerdicts(header.counts, header.counts.length);
  const calm = state.looked && verdicts.length === 0 && needs === 0 ? 'nothing wrong' : '';
  const counts: Line = [...needsLine(header.doing), ...verdicts, plain(calm === '' ? '' : `  ${calm}`, 'good')];
  const some: Line =
    header.counts.length <= FIRST_VERDICTS
      ? counts
      : [...briefNeeds(header.doing, gap), ...firstVerdicts(header.counts, FIRST_VERDICTS, gap)];
  const doing = doingLine(header.doing);
  const blind: Line = header.blind.length === 0 ? [] : [plain('  '), plain(`${header.blind.length} unseen`, 'unknown')];
  const help: Line = [plain('  '), plain('?', 'key')];
  const mode: Line = [plain('  '), modeWords(state.readOnly), ...help];
  const age = ageWords(state);
  const forms: readonly (readonly [Line, Line])[] = [
    [
      [name, host, age, sizes, ...counts, ...doing, ...blind],
      [...mode, plain(' help', 'dim')],
    ],
    [[name, host, age, sizes, ...counts, ...blind], mode],
    [[name, host, age, sizes, ...some, ...blind], mode],
    [[name, host, age, ...some, ...blind], mode],
    [[host, age, ...some, ...blind], mode],
    [[host, age, ...some], mode],
    [[age, ...some], mode],
    ...[...header.counts.keys(), header.counts.length].map((left): readonly [Line, Line] => {
      const most = header.counts.length - left;
      return [[age, ...briefNeeds(header.doing, gap), ...firstVerdicts(header.counts, most, gap)], mode];
    }),
  ];
  const [left, right] = forms.find(([one, other]) => lineWidth(one) + lineWidth(other) <= width) ?? [
    [age, ...briefNeeds(header.doing, gap)],
    mode,
  ];
  return spread(left, right, width);
};

/** The panels as they are called everywhere on the screen. */
export const PANEL_NAMES: Readonly<Record<PanelId, string>> = {
  rigs: '1 Rigs',
  ports: '2 Ports',
  agents: '3 Agents',
  orphans: '4 Orphans',
  explain: '5 Explain',
  journal: '6 Journal',
};

/** The panels by number, the one in front in brackets; closer together, then by their numbers alone, where there is little room. */
export const tabsLine = (focus: PanelId, width: number): Line => {
  const form = (gap: string, named: (panel: PanelId) => boolean): Line =>
    PANELS.flatMap(panel =>
      spotted(
        panel === focus
          ? [plain(`[${PANEL_NAMES[panel]}]${gap}`, 'title-focus')]
          : [plain(` ${named(panel) ? PANEL_NAMES[panel] : PANEL_NAMES[panel].slice(0, 1)} ${gap}`, 'title')],
        {panel},
      ),
    );
  const forms = [form(' ', () => true), form('', () => true), form('', panel => panel === 'agents' || panel === 'orphans')];
  return forms.find(line => lineWidth(line) <= width) ?? form('', () => false);
};

/** What a size without panels needs, in as many words as fit. */
export const sizeLine = (layout: Layout, state: Parameters<typeof headerLine>[0]): Line => {
  const need = `needs ${LEAST_COLUMNS}x${LEAST_ROWS}`;
  const mode = state.readOnly ? 'READ-ONLY' : 'READ-WRITE';
  return [ageWords(state), plain(` ${need} for more, is ${layout.columns}x${layout.rows}  ${mode}`, 'dim')];
};

export interface Hint {
  readonly key: string;
  readonly label: string;
  readonly aside?: string;
}

/** From here on there is room for the asides of hints beside the first of the others. */
const ASIDES = 80;

/** As many key hints as fit, whole ones only; the last two, which are help and quit, always. */
export const hintsLine = (hints: readonly Hint[], width: number): Line => {
  const shown = ({key, label, aside}: Hint): Line =>
    spotted([plain(key, 'key'), plain(` ${label}${aside === undefined || width < ASIDES ? '' : ` (${aside})`}`, 'dim')], {press: key});
  const end = hints.slice(-2).flatMap((hint, at) => [...(at === 0 ? [] : [plain('  ')]), ...shown(hint)]);
  const line: Segment[] = [];
  for (const hint of hints.slice(0, -2)) {
    const next = [...shown(hint), plain('  ')];
    if (lineWidth(line) + lineWidth(next) + lineWidth(end) > width) {
      break;
    }
    line.push(...next);
  }
  return fitLine([...line, ...end], width);
};

/** Where there is no room for why, that a key does nothing is said by its saying why. */
const withinReason = (text: string, width: number): string =>
  widthOf(text) <= width ? text : text.replace(/^(\S+) does nothing now: /, '$1: ');

/** A refusal is no use without its end. */
const MOST_MESSAGE_LINES = 3;

/** What must be said: an error first, else the newest note, in as many lines as it needs; else one of filter, marks and sources that are blind. */
export const messageLines = (
  state: Pick<ScreenState, 'toasts' | 'filter' | 'problemsOnly' | 'marks' | 'view' | 'refreshFailure' | 'paused'>,
  hidden: number,
  width: number,
): readonly Line[] => {
  const toast = state.toasts.findLast(each => each.tone === 'error') ?? state.toasts.at(-1);
  if (toast !== undefined) {
    const tone = toast.tone === 'error' ? 'danger' : 'strong';
    return wrapWithin(withinReason(toast.text, width), width, MOST_MESSAGE_LINES).map(line => [plain(line, tone)]);
  }
  const parts: Line[] = [];
  if (state.refreshFailure !== null) {
    parts.push([plain(`The last look failed: ${state.refreshFailure}`, 'danger')]);
  }
  if (state.paused) {
    parts.push([plain('Updates are paused.', 'banner'), plain(' Z goes on', 'dim')]);
  }
  if (state.filter !== '') {
    parts.push([plain('filter ', 'dim'), plain(state.filter, 'strong')]);
  }
  if (state.problemsOnly) {
    parts.push([plain('problems only', 'strong')]);
  }
  if (state.marks.size > 0) {
    parts.push([plain(`${state.marks.size} marked`, 'mark'), plain(hidden > 0 ? `, ${hidden} hidden` : '', 'warning')]);
  }
  const {blind} = state.view.header;
  if (blind.length > 0) {
    parts.push([plain('could not see ', 'dim'), plain(firstOf(blind, 1))]);
  }
  const [note] = state.view.header.notes;
  if (note !== undefined && parts.length === 0) {
    parts.push([plain(note, 'dim')]);
  }
  return [parts.flatMap((part, index) => [...(index === 0 ? [] : [plain('   ')]), ...part])];
};

const FILTER_HINTS = ['   Enter keeps', '  Esc drops', '  Tab completes'];

/** The filter while it is typed, its end where it is long, and as many of its keys as fit. */
export const filterLine = (filter: string, width: number): Line => {
  const room = Math.max(0, width - 2);
  const words = widthOf(filter) > room ? fit(filter, room, 'tail') : filter;
  const typed = [plain('/', 'key'), plain(words, 'strong'), plain('_', 'dim')];
  const hints = FILTER_HINTS.map((_, left) => FILTER_HINTS.slice(0, FILTER_HINTS.length - left).join(''));
  const said = hints.find(each => lineWidth(typed) + widthOf(each) <= width);
  return [...typed, ...(said === undefined ? [] : [plain(said, 'dim')])];
};

export const paintBar = (theme: Theme, line: Line, width: number): string => paint(theme, fitLine(line, width, theme.glyphs.ellipsis));
