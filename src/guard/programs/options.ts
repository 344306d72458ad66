// Command-line options as getopt_long(3) reads them. Pure.

export interface Options {
  has(...names: readonly string[]): boolean;
  /** Values of an option under any of its names, in order. */
  all(...names: readonly string[]): readonly string[];
  readonly rest: readonly string[];
}

export interface OptionRules {
  /** Short options with a value, as one text: `sn`. */
  readonly short: string;
  /** Long options with a value, without dashes. */
  readonly long?: readonly string[];
  /** Stop at the first word that is no option: for programs that run another. */
  readonly stops?: true;
}

interface Found {
  readonly name: string;
  readonly value: string;
}

const longOption = (word: string, next: string | undefined, long: readonly string[]): {readonly found: Found; readonly used: number} => {
  const [name = '', ...value] = word.slice(2).split('=');
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

export const parseOptions = (words: readonly string[], {short, long = [], stops}: OptionRules): Options => {
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
      const option = longOption(word, words[at + 1], long);
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
    rest,
  };
};
