// What is wrong with a configuration file, and its one line. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import {MOST_PROBLEMS} from './limits.ts';

export interface ConfigProblem {
  readonly file: string;
  /** From 1; null where the file as a whole is meant. */
  readonly line: number | null;
  /** `rigs[0].services[1].base_port`; null for syntax errors and unreadable files. */
  readonly key: string | null;
  readonly message: string;
}

/** `/home/u/.config/rigtop/config.toml:12: rigs[0].slots: expected a whole number, got "x"`. */
export const formatProblem = ({file, line, key, message}: ConfigProblem): string =>
  oneLine(`${file}${line === null ? '' : `:${line}`}: ${key === null ? '' : `${key}: `}${message}`);

/** Lines for the first so many; where there are more, the last line counts them. */
export const limitProblems = (problems: readonly ConfigProblem[], total = problems.length): readonly ConfigProblem[] => {
  const shown = problems.slice(0, total > MOST_PROBLEMS ? MOST_PROBLEMS - 1 : MOST_PROBLEMS);
  const last = shown.at(-1);
  return total <= MOST_PROBLEMS || last === undefined
    ? shown
    : [...shown, {file: last.file, line: null, key: null, message: `and ${total - shown.length} more problems`}];
};
