// The order of words as people read them: letters before their capitals, numbers by their value. Node's collator takes 6 ms to make, and the
// tables that it reads stay in memory (3 MiB): most text needs neither. Pure.

/** What `Intl.Collator` does with any other character is not done again here, nor how it cuts numbers that nobody reads. */
const PLAIN = /^(?!.*\d{200})[ -~]*$/;
/** The root collation of Unicode (CLDR) has all other printable characters of ASCII in this order, before numbers and letters. */
const MARKS = ' _-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$';
/** Before each letter, and behind each mark: those are written as the characters from 1 on. */
const NUMBER = '@';
const END = '\u0000';

const PARTS = /\d+|[^\d]/g;

/**
 * Two texts stand as these do by their characters: marks, numbers by length and digits, letters whatever their case; behind the end of all,
 * which of them are capitals. Null for a text that is not plain.
 */
const keyOf = (text: string): string | null => {
  if (!PLAIN.test(text)) {
    return null;
  }
  let [places, cases] = ['', ''];
  for (const part of text.match(PARTS) ?? []) {
    const small = part.toLowerCase();
    const mark = MARKS.indexOf(part);
    if (mark >= 0) {
      places += String.fromCharCode(1 + mark);
    } else if (part >= '0' && part <= ':') {
      const digits = part.replace(/^0+/, '');
      places += NUMBER + String.fromCharCode(1 + digits.length) + digits;
    } else {
      places += small;
    }
    cases += small === part ? '1' : '2';
  }
  return places + END + cases;
};

/** More are more than the collator's tables. */
const MOST_KEYS = 16_384;

/** Rows are put in order again and again: to compare keys that are known takes no longer than the collator takes, to make them twenty times as long. */
export const createOrder = (most = MOST_KEYS): ((one: string, other: string) => number) => {
  const keys = new Map<string, string | null>();
  let isFull = false;
  let collator: Intl.Collator | null = null;
  const knownKey = (text: string): string | null => {
    let key = keys.get(text);
    if (key === undefined) {
      key = keyOf(text);
      keys.set(text, key);
    }
    return key;
  };
  return (one, other) => {
    if (one === other) {
      return 0;
    }
    if (!isFull) {
      const [left, right] = [knownKey(one), knownKey(other)];
      isFull = keys.size >= most;
      if (isFull) {
        keys.clear();
      }
      if (left !== null && right !== null) {
        return Number(left > right) - Number(left < right);
      }
    }
    collator ??= new Intl.Collator('en', {numeric: true});
    return collator.compare(one, other);
  };
};

/** As `new Intl.Collator('en', {numeric: true})` compares. */
export const compareWords = createOrder();
