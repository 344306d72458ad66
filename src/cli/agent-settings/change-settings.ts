// A change of a user's settings file: shown exactly, made after a yes, and not at all where the file has changed meanwhile.

import type {Edited} from '../../config/edit/edit-json.ts';
import {oneLine} from '../../core/domain/command-line.ts';
import {readSettings, removeSettings, replaceSettings} from '../../core/os/settings-file.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonText} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {type Failure, incomplete, refused} from '../failure.ts';
import {allowsColor, createPaint} from '../paint.ts';

export interface SettingsChange {
  /** Absolute. */
  readonly file: string;
  /** What is to become of its text; of a missing file the text is empty. */
  readonly edit: (text: string) => Edited;
  /** Left with exactly this the file goes: nothing of anybody else is in it. Null: it always stays. */
  readonly goesWith: string | null;
  /** Directories above it that are empty without it go, too, up to this one. Absolute. */
  readonly home: string;
  /** Said once it is done. */
  readonly done: string;
  /** Said where there is nothing to change. */
  readonly already: string;
}

interface Lines {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Number of the first changed line, from 1. */
  readonly at: number;
}

/** The lines in which two texts differ. Only these are shown: what else stands in a settings file is nobody's business. */
export const changedLines = (before: string, after: string): Lines => {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) {
    start += 1;
  }
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) {
    end += 1;
  }
  return {removed: old.slice(start, old.length - end), added: now.slice(start, now.length - end), at: start + 1};
};

const show = ({io, flags}: Invocation, file: string, {removed, added, at}: Lines): void => {
  const paint = createPaint(allowsColor(flags.color, io));
  const indented = (line: string): string => `${/^[ \t]*/.exec(line)?.[0].replaceAll('\t', '  ') ?? ''}${oneLine(line)}`;
  io.out(
    [
      paint('strong', `${oneLine(file)}, from line ${at}`),
      ...removed.map(line => paint('danger', `- ${indented(line)}`)),
      ...added.map(line => paint('good', `+ ${indented(line)}`)),
      '',
    ].join('\n'),
  );
};

/** Null: nobody can be asked. */
const isWanted = async ({io, flags, options}: Invocation): Promise<boolean | null> => {
  if (options.isSet('yes')) {
    return true;
  }
  const canAsk = io.stdinIsTerminal && io.stdoutIsTerminal && !flags.json;
  return canAsk ? (await io.ask('Make exactly this change? y does, anything else leaves it: '))?.trim() === 'y' : null;
};

const unusable = (file: string, because: string): Failure =>
  refused('settings-file', `${file} ${because}`, 'nothing was changed; correct it, or make the change by hand');

/**
 * What taking an entry back leaves of a file that was made for it: the text that tells such a file from one of a person's, because nothing
 * else is in it. Null where that cannot be told.
 */
export const leftOf = ({set, remove}: Record<'set' | 'remove', SettingsChange['edit']>): string | null => {
  const made = set('');
  const left = made.ok ? remove(made.text) : made;
  return left.ok ? left.text : null;
};

/** Shows what would change in the file, asks, and makes it so. */
export const changeSettings = async (
  invocation: Invocation,
  {file, edit, goesWith, home, done, already}: SettingsChange,
): Promise<CommandAnswer> => {
  const {io, flags} = invocation;
  const read = await readSettings(file);
  if (read.state === 'unusable') {
    return unusable(file, read.because);
  }
  const before = read.state === 'ok' ? read.text : '';
  const edited = edit(before);
  if (!edited.ok) {
    return unusable(file, `cannot be changed: ${edited.because}`);
  }
  // A link is a person's own: what it leads to stays.
  const goes = read.state === 'ok' && !read.isLinked && edited.text !== before && edited.text === goesWith;
  const lines = changedLines(before, goes ? '' : edited.text);
  const tell = (changed: boolean): void => {
    if (flags.json) {
      io.out(jsonText({schema: 'rigtop/settings-change@1', file, ...lines, changed}));
    }
  };
  if (edited.text === before) {
    tell(false);
    if (!flags.json) {
      io.out(`${already}\n`);
    }
    return EXIT.done;
  }
  if (!flags.json) {
    show(invocation, file, lines);
  }
  const answer = await isWanted(invocation);
  if (answer !== true) {
    tell(false);
    if (answer === null && !flags.json) {
      io.out('Nothing was changed. With --yes it is.\n');
    }
    return answer === null ? EXIT.done : refused('cancelled', 'nothing was changed', 'the answer was not a yes');
  }
  if (flags.readOnly) {
    return refused('read-only', 'this is read-only: nothing is changed', 'leave out --read-only');
  }
  const written = goes
    ? await removeSettings(file, before, home)
    : await replaceSettings(file, read.state === 'ok' ? before : null, edited.text);
  if (!written.ok) {
    return incomplete(`${file} was not changed: ${written.because}`, 'run it again');
  }
  tell(true);
  if (!flags.json) {
    io.out(`${done}\n`);
  }
  return EXIT.done;
};
