// The plan dialog: what will end and why, what stays, what it frees; then the progress and the result of each. Pure.

import type {Overlay} from '../../store/state.ts';
import {describePlan, type PlanDescription, type PlanLine} from '../../words/describe-plan.ts';
import type {Rect} from '../boxes.ts';
import {type Line, lineWidth, plain, spotted, wrap} from '../format.ts';
import {type Drawn, drawFrame} from '../frame.ts';
import {dialogRect, type Layout} from '../layout.ts';
import type {Role, Theme} from '../theme.ts';
import {resultLines, STATUS_WIDTH, statusOf} from './plan-result.ts';

type PlanOverlay = Extract<Overlay, {readonly kind: 'plan'}>;

export interface PlanView {
  readonly rect: Rect;
  readonly lines: readonly Line[];
  /** Lines of the list that fit at once. */
  readonly height: number;
  /** Whether a blank line stands below the list: only where it costs none of it. */
  readonly isSpaced: boolean;
  readonly headline: string;
  readonly typeToConfirm: number | null;
  readonly typeCounts: string;
}

const WIDEST = 112;

/** Lines around the list: two borders, the state, the keys; and a space. */
const AROUND = 4;
const SPACE = 1;

const TONES: Readonly<Record<PlanLine['tone'], Role>> = {ends: 'plain', stays: 'quiet', note: 'plain', warning: 'warning'};

const describeOnce = new WeakMap<object, PlanDescription>();

const descriptionOf = ({run: {plan}}: PlanOverlay): PlanDescription => {
  const described = describeOnce.get(plan) ?? describePlan(plan);
  describeOnce.set(plan, described);
  return described;
};

const sectionLines = (overlay: PlanOverlay, section: PlanDescription['sections'][number], width: number): readonly Line[] => [
  [plain(section.title, 'strong')],
  ...section.lines.flatMap(line => {
    const status = statusOf(overlay.run, line);
    const indent = ' '.repeat(STATUS_WIDTH);
    const room = Math.max(8, width - 4 - (status.length === 0 ? 0 : STATUS_WIDTH));
    return wrap(line.text, room).map((words, row): Line => {
      const below: Line = status.length === 0 ? [] : [plain(indent)];
      const front = row === 0 ? status : below;
      return [plain(row === 0 ? '  ' : '    '), ...front, plain(words, TONES[line.tone])];
    });
  }),
];

const readingLines = (overlay: PlanOverlay, description: PlanDescription, width: number): readonly Line[] =>
  description.sections.flatMap(section => sectionLines(overlay, section, width));

/** Once it runs only what ends is of interest: each target with how far it is, or what came of it. */
const runningLines = (overlay: PlanOverlay, description: PlanDescription, width: number): readonly Line[] => [
  ...resultLines(overlay.run, width),
  ...sectionLines(
    overlay,
    {
      title: 'Targets',
      lines: description.sections.filter(({lines}) => lines.some(({tone}) => tone === 'ends')).flatMap(({lines}) => lines),
    },
    width,
  ),
];

/** The dialog's geometry and its whole list, on a terminal of this size. It keeps its size while the plan runs; a result has its own. */
export const planView = (overlay: PlanOverlay, {columns, rows}: Pick<Layout, 'columns' | 'rows'>): PlanView => {
  const description = descriptionOf(overlay);
  const width = Math.min(columns, WIDEST);
  const inner = Math.max(8, width - 4);
  const reading = readingLines({...overlay, run: {...overlay.run, phase: 'asking'}}, description, inner);
  const lines = overlay.run.phase === 'asking' ? reading : runningLines(overlay, description, inner);
  const height = overlay.run.phase === 'done' ? lines.length : Math.max(reading.length, lines.length);
  const rect = dialogRect(columns, rows, {width, height: height + AROUND + SPACE});
  const {headline, typeToConfirm, typeCounts} = description;
  const room = Math.max(0, rect.height - AROUND);
  const isSpaced = lines.length < room;
  return {rect, lines, height: isSpaced ? room - SPACE : room, isSpaced, headline, typeToConfirm, typeCounts};
};

/** Keys as they are bound now; null where an action has none. Esc, n and Enter always cancel. */
export interface PlanKeys {
  readonly confirm: string | null;
  readonly unlock: string | null;
  readonly copy: string | null;
  readonly journal: string | null;
  readonly interrupt: string | null;
}

export interface PlanMoment {
  readonly leftMs: number;
  readonly unarmed: string | null;
  readonly keys: PlanKeys;
}

const stateLine = (overlay: PlanOverlay, view: PlanView, times: PlanMoment): Line => {
  const {run, scroll, typed} = overlay;
  const last = view.lines.length - view.height;
  const position = last > 0 ? `lines ${scroll + 1}-${Math.min(view.lines.length, scroll + view.height)} of ${view.lines.length}` : '';
  const place: Line = position === '' ? [] : [plain(`${position}   `, overlay.endSeen ? 'dim' : 'warning')];
  if (run.phase === 'running') {
    return [...place, plain('Working. Each target is checked before every signal.', 'busy')];
  }
  if (run.phase === 'done') {
    return [...place, plain(`Journal${times.keys.journal === null ? '' : ` (${times.keys.journal})`} keeps this.`, 'dim')];
  }
  if (times.leftMs === 0) {
    return [...place, plain('This plan has expired. Close it and plan again.', 'danger')];
  }
  const left = `${Math.ceil(times.leftMs / 1000)} s`;
  if (view.typeToConfirm === null) {
    return [...place, plain(`Plan ${run.plan.id} expires in ${left}`, 'dim')];
  }
  const typing: Line = [
    plain(`Type ${view.typeToConfirm} to arm ${times.keys.confirm ?? 'it'}: `, 'warning'),
    plain(typed === '' ? '_' : typed, 'strong'),
  ];
  const whole = [...place, ...typing, plain(`  (${view.typeCounts})   `, 'dim'), plain(`expires in ${left}`, 'dim')];
  // What has to be typed and the time that is left are shown at every width.
  return lineWidth(whole) <= view.rect.width - 4 ? whole : [...typing, plain(`  expires in ${left}   `, 'dim'), ...place];
};

/** What carries it out: a key, or what it still waits for. */
const confirmation = (key: string | null, unarmed: PlanMoment['unarmed']): Line => {
  if (key === null) {
    return [plain('no key carries it out', 'dim')];
  }
  return unarmed === null || unarmed === 'just opened' ? [plain(key, 'key'), plain(' do it')] : [plain(`${key} ${unarmed}`, 'dim')];
};

const keysWith = (
  {run, leaving}: PlanOverlay,
  {unarmed, keys}: PlanMoment,
  {gap: between, without}: {readonly gap: number; readonly without: number},
): Line => {
  if (run.phase === 'running') {
    return leaving
      ? [plain(`${keys.interrupt ?? 'It'} again leaves it to finish unseen or unfinished; the journal tells`, 'warning')]
      : [plain('please wait', 'dim')];
  }
  if (run.phase === 'done') {
    return spotted([plain('Enter', 'key'), plain(' close', 'dim')], {press: 'Enter'});
  }
  const gap = plain(' '.repeat(between));
  const offer = (key: string | null, words: string): Line =>
    key === null ? [] : [gap, ...spotted([plain(key, 'key'), plain(` ${words}`, 'dim')], {press: key})];
  const act = confirmation(keys.confirm, unarmed);
  const unlocks = [...new Set(run.plan.leftOut.flatMap(left => left.unlock ?? []))];
  const offers = [
    ...(unlocks.length === 0 ? [] : [offer(keys.unlock, `unlock ${unlocks.join(', ')}`)]),
    offer(keys.copy, 'copy command'),
    offer('Esc', 'cancel'),
  ];
  return [...spotted([plain('[ Cancel ]', 'strong')], {press: 'Esc'}), gap, ...act, ...offers.slice(0, offers.length - without).flat()];
};

/** Cells between its keys, and how many of the last it leaves away: what is not on the line works all the same. */
const FORMS = [
  [6, 0],
  [2, 0],
  [2, 1],
  [2, 2],
] as const;

/** The most that fits into `width` cells. */
const keysLine = (overlay: PlanOverlay, moment: PlanMoment, width: number): Line => {
  const lines = FORMS.map(([gap, without]) => keysWith(overlay, moment, {gap, without}));
  return lines.find(line => lineWidth(line) <= width) ?? lines.at(-1) ?? [];
};

/** Where the line of its keys stands, for a pointer. */
export const planKeysAt = (
  overlay: PlanOverlay,
  layout: Pick<Layout, 'columns' | 'rows'>,
  moment: PlanMoment,
): {readonly left: number; readonly row: number; readonly line: Line} => {
  const {rect} = planView(overlay, layout);
  return {left: rect.left + 2, row: rect.top + rect.height - 2, line: keysLine(overlay, moment, rect.width - 4)};
};

/** The dialog as finished lines. */
export const drawPlanDialog = (
  overlay: PlanOverlay,
  layout: Pick<Layout, 'columns' | 'rows'>,
  theme: Theme,
  times: PlanMoment,
): {readonly rect: Rect; readonly drawn: Drawn} => {
  const view = planView(overlay, layout);
  const {phase} = overlay.run;
  const start = Math.max(0, Math.min(overlay.scroll, view.lines.length - view.height));
  const shown = view.lines.slice(start, start + view.height);
  const body = [
    ...shown,
    ...Array.from({length: view.height - shown.length}, (): Line => []),
    ...(view.isSpaced ? [[]] : []),
    stateLine(overlay, view, times),
    keysLine(overlay, times, view.rect.width - 4),
  ];
  const title: Line = [
    plain(phase === 'asking' ? view.headline : `${view.headline}: ${phase === 'running' ? 'working' : 'result'}`, 'title-focus'),
  ];
  const foot: Line = phase === 'asking' ? [plain('Enter = Cancel', 'dim')] : [];
  return {
    rect: view.rect,
    drawn: drawFrame(
      theme,
      view.rect,
      {title, foot, focused: true, opaque: true},
      body.map(line => ({line: [plain(' '), ...line]})),
    ),
  };
};
