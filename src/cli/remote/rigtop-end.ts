// What it means that rigtop on another machine ended, or never began: the same for every way to it. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import type {LinesEnd} from '../../core/os/line-program.ts';
import type {Trouble} from './way.ts';

const MOST_WORDS = 200;

/** The last line of what was said: programs tell the reason last; banners and warnings stand above it. */
export const lastWords = (stderr: string): string => {
  const lines = stderr.split('\n').map(oneLine);
  return (lines.findLast(line => line !== '') ?? '').slice(0, MOST_WORDS);
};

export interface Through {
  /** The program that leads there. */
  readonly by: string;
  /** The command that a person tries there, of the words after `rigtop`. */
  readonly there: (words: string) => string;
  /** What else is to be known of where it is looked for. */
  readonly path: string;
}

/** `begun`: it had sent a look before. */
export const describeRigtopEnd = ({exitCode, signal, trouble, stderr}: LinesEnd, begun: boolean, {by, there, path}: Through): Trouble => {
  const words = lastWords(stderr);
  if (trouble === 'too-long') {
    return {
      because: 'it sent a line that is too long to be a look',
      hint: `look at what "${there('snapshot')}" prints`,
      again: false,
    };
  }
  if (trouble === 'failed' || exitCode === null) {
    return {
      because: signal === null ? words || `${by} could not be started` : `${by} was ended by ${signal}`,
      hint: 'R tries again',
      again: true,
    };
  }
  if (exitCode === 126 || exitCode === 127) {
    return {
      because: `rigtop is not to be found there${words === '' ? '' : `: ${words}`}`,
      hint: `install it where "${there('--version')}" finds it${path}`,
      again: false,
    };
  }
  if (/unknown flag --?(follow|interval)|no command "snapshot"/.test(stderr)) {
    return {because: 'the rigtop there is too old to be watched', hint: 'update it there', again: false};
  }
  return {
    because: exitCode === 0 ? 'rigtop there ended' : `rigtop there ended with status ${exitCode}${words === '' ? '' : `: ${words}`}`,
    hint: `look at what "${there('snapshot')}" says`,
    again: begun,
  };
};
