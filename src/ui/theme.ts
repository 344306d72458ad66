// What meanings look like: SGR codes per role, borders, and when colour or UTF-8 must be done without. Pure.
import type {Tone} from '../words/badges.ts';

export type ThemeName = 'dark' | 'light' | 'high-contrast' | 'mono' | 'colour-blind';

export const THEME_NAMES: readonly ThemeName[] = ['dark', 'light', 'high-contrast', 'mono', 'colour-blind'];

/** Tones of verdicts, and the parts of the screen itself. */
export type Role =
  | Tone
  | 'dim'
  | 'strong'
  | 'border'
  | 'border-focus'
  | 'title'
  | 'title-focus'
  | 'cursor'
  | 'cursor-idle'
  | 'mark'
  | 'key'
  | 'mode-read-only'
  | 'mode-read-write'
  | 'alarm'
  | 'banner';

type Codes = Readonly<Record<Role, string>>;

export interface Glyphs {
  readonly horizontal: string;
  readonly vertical: string;
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly ellipsis: string;
}

export interface Theme {
  readonly name: ThemeName;
  /** SGR parameters by role; empty for none. */
  readonly codes: Codes;
  readonly glyphs: Glyphs;
  /** Nothing above 7 bits may be written: names are shown with `?`. */
  readonly ascii: boolean;
}

const MONO: Codes = {
  danger: '1;7',
  warning: '1',
  good: '',
  busy: '',
  quiet: '2',
  unknown: '7',
  plain: '',
  dim: '2',
  strong: '1',
  border: '2',
  'border-focus': '',
  title: '',
  'title-focus': '1',
  cursor: '7',
  'cursor-idle': '1',
  mark: '1',
  key: '1',
  'mode-read-only': '1',
  'mode-read-write': '1',
  alarm: '1;7',
  banner: '7',
};

const PLAIN: Codes = Object.fromEntries(Object.keys(MONO).map(role => [role, ''])) as Record<Role, string>;

// The 16 palette colours follow the user's own scheme; only the cursor's bar needs a shade that palettes lack.
const DARK: Codes = {
  ...MONO,
  danger: '1;31',
  warning: '33',
  good: '32',
  busy: '36',
  quiet: '90',
  unknown: '7',
  dim: '90',
  border: '90',
  'border-focus': '36',
  title: '',
  'title-focus': '1;36',
  cursor: '48;5;238;1',
  'cursor-idle': '48;5;236',
  mark: '1;35',
  key: '1;36',
  'mode-read-only': '1;32',
  'mode-read-write': '1;33',
  alarm: '1;41;97',
  banner: '30;43',
};

const LIGHT: Codes = {
  ...DARK,
  danger: '1;31',
  warning: '38;5;130',
  good: '38;5;28',
  busy: '34',
  quiet: '38;5;243',
  dim: '38;5;243',
  border: '38;5;247',
  'border-focus': '34',
  'title-focus': '1;34',
  cursor: '48;5;252;1',
  'cursor-idle': '48;5;254',
  key: '1;34',
  'mode-read-only': '1;38;5;28',
  'mode-read-write': '1;38;5;130',
};

const HIGH_CONTRAST: Codes = {
  ...DARK,
  danger: '1;97;41',
  warning: '1;93',
  good: '1;92',
  busy: '1;96',
  quiet: '97',
  unknown: '1;7',
  plain: '97',
  dim: '97',
  border: '97',
  'border-focus': '1;93',
  title: '1;97',
  'title-focus': '1;93',
  cursor: '1;30;103',
  'cursor-idle': '1;30;107',
  mark: '1;95',
  key: '1;93',
  'mode-read-only': '1;92',
  'mode-read-write': '1;30;103',
};

// Blue and orange differ for every common kind of colour blindness; red and green are not used against each other.
const COLOUR_BLIND: Codes = {
  ...DARK,
  danger: '1;38;5;208',
  warning: '38;5;221',
  good: '38;5;75',
  busy: '38;5;117',
  'border-focus': '38;5;75',
  'title-focus': '1;38;5;75',
  mark: '1;38;5;175',
  key: '1;38;5;75',
  'mode-read-only': '1;38;5;75',
  'mode-read-write': '1;38;5;208',
  alarm: '1;48;5;208;30',
  banner: '30;48;5;221',
};

const CODES: Readonly<Record<ThemeName, Codes>> = {
  dark: DARK,
  light: LIGHT,
  'high-contrast': HIGH_CONTRAST,
  mono: MONO,
  'colour-blind': COLOUR_BLIND,
};

const BOX: Glyphs = {horizontal: '─', vertical: '│', topLeft: '┌', topRight: '┐', bottomLeft: '└', bottomRight: '┘', ellipsis: '…'};
const ASCII: Glyphs = {horizontal: '-', vertical: '|', topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', ellipsis: '~'};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the locale writes UTF-8: the first of LC_ALL, LC_CTYPE and LANG that is set decides (locale(7)). */
export const isUtf8 = (env: Environment): boolean => {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(value => value !== undefined && value !== '');
  return locale !== undefined && /utf-?8/i.test(locale);
};

/** Terminals of 8 or 16 colours have no shade for the cursor's bar. */
const hasManyColours = (env: Environment): boolean =>
  /256|direct|truecolor|kitty|alacritty|ghostty|wezterm/.test(`${env.TERM ?? ''} ${env.COLORTERM ?? ''}`) || env.COLORTERM === '24bit';

/**
 * The theme for a terminal. NO_COLOR (no-color.org: set and not empty) leaves bold and reverse; TERM=dumb leaves
 * nothing; `colour: false` is `--color never`.
 */
export const resolveTheme = (name: ThemeName, env: Environment, colour: 'auto' | 'always' | 'never' = 'auto'): Theme => {
  const ascii = !isUtf8(env) || env.TERM === 'dumb';
  const glyphs = ascii ? ASCII : BOX;
  if (env.TERM === 'dumb') {
    return {name: 'mono', codes: PLAIN, glyphs, ascii};
  }
  const noColour = colour === 'never' || (colour === 'auto' && env.NO_COLOR !== undefined && env.NO_COLOR !== '');
  const chosen = noColour ? 'mono' : name;
  const codes = CODES[chosen];
  const simple = chosen === 'mono' || chosen === 'high-contrast' || hasManyColours(env);
  return {name: chosen, codes: simple ? codes : {...codes, cursor: '7', 'cursor-idle': '1'}, glyphs, ascii};
};
