// Command-line options as getopt_long(3) reads them. Pure.

export interface Options {
  has(...names: readonly string[]): boolean;
  /** Values of an option under any of its names, in order. */
  all(...names: readonly string[]): readonly string[];
  /** Whether nothing but these is given. */
  only(...names: readonly string[]): boolean;
  readonly rest: readonly string[];
}

export interface OptionRules {
  /** Short options with a value, as one text: `sn`. */
  readonly short: string;
  /** Long options with a value, without dashes. */
  readonly long?: readonly string[];
  /** Long options without a value; where they are given, each beginning that only one option has stands for it. */
  readonly flags?: readonly string[];
  /** Stop at the first word that is no option: for programs that run another. */
  readonly stops?: true;
}

interface Found {
  readonly name: string;
  readonly value: string;
}

/** The name of which this is the only beginning. */
const wholeName = (begun: string, names: readonly string[]): string => {
  const [name, ...more] = names.includes(begun) ? [begun] : names.filter(each => each.startsWith(begun));
  return name === undefined || more.length > 0 ? begun : name;
};

const longOption = (
  word: string,
  next: string | undefined,
  {long = [], flags}: OptionRules,
): {readonly found: Found; readonly used: number} => {
  const [begun = '', ...value] = word.slice(2).split('=');
  const name = flags === undefined ? begun : wholeName(begun, [...long, ...flags]);
  if (value.length > 0) {
    return {found: {name, value: value.join('=')}, used: 1};
  }
  return long.includes(name) ? {found: {name, value: next ?? ''}, used: 2} : {found: {name, value: ''}, used: 1};
};

const cluster = (word: string, next: string | undefined, short: string): {readonly found: readonly Found[]; readonly used: number} => {
  const found: Found[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const name = word.charAt(at);
    if (short.includes(name)) {
      const attached = word.slice(at + 1);
      found.push({name, value: attached === '' ? (next ?? '') : attached});
      return {found, used: attached === '' ? 2 : 1};
    }
    found.push({name, value: ''});
  }
  return {found, used: 1};
};

export const parseOptions = (words: readonly string[], rules: OptionRules): Options => {
  const {short, stops} = rules;
  const found: Found[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? '';
    if (word === '--') {
      rest.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      if (stops === true) {
        rest.push(...words.slice(at));
        break;
      }
      rest.push(word);
      at += 1;
    } else if (word.startsWith('--')) {
      const option = longOption(word, words[at + 1], rules);
      found.push(option.found);
      at += option.used;
    } else {
      const options = cluster(word, words[at + 1], short);
      found.push(...options.found);
      at += options.used;
    }
  }
  return {
    has: (...names) => found.some(({name}) => names.includes(name)),
    all: (...names) => found.filter(({name}) => names.includes(name)).map(({value}) => value),
    only: (...names) => found.every(({name}) => names.includes(name)),
    rest,
  };
};
