// Colour of one-shot reports: repeats what the words say, and only where it is wanted. And the one way of any text to a terminal. Pure.
import {visible} from '../core/domain/visible.ts';
import type {Tone} from '../words/badges.ts';

export type Paint = (tone: Tone | 'strong', text: string) => string;

const CODES: Readonly<Record<Tone | 'strong', string>> = {
  danger: '31',
  warning: '33',
  good: '32',
  busy: '36',
  quiet: '2',
  unknown: '35',
  plain: '',
  strong: '1',
};

/** What of a program's surroundings decides how its text looks. */
interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTerminal: boolean;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** `always` wins over everything; NO_COLOR (no-color.org: present and not empty) and TERM=dumb win over a terminal. */
export const allowsColor = (choice: ColorChoice, {env, stdoutIsTerminal}: Surroundings): boolean =>
  choice === 'always' || (choice === 'auto' && stdoutIsTerminal && !env.NO_COLOR && env.TERM !== 'dumb');

export const createPaint =
  (colored: boolean): Paint =>
  (tone, text) =>
    colored && CODES[tone] !== '' && text !== '' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text;

const OWN_COLOURS = new RegExp(
  `(\u001b\\[(?:0|${Object.values(CODES)
    .filter(code => code !== '')
    .join('|')})m)`,
);

/** Text as it goes out: lines, our own colours, and nothing else that a terminal acts on, whoever forgot to see to that. */
export const terminalText = (text: string): string =>
  text
    .split('\n')
    .map(line =>
      line
        .split(OWN_COLOURS)
        .map((part, index) => (index % 2 === 1 ? part : visible(part)))
        .join(''),
    )
    .join('\n');

/** Whether the locale's characters reach beyond ASCII (setlocale(3): LC_ALL, then LC_CTYPE, then LANG). */
export const allowsUnicode = (env: Surroundings['env']): boolean => /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
