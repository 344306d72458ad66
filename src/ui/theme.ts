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

// No faint text (SGR 2): terminals halve it to their own taste, and half of what can just be read cannot.
const MONO: Codes = {
  danger: '1;7',
  warning: '1',
  good: '',
  busy: '',
  quiet: '',
  unknown: '7',
  plain: '',
  dim: '',
  strong: '1',
  border: '',
  'border-focus': '1',
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

// Colours of the cube and the greys (16 to 255), which schemes leave alone: the sixteen below are somebody else's on every terminal,
// and `90` is the background itself on Solarized. Bars bring their own text. Each has been chosen by its contrast; test/ui/contrast.test.ts
// computes it on published backgrounds.
const DARK: Codes = {
  ...MONO,
  danger: '1;38;5;210',
  warning: '38;5;221',
  good: '38;5;114',
  busy: '38;5;116',
  quiet: '38;5;248',
  dim: '38;5;248',
  border: '38;5;244',
  'border-focus': '38;5;117',
  'title-focus': '1;38;5;117',
  cursor: '1;38;5;255;48;5;237',
  'cursor-idle': '38;5;255;48;5;235',
  mark: '1;38;5;219',
  key: '1;38;5;117',
  'mode-read-only': '1;38;5;114',
  'mode-read-write': '1;38;5;221',
  alarm: '1;38;5;231;48;5;124',
  banner: '38;5;16;48;5;221',
};

const LIGHT: Codes = {
  ...DARK,
  danger: '1;38;5;124',
  warning: '38;5;58',
  good: '38;5;22',
  busy: '38;5;24',
  quiet: '38;5;240',
  dim: '38;5;240',
  border: '38;5;244',
  'border-focus': '38;5;25',
  'title-focus': '1;38;5;25',
  cursor: '1;38;5;232;48;5;253',
  'cursor-idle': '38;5;232;48;5;255',
  mark: '1;38;5;90',
  key: '1;38;5;25',
  'mode-read-only': '1;38;5;22',
  'mode-read-write': '1;38;5;58',
};

const HIGH_CONTRAST: Codes = {
  ...DARK,
  danger: '1;38;5;231;48;5;88',
  warning: '1;38;5;228',
  good: '1;38;5;157',
  busy: '1;38;5;159',
  quiet: '38;5;231',
  unknown: '1;38;5;16;48;5;231',
  plain: '38;5;231',
  dim: '38;5;231',
  strong: '1;38;5;231',
  border: '38;5;231',
  'border-focus': '1;38;5;228',
  title: '1;38;5;231',
  'title-focus': '1;38;5;228',
  cursor: '1;38;5;16;48;5;228',
  'cursor-idle': '1;38;5;16;48;5;231',
  mark: '1;38;5;225',
  key: '1;38;5;228',
  'mode-read-only': '1;38;5;157',
  'mode-read-write': '1;38;5;16;48;5;228',
  alarm: '1;38;5;231;48;5;88',
  banner: '1;38;5;16;48;5;228',
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
  mark: '1;38;5;218',
  key: '1;38;5;75',
  'mode-read-only': '1;38;5;75',
  'mode-read-write': '1;38;5;208',
  alarm: '1;38;5;16;48;5;208',
  banner: '38;5;16;48;5;221',
};

/** For terminals of 8 or 16 colours: the bright ones, which stand out from black, and no shade for anything that is only quieter. */
const FEW: Codes = {
  ...MONO,
  danger: '1;91',
  warning: '93',
  good: '92',
  busy: '96',
  'border-focus': '96',
  'title-focus': '1;96',
  mark: '1;95',
  key: '1;96',
  'mode-read-only': '1;92',
  'mode-read-write': '1;93',
};

/** On white no bright colour can be read: bold, reverse and red. */
const FEW_ON_LIGHT: Codes = {...MONO, danger: '1;31', 'border-focus': '34', 'title-focus': '1;34', key: '1;34'};

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

/** Whether there are more than 8 or 16 colours. */
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
  if (chosen === 'mono' || hasManyColours(env)) {
    return {name: chosen, codes: CODES[chosen], glyphs, ascii};
  }
  return {name: chosen, codes: chosen === 'light' ? FEW_ON_LIGHT : FEW, glyphs, ascii};
};
