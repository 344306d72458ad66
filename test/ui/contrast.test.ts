// Whether the themes can be read: contrast by WCAG 2 (relative luminance), from the themes' own values on published backgrounds.
import {describe, expect, test} from 'vitest';
import {type Role, resolveTheme, type ThemeName} from '../../src/ui/theme.ts';

/** Backgrounds and text as their authors publish them. */
const DARK: Readonly<Record<string, readonly [ground: string, text: string]>> = {
  xterm: ['#000000', '#e5e5e5'],
  Campbell: ['#0c0c0c', '#cccccc'],
  'Gruvbox dark': ['#282828', '#ebdbb2'],
  'macOS Terminal Pro': ['#000000', '#f2f2f2'],
  Dracula: ['#282a36', '#f8f8f2'],
  'VS Code': ['#1e1e1e', '#cccccc'],
  Tango: ['#2e3436', '#d3d7cf'],
  GNOME: ['#1e1e1e', '#ffffff'],
  Nord: ['#2e3440', '#d8dee9'],
  'Solarized dark': ['#002b36', '#839496'],
};
const LIGHT: Readonly<Record<string, readonly [ground: string, text: string]>> = {
  xterm: ['#ffffff', '#000000'],
  'Gruvbox light': ['#fbf1c7', '#3c3836'],
  'VS Code light': ['#ffffff', '#333333'],
  Tango: ['#eeeeec', '#2e3436'],
  GNOME: ['#ffffff', '#1e1e1e'],
  'Solarized light': ['#fdf6e3', '#657b83'],
};

type Rgb = readonly [number, number, number];

const ofHex = (hex: string): Rgb => [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** The cube and the greys of 256 colours (xterm's 256colres). */
const ofNumber = (number: number): Rgb => {
  if (number >= 232) {
    const grey = 8 + 10 * (number - 232);
    return [grey, grey, grey];
  }
  const level = (each: number): number => (each === 0 ? 0 : 55 + 40 * each);
  const place = number - 16;
  return [level(Math.floor(place / 36)), level(Math.floor(place / 6) % 6), level(place % 6)];
};

const luminance = (rgb: Rgb): number => {
  const [red = 0, green = 0, blue = 0] = rgb.map(each => {
    const part = each / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: Rgb, other: Rgb): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

interface Colours {
  readonly text: Rgb;
  readonly ground: Rgb;
}

/** What a terminal makes of SGR parameters. A colour of the sixteen has no value of its own and fails the test. */
const apply = (codes: string, before: Colours): Colours => {
  const parts = codes === '' ? [] : codes.split(';').map(Number);
  let {text, ground} = before;
  for (let at = 0; at < parts.length; at += 1) {
    const code = parts[at];
    if (code === 38 || code === 48) {
      expect([parts[at + 1], (parts[at + 2] ?? 0) >= 16], codes).toEqual([5, true]);
      const colour = ofNumber(parts[at + 2] ?? 0);
      [text, ground] = code === 38 ? [colour, ground] : [text, colour];
      at += 2;
    } else if (code === 7) {
      [text, ground] = [ground, text];
    } else {
      expect(code, codes).toBe(1);
    }
  }
  return {text, ground};
};

const BORDERS: readonly Role[] = ['border', 'border-focus'];
const BARS: readonly Role[] = ['cursor', 'cursor-idle'];

/** Every role of a theme with less contrast than it needs on a ground, and on the bars over that ground. */
const unreadable = (name: ThemeName, palettes: typeof DARK, least: number): readonly string[] => {
  const {codes} = resolveTheme(name, {LANG: 'C.UTF-8', TERM: 'xterm-256color'});
  return Object.entries(palettes).flatMap(([palette, [ground, text]]) => {
    const plain: Colours = {ground: ofHex(ground), text: ofHex(text)};
    return (Object.entries(codes) as [Role, string][]).flatMap(([role, own]) => {
      // Text in the terminal's own colours is as readable as its owner wants it.
      const alone = own === '' || own === '1' || own === '7' ? [] : [apply(own, plain)];
      // On a bright bar text keeps the bar's own colour (format.ts, paint).
      const covers = (bar: Role): boolean => codes[bar] === '7' || codes[bar].startsWith('1;38;5;16;');
      const onBars =
        BORDERS.includes(role) || BARS.includes(role) ? [] : BARS.map(bar => apply(covers(bar) ? '' : own, apply(codes[bar], plain)));
      const need = BORDERS.includes(role) ? 3 : least;
      return [...alone, ...onBars].flatMap(colours => {
        const found = contrast(colours.text, colours.ground);
        return found >= need ? [] : [`${palette}: ${role} ${found.toFixed(2)}`];
      });
    });
  });
};

describe('contrast', () => {
  test('of black on white is 21, of what Solarized makes of "bright black" on its ground 1', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast(ofHex('#002b36'), ofHex('#002b36'))).toBe(1);
    expect(ofNumber(210)).toEqual([255, 135, 135]);
  });

  test.each([
    ['dark', DARK, 4.5],
    ['colour-blind', DARK, 4.5],
    ['high-contrast', DARK, 7],
    ['light', LIGHT, 4.5],
  ] as const)('%s can be read on every ground, on the cursor’s bar too', (name, palettes, least) => {
    expect(unreadable(name, palettes, least)).toEqual([]);
  });
});
