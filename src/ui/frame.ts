// A box with its title in the upper border and a note in the lower one, as finished lines of text. Pure.

import type {Rect} from './boxes.ts';
import {fitLine, type Line, lineWidth, paint, plain} from './format.ts';
import type {Role, Theme} from './theme.ts';

export interface FrameText {
  readonly title: Line;
  /** At the right end of the upper border. */
  readonly note?: Line;
  /** At the right end of the lower border. */
  readonly foot?: Line;
  readonly focused: boolean;
  /** Drawn over something: blanks are drawn too. */
  readonly opaque?: boolean;
}

/** One line of a body, with the bar under it where the cursor is. */
export interface BodyLine {
  readonly line: Line;
  readonly base?: Role | null | undefined;
}

const rule = (theme: Theme, role: Role, corners: readonly [string, string], width: number, left: Line, right: Line): string => {
  const {horizontal} = theme.glyphs;
  const room = Math.max(0, width - 2);
  const end: Line = right.length === 0 ? [] : [plain(' ', role), ...right, plain(` ${horizontal}`, role)];
  const endShown = lineWidth(end) + 4 <= room ? end : [];
  const start: Line = left.length === 0 ? [] : [plain(`${horizontal} `, role), ...left, plain(' ', role)];
  const startRoom = room - lineWidth(endShown);
  const startShown = lineWidth(start) <= startRoom ? start : fitLine(start, startRoom, theme.glyphs.ellipsis);
  const filler = horizontal.repeat(Math.max(0, room - lineWidth(startShown) - lineWidth(endShown)));
  return paint(theme, [plain(corners[0], role), ...startShown, plain(filler, role), ...endShown, plain(corners[1], role)]);
};

/** A rectangle as finished text. Borders are apart from what they hold: plain text is measured many times faster than box drawing. */
export interface Drawn {
  readonly border: {readonly top: string; readonly side: string; readonly bottom: string} | null;
  /** Inside the border. */
  readonly lines: readonly string[];
}

const drawLines = (
  theme: Theme,
  {width, height}: Pick<Rect, 'width' | 'height'>,
  body: readonly BodyLine[],
  opaque: boolean,
): readonly string[] =>
  Array.from({length: Math.max(0, height)}, (_, row) => {
    const {line = [], base = null} = body[row] ?? {};
    const whole = opaque || base !== null || lineWidth(line) > width;
    return paint(theme, whole ? fitLine(line, width, theme.glyphs.ellipsis) : line, base);
  });

/** At most `height` lines of at most `width` cells, without a border. */
export const drawBody = (theme: Theme, rect: Pick<Rect, 'width' | 'height'>, body: readonly BodyLine[]): Drawn => ({
  border: null,
  lines: drawLines(theme, rect, body, false),
});

/** A box of exactly `rect`. Body lines beyond the room are dropped; an opaque box covers what is under it. */
export const drawFrame = (theme: Theme, rect: Pick<Rect, 'width' | 'height'>, text: FrameText, body: readonly BodyLine[]): Drawn => {
  const {glyphs} = theme;
  const role: Role = text.focused ? 'border-focus' : 'border';
  const {width, height} = rect;
  // The focus is said by a mark as well: a border's colour alone says nothing to many eyes and on many terminals.
  const title: Line = text.focused && text.opaque !== true ? [plain('▸', 'title-focus'), ...text.title] : text.title;
  if (width < 4 || height < 2) {
    return {border: null, lines: drawLines(theme, rect, [{line: title}], true)};
  }
  return {
    border: {
      top: rule(theme, role, [glyphs.topLeft, glyphs.topRight], width, title, text.note ?? []),
      side: paint(theme, [plain(glyphs.vertical, role)]),
      bottom: rule(theme, role, [glyphs.bottomLeft, glyphs.bottomRight], width, [], text.foot ?? []),
    },
    lines: drawLines(theme, {width: width - 2, height: height - 2}, body, text.opaque === true),
  };
};
