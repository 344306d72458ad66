// The whole screen at once: which panels are boxes, which are a line, and what stands beside what. Pure.
import type {PanelId} from '../store/rows.ts';
import {
  explainNeed,
  explainPart,
  isOpen,
  LEAST_EXPLAIN,
  LEAST_LIST,
  needOf,
  type Panels,
  type Part,
  type Rect,
  type Shape,
  stack,
  sum,
} from './boxes.ts';

/** From here on a column at the side leaves Agents all of its own. */
const WIDE_COLUMNS = 160;
/** What Agents has over the whole width of the usual terminal. */
const AGENTS_ALONE = 120;

/** Each with its whole need. */
const whole = (panels: readonly PanelId[], shape: Shape): readonly Part[] =>
  panels.map(panel => ({panel, least: needOf(panel, shape), need: needOf(panel, shape)}));

const listPart = (panel: PanelId, height: number, shape: Shape): Part => {
  const need = needOf(panel, shape);
  const share = panel === 'agents' ? Math.max(LEAST_LIST, Math.floor(height / 3)) : Math.max(LEAST_LIST, Math.floor(height / 4));
  return {panel, need, least: Math.min(need, share)};
};

export interface Arranged {
  readonly panels: Panels;
  /** Panels by line. */
  readonly lines: readonly (readonly PanelId[])[];
}

/** Beside it Agents has as many columns as below it, at the latest from where it stands there whatever there is to show. */
const sideWidth = (columns: number): number =>
  columns < WIDE_COLUMNS ? Math.min(44, Math.max(30, Math.floor(columns * 0.3))) : Math.min(44, columns - AGENTS_ALONE);

const joined = (panels: readonly PanelId[]): Arranged['lines'] => (panels.length === 0 ? [] : [panels]);

const ORDER: readonly PanelId[] = ['rigs', 'ports', 'agents', 'orphans', 'explain', 'journal'];

/** Every list whole: rigs and ports at the side, agents and orphans beside them, Explain below both. Null where that does not fit. */
const wholeLists = (columns: number, height: number, shape: Shape): Arranged | null => {
  const open = (panels: readonly PanelId[]): readonly PanelId[] => panels.filter(panel => isOpen(panel, shape));
  const sides = open(shape.focus === 'journal' ? ['rigs', 'ports', 'journal'] : ['rigs', 'ports']);
  const mains = open(['agents', 'orphans']);
  const tall = (panels: readonly PanelId[]): number => sum(panels.map(panel => needOf(panel, shape)));
  const needed = Math.max(tall(sides), tall(mains));
  // The journal takes what is over at the side.
  const hasJournal = sides.length > 0 && !sides.includes('journal') && shape.content.journal > 0 && needed - tall(sides) >= LEAST_LIST;
  const side = hasJournal ? [...sides, 'journal' as const] : sides;
  const explains = isOpen('explain', shape);
  const lines = joined(ORDER.filter(panel => ![...side, ...mains, ...(explains ? ['explain'] : [])].includes(panel)));
  const room = height - lines.length;
  const explain = explains ? explainPart(room, columns, shape) : null;
  // A list is whole before Explain is more than its least.
  const least = shape.focus === 'explain' ? (explain?.least ?? 0) : LEAST_EXPLAIN;
  if (needed + (explain === null ? 0 : least) > room) {
    return null;
  }
  const top = explain === null ? room : needed;
  const width = side.length === 0 ? 0 : sideWidth(columns);
  const sideParts = whole(side, shape).map(part => (part.panel === 'journal' && hasJournal ? {...part, least: LEAST_LIST} : part));
  const below = explain === null ? {} : {explain: {left: 0, top: 1 + top, width: columns, height: room - top}};
  return {
    panels: {
      ...stack({left: 0, top: 1, width, height: top}, sideParts),
      ...stack({left: width, top: 1, width: columns - width, height: top}, whole(mains, shape)),
      ...below,
    },
    lines,
  };
};

/** A column at the side for rigs and ports, one for agents and orphans; Explain where more is left. */
const twoColumns = (columns: number, height: number, shape: Shape): Arranged | null => {
  const open = (panels: readonly PanelId[]): readonly PanelId[] => panels.filter(panel => isOpen(panel, shape));
  const side = open(shape.focus === 'journal' ? ['rigs', 'ports', 'journal'] : ['rigs', 'ports']);
  const mains = open(['agents', 'orphans']);
  if (columns < WIDE_COLUMNS || side.length === 0) {
    return null;
  }
  const explains = isOpen('explain', shape);
  const width = sideWidth(columns);
  const rest = ORDER.filter(panel => ![...side, ...mains, ...(explains ? ['explain'] : [])].includes(panel));
  const over = (panels: readonly PanelId[]): number => height - 1 - sum(panels.map(panel => needOf(panel, shape)));
  const atSide = over(side) >= over(mains);
  // What Explain would leave blank at the side is the journal's.
  const hasJournal =
    atSide &&
    shape.content.journal > 0 &&
    rest.includes('journal') &&
    over(side) - (explains ? explainNeed(width, shape) : 0) >= LEAST_LIST;
  const lines = joined(rest.filter(panel => panel !== 'journal' || !hasJournal));
  const room = height - lines.length;
  const explain = explains
    ? [{...explainPart(room, atSide ? width : columns - width, shape), ...(hasJournal ? {need: explainNeed(width, shape)} : {})}]
    : [];
  const journal = hasJournal ? [{panel: 'journal' as const, least: LEAST_LIST, need: needOf('journal', shape)}] : [];
  const parts = (panels: readonly PanelId[], more: readonly Part[]): readonly Part[] => [
    ...panels.map(panel => listPart(panel, room, shape)),
    ...more,
  ];
  return {
    panels: {
      ...stack({left: 0, top: 1, width, height: room}, parts(side, atSide ? [...explain, ...journal] : [])),
      ...stack({left: width, top: 1, width: columns - width, height: room}, parts(mains, atSide ? [] : explain)),
    },
    lines,
  };
};

/** Agents over the whole width and most of the height; what is not in front is a line. */
const agentsFirst = (columns: number, height: number, shape: Shape): Arranged => {
  const {focus, content} = shape;
  const lists = ORDER.filter(
    panel => panel !== 'explain' && (panel === focus || ((panel === 'agents' || panel === 'orphans') && isOpen(panel, shape))),
  );
  const explains = isOpen('explain', shape);
  const rest = ORDER.filter(panel => !lists.includes(panel) && !(panel === 'explain' && explains));
  const ownLine = rest.includes('rigs') && content.rigs > 0;
  const lines = [...(ownLine ? [['rigs' as const]] : []), ...joined(ownLine ? rest.filter(panel => panel !== 'rigs') : rest)];
  const room = height - lines.length;
  const byWeight = lists.toSorted((one, other) => Number(other === 'agents') - Number(one === 'agents'));
  const parts = [...byWeight.map(panel => listPart(panel, room, shape)), ...(explains ? [explainPart(room, columns, shape)] : [])];
  return {panels: stack({left: 0, top: 1, width: columns, height: room}, parts), lines};
};

/** Lines of a box that stay blank: it is higher than what it has to show. */
export const blankLines = (panel: PanelId, rect: Rect, shape: Shape): number =>
  Math.max(0, rect.height - (panel === 'explain' ? explainNeed(rect.width, shape) : needOf(panel, shape)));

/** Whether a list hides rows that blank lines of another panel could show: more than a quarter of its cells. */
export const isWasteful = (panels: Panels, shape: Shape): boolean => {
  const boxes = Object.entries(panels) as [PanelId, Rect][];
  const hides = boxes.some(([panel, rect]) => panel !== 'explain' && panel !== 'journal' && rect.height < needOf(panel, shape));
  return hides && boxes.some(([panel, rect]) => blankLines(panel, rect, shape) * 4 > rect.height);
};

/** The boxes and lines that suit the content best: everything whole, else two columns that waste nothing, else Agents over the whole width. */
export const arrangeFull = (columns: number, height: number, shape: Shape): Arranged => {
  const everything = wholeLists(columns, height, shape);
  if (everything !== null) {
    return everything;
  }
  const columned = twoColumns(columns, height, shape);
  return columned === null || isWasteful(columned.panels, shape) ? agentsFirst(columns, height, shape) : columned;
};
