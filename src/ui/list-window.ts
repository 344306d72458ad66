// Which part of a long list is on the screen. Pure.

export interface ListWindow {
  /** Index of the first row shown. */
  readonly start: number;
  /** One past the last row shown. */
  readonly end: number;
}

/** The window that shows `selected` with the least movement from `offset`. `selected` may be -1 for none. */
export const windowRows = (count: number, selected: number, height: number, offset: number): ListWindow => {
  const room = Math.max(0, height);
  const last = Math.max(0, count - room);
  let start = Math.max(0, Math.min(offset, last));
  if (selected >= 0 && room > 0) {
    start = Math.min(start, selected);
    start = Math.max(start, selected - room + 1);
  }
  return {start, end: Math.min(count, start + room)};
};

/** What a list remembers between frames so that its selected row stays on the same line of the screen. */
export interface Anchor {
  readonly key: string | null;
  readonly index: number;
  readonly offset: number;
}

export const TOP: Anchor = {key: null, index: 0, offset: 0};

/** Where rows came or went above the selected one, the list moves under the cursor, never the cursor. */
export const followRow = (
  anchor: Anchor,
  keys: readonly string[],
  selected: string | null,
  height: number,
): {readonly window: ListWindow; readonly anchor: Anchor} => {
  const index = selected === null ? -1 : keys.indexOf(selected);
  const moved = anchor.key === selected && index >= 0 ? index - anchor.index : 0;
  const window = windowRows(keys.length, index, height, anchor.offset + moved);
  return {window, anchor: {key: selected, index, offset: window.start}};
};
