// Where the verb of a command line may stand: `codex -c model=x exec task`. Pure.

/** Longer command lines hold prompts and lists; what a program is for stands at the beginning. */
export const MOST_WORDS = 16;

const isOption = (word: string | undefined): boolean => word !== undefined && /^-./.test(word);

/**
 * Whether the words before `at` are nothing but options and what may be their values, so that the word there may be the program’s own verb.
 * No table says which options take a value: any word right behind one may be it.
 */
export const followsOptions = (words: readonly string[], at: number): boolean =>
  words.slice(0, at).every((word, index) => isOption(word) || isOption(words[index - 1]));

/**
 * The same where the word cannot be a value itself: it is the first one, or stands behind a value. `--agent doctor` names an agent, and
 * `--agent x doctor` asks the doctor.
 */
export const isSurelyVerb = (words: readonly string[], at: number): boolean =>
  at === 0 || (followsOptions(words, at) && !isOption(words[at - 1]));
