// Overlays in which something is chosen: the command palette and the sort menu. Pure.
import type {Overlay} from '../../store/state.ts';
import {SORTS_OF} from '../../store/visible-rows.ts';
import type {Rect} from '../boxes.ts';
import {SORT_WORDS} from '../columns.ts';
import {fit, type Line, plain, spread, widthOf} from '../format.ts';
import {type BodyLine, type Drawn, drawFrame} from '../frame.ts';

import {dialogRect, type Layout} from '../layout.ts';
import {windowRows} from '../list-window.ts';
import type {PaletteEntry} from '../palette.ts';
import {PANEL_NAMES} from '../panels/bars.ts';
import type {Theme} from '../theme.ts';

type PaletteOverlay = Extract<Overlay, {readonly kind: 'palette'}>;
type SortOverlay = Extract<Overlay, {readonly kind: 'sort'}>;

const PALETTE_WIDTH = 84;
const PALETTE_ROWS = 16;
/** What a thing is called comes before why it does nothing now. */
const LEAST_TITLE = 32;

const cursorOf = (chosen: boolean): BodyLine['base'] => (chosen ? 'cursor' : null);

export const drawPalette = (
  overlay: PaletteOverlay,
  entries: readonly PaletteEntry[],
  layout: Pick<Layout, 'columns' | 'rows'>,
  theme: Theme,
): {readonly rect: Rect; readonly drawn: Drawn} => {
  const rect = dialogRect(layout.columns, layout.rows, {width: PALETTE_WIDTH, height: PALETTE_ROWS + 3});
  const height = Math.max(0, rect.height - 3);
  const {start, end} = windowRows(entries.length, overlay.chosen, height, 0);
  const prompt: Line = [plain(' : ', 'key'), plain(overlay.text, 'strong'), plain('_', 'dim')];
  const rows = entries.slice(start, end).map((entry, row): BodyLine => {
    const chosen = start + row === overlay.chosen;
    const title = plain(`${chosen ? '>' : ' '} ${entry.title}`, entry.reason === null ? 'plain' : 'quiet');
    const aside = `  ${entry.reason ?? entry.note}`;
    const room = Math.max(0, rect.width - 3 - Math.min(widthOf(title.text), LEAST_TITLE));
    const beside = widthOf(aside) <= room ? aside : fit(aside, room, 'left', theme.glyphs.ellipsis);
    return {line: spread([title], [plain(beside, 'dim'), plain(' ')], rect.width - 2), base: cursorOf(chosen)};
  });
  const nothing: BodyLine = {line: [plain('  Nothing has that name.', 'dim')]};
  const body = [{line: prompt}, ...(rows.length === 0 ? [nothing] : rows)];
  return {
    rect,
    drawn: drawFrame(
      theme,
      rect,
      {title: [plain('Command', 'title-focus')], foot: [plain('Enter does it  Esc closes', 'dim')], focused: true, opaque: true},
      body,
    ),
  };
};

export const drawSortMenu = (
  overlay: SortOverlay,
  layout: Pick<Layout, 'columns' | 'rows'>,
  theme: Theme,
): {readonly rect: Rect; readonly drawn: Drawn} => {
  const fields = SORTS_OF[overlay.panel];
  const rect = dialogRect(layout.columns, layout.rows, {width: 34, height: fields.length + 2});
  const body = fields.map((field, position): BodyLine => {
    const chosen = position === overlay.chosen;
    return {line: [plain(`${chosen ? '>' : ' '} ${SORT_WORDS[field]}`)], base: cursorOf(chosen)};
  });
  return {
    rect,
    drawn: drawFrame(
      theme,
      rect,
      {
        title: [plain(`Order ${PANEL_NAMES[overlay.panel].replace(/^\d /, '')} by`, 'title-focus')],
        foot: [plain('Enter orders  Esc closes', 'dim')],
        focused: true,
        opaque: true,
      },
      body,
    ),
  };
};
