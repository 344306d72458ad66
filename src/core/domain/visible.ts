// The one definition of what may be shown of a text from outside: what cannot be seen, or moves what can, is written out. Pure.

/** Marks on one base character that are drawn; the next ones are written out, or a name could cover the lines around it. */
const MARKS_DRAWN = 4;

/**
 * Controls (C0, DEL, C1), line and paragraph separators, halves of a pair, unassigned non-characters; Unicode's own list of what is
 * drawn as nothing (zero width, bidi, tags, fillers, soft hyphen, variation selectors) with the format characters that are not on it.
 */
const UNSEEN = '[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\u2800]';

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const IN_TEXT = new RegExp(UNSEEN, 'gu');
/** In a name also blanks that are not the blank, and what a name could imitate an escape with. */
const IN_NAME = new RegExp(`${UNSEEN}|(?! )\\p{Zs}|\\\\(?=u\\{)`, 'gu');
const MANY_MARKS = new RegExp(`(\\p{M}{${MARKS_DRAWN}})(\\p{M}+)`, 'gu');

/** Draws the sign before it as a picture, joins two pictures to one; anywhere else both are nothing. */
const PICTURE_SELECTOR = '\ufe0f';
const PICTURE_JOINER = '\u200d';
const PICTURE_BEFORE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?$/u;
const PICTURE_AFTER = /^\p{Extended_Pictographic}/u;
const LONGEST_PICTURE = 3;

const drawsPicture = (found: string, offset: number, whole: string): boolean =>
  (found === PICTURE_SELECTOR || found === PICTURE_JOINER) &&
  PICTURE_BEFORE.test(whole.slice(Math.max(0, offset - LONGEST_PICTURE), offset)) &&
  (found === PICTURE_SELECTOR
    ? whole.charAt(offset - 1) !== PICTURE_SELECTOR
    : PICTURE_AFTER.test(whole.slice(offset + 1, offset + LONGEST_PICTURE)));

const escaped = (text: string): string => {
  let all = '';
  for (const character of text) {
    all += `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  }
  return all;
};

type Write = (unseen: string) => string;

const writeMarks = (text: string, write: Write): string =>
  text.replace(MANY_MARKS, (_, drawn: string, more: string) => drawn + write(more));

/**
 * What a terminal gets of any text: nothing in it moves a cursor, breaks a line, reorders or hides. Twice is the same as once.
 * `write` says how else the unseen is written out, as in a document that has escapes of its own.
 */
export const visible = (text: string, write: Write = escaped): string =>
  PRINTABLE_ASCII.test(text)
    ? text
    : writeMarks(
        text.replace(IN_TEXT, (found: string, offset: number, whole: string) =>
          drawsPicture(found, offset, whole) ? found : write(found),
        ),
        write,
      );

/** A name as it stands in a reference. Two names never become one: `nameOf` gives back exactly what went in. */
export const visibleName = (name: string): string =>
  PRINTABLE_ASCII.test(name) && !name.includes('\\u{') ? name : writeMarks(name.replace(IN_NAME, escaped), escaped);

/** The name that `visibleName` wrote out. */
export const nameOf = (shown: string): string =>
  shown.replace(/\\u\{([0-9a-f]{1,6})\}/g, (whole, digits: string) => {
    const code = Number.parseInt(digits, 16);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
