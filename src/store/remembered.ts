// What a screen remembers of the one before: where it stood, not what it saw. Pure.
import {sameValue} from './reconcile.ts';
import {LIST_PANELS, type ListPanel, PANELS, type PanelId} from './rows.ts';
import type {ScreenState} from './state.ts';
import type {Change} from './store.ts';
import {SORTS_OF, type Sorting} from './visible-rows.ts';

export const REMEMBERED_SCHEMA = 'rigtop/screen@1';

export interface Remembered {
  readonly schema: typeof REMEMBERED_SCHEMA;
  readonly panel: PanelId;
  readonly zoomed: boolean;
  readonly filter: string;
  readonly sorting: Readonly<Record<ListPanel, Sorting>>;
  /** As last asked for by name; null where nobody has. */
  readonly theme: string | null;
}

/** Longer filters are nobody's to find again. */
const LONGEST_FILTER = 200;

/** The rigs, where Enter has led from them to the agents of one: the way back is not remembered, so neither is the way in. */
export const rememberedOf = ({focus, zoomed, filter, sorting, entered}: ScreenState, theme: string | null): Remembered => ({
  schema: REMEMBERED_SCHEMA,
  panel: entered === null ? focus : 'rigs',
  zoomed,
  filter: (entered?.filter ?? filter).slice(0, LONGEST_FILTER),
  sorting,
  theme,
});

export const sameRemembered = (one: Remembered, other: Remembered): boolean => sameValue(one, other);

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};

const asSorting = (panel: ListPanel, value: unknown): Sorting | null => {
  const {by, inverted} = asRecord(value);
  const field = SORTS_OF[panel].find(each => each === by);
  return field === undefined || typeof inverted !== 'boolean' ? null : {by: field, inverted};
};

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return {};
  }
};

/** Null where it is none, of another version, or has values that no screen has: all of it counts, or nothing. */
export const parseRemembered = (text: string): Remembered | null => {
  const {schema, panel, zoomed, filter, sorting, theme} = parsed(text);
  const focus = PANELS.find(each => each === panel);
  const [rigs, ports, agents, orphans] = LIST_PANELS.map(each => asSorting(each, asRecord(sorting)[each]));
  if (
    schema !== REMEMBERED_SCHEMA ||
    focus === undefined ||
    typeof zoomed !== 'boolean' ||
    typeof filter !== 'string' ||
    filter.length > LONGEST_FILTER ||
    (theme !== null && typeof theme !== 'string') ||
    !(rigs && ports && agents && orphans)
  ) {
    return null;
  }
  return {schema, panel: focus, zoomed, filter, sorting: {rigs, ports, agents, orphans}, theme};
};

/** A new screen where the last one stood. */
export const standAs =
  ({panel, zoomed, filter, sorting}: Remembered): Change =>
  ({subjectPanel}) => ({
    focus: panel,
    subjectPanel: LIST_PANELS.find(each => each === panel) ?? subjectPanel,
    zoomed,
    filter,
    sorting,
  });
