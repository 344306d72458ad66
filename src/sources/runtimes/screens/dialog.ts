// Whether the end of a screen asks something: a question that stands there, or a menu that waits for a choice. Pure.

/** A question of claude, codex, gemini, opencode, cursor, aider and of programs that ask y/n: by its words alone. */
const QUESTIONS: readonly RegExp[] = [
  /\b(?:do|would) you (?:want|like|trust) .*\?/i,
  /\b(?:shall|should) (?:I|we) .*\?/,
  /\b(?:one you trust|trust (?:this|the files in this) (?:folder|directory))\b.*\?/i,
  /\ballow (?:command|execution|this|once)\b.*\?/i,
  /\b(?:waiting for|awaiting) (?:user |your )?(?:confirmation|approval|permission|input)\b/i,
  /\bpermission required\b/i,
  /\b(?:approve|proceed|continue|overwrite|are you sure|exit plan mode)\b[^.]*\?\s*$/i,
  /\b(?:run|execute|apply) (?:this|these|the following) (?:command|change|edit)s?\?/i,
  /[([](?:y\/n|yes\/no|\(y\)es, \(n\)o)[)\]]|\(y\)es\/\(n\)o/i,
  /^enter your\b.*\b(?:key|token|password)\b.*:/i,
];

/** Whether a line asks a person something, wherever it stands. */
export const isQuestion = (line: string): boolean => QUESTIONS.some(pattern => pattern.test(line));

/** A heading of a list to choose from, where no question stands over it. */
const HEADING = /^(?:[^\p{L}]*\b)?(?:select|choose|pick|sign in|log in|welcome)\b/iu;

/** What only dialogs have at their foot: how to choose. `Esc to cancel` alone says nothing, for it stands beside work as well. */
const FOOTER =
  /\b(?:enter|return) to (?:confirm|select|continue|submit|proceed|open|allow)\b|\b(?:confirm|select):? enter\b|\benter (?:confirm|select|continue)\b|\ballow once\b.*\breject\b/i;

/** Whether a line is the foot of a dialog: how to choose. */
export const isFooter = (line: string): boolean => FOOTER.test(line);

/** A program that nobody has logged in to says so beside its prompt. */
export const asksToLogIn = (line: string): boolean => /\bnot logged in\b|\b(?:please )?(?:use|run) \/login\b/i.test(line);

/** The choice that is pointed at: `❯ 1. Yes`, `● 1. Allow once`. */
const POINTED = /^[❯›●>→▶]\s*\d+[.)]\s+\S/;
const NUMBERED = /^\d+[.)]\s+\S/;
/** A choice without a number, in a menu that has a heading. */
const POINTED_WORD = /^[❯›●▶]\s+\S/;
/** A choice that names its keys: `→ Run (once) (y) (enter)`. An arrow alone stands before what tools did as well. */
const KEYED = /^[❯›●>→▶]\s+\S.*\((?:y|enter|return)\)$/i;

/** Frames around a line: `│ Do you want to proceed? │`. */
export const bareLine = (line: string): string =>
  line
    .replace(/[│┃|╭╮╰╯┌┐└┘─━═╌╹▀▄]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** A question this many lines from the end still stands, whatever is below it: a prompt and its footer. */
const NEAR = 5;
/** The same with a choice right below it that is pointed at and names its keys. */
const FAR = 9;
/** The last choice or the footer of a dialog is not farther from the end than this. */
const FOOT = 6;
/** Choices with their explanations are not farther below their question than this. */
const REACH = 14;

export interface Asked {
  readonly text: string;
  /** Index, in the lines that were given, of the last line of the dialog. */
  readonly at: number;
}

/** Questions that name no matter: what may be done stands beside them. */
const VAGUE =
  /^\W*(?:do you want to proceed|would you like to run the following command|permission required|apply this change|allow execution of:? (?:\[\w+\]|'[^']*'))\W*$/i;

/** Above its question, by its tool: `? Shell touch made.txt`. */
const NAMED_BY_TOOL = /^\?\s+\p{Lu}\p{L}+\s+(.+?)[\s←]*$/u;
/** Above its question, on the line below: `Bash command`, `touch made.txt`. */
const TOOL_HEADING = /^(?:\w+ command|Web search|Fetch|Read file|Tool use)$/;
/** A command as a shell shows it: `$ touch made.txt`. */
const AS_TYPED = /^\$\s+(\S.*)$/;

/** The end of a screen, line by line: bare of frames and not blank, oldest first. */
export interface BareLine {
  readonly text: string;
  /** A broken rule stands right above it: Claude puts what it asks about between two of them. */
  readonly isRuledOff: boolean;
}

/** `╌╌╌╌`. */
export const isBrokenRule = (line: string | undefined): boolean => line !== undefined && /^\s*[╌┄]{8,}\s*$/.test(line);

/** What a question is about that does not say so itself; null where it does, or where that is not found. */
const matterOf = (lines: readonly string[], at: number, ruledOff: readonly number[]): string | null => {
  if (!VAGUE.test(lines.at(at) ?? '')) {
    return null;
  }
  const opened = ruledOff.includes(at) ? ruledOff.findLast(each => each < at) : undefined;
  if (opened !== undefined) {
    return lines.slice(opened, at).join(' ');
  }
  const above = lines.slice(Math.max(0, at - REACH), at);
  const typed = lines.slice(at + 1).flatMap(line => AS_TYPED.exec(line)?.[1] ?? [])[0];
  const named = above.flatMap(line => NAMED_BY_TOOL.exec(line)?.[1] ?? []).at(-1);
  const heading = above.findLastIndex(line => TOOL_HEADING.test(line));
  return typed ?? named ?? (heading === -1 ? null : (above.at(heading + 1) ?? null));
};

/** The question at an index, what it is about in front of it. */
const questionAt = (lines: readonly string[], at: number, ruledOff: readonly number[]): string => {
  const matter = matterOf(lines, at, ruledOff);
  return `${matter === null ? '' : `${matter}: `}${lines.at(at) ?? ''}`;
};

const lastIndex = (lines: readonly string[], test: (line: string, index: number) => boolean): number =>
  lines.findLastIndex((line, index) => test(line, index));

/** Where a menu ends that waits for a choice near the end of the screen: its footer, or its last choice. Null where none does. */
const menuAt = (lines: readonly string[]): {readonly first: number; readonly last: number} | null => {
  const pointed = lastIndex(lines, line => POINTED.test(line));
  const footer = lastIndex(lines, line => FOOTER.test(line));
  const numbered = lastIndex(lines, (line, index) => NUMBERED.test(line) || index === pointed);
  const worded = lastIndex(lines, line => POINTED_WORD.test(line));
  const unpointed = worded >= 0 && worded < footer ? worded : footer;
  const first = pointed >= 0 ? pointed : unpointed;
  const alone = pointed >= 0 && numbered === pointed && footer < pointed;
  const last = Math.max(footer, numbered, pointed);
  return first < 0 || alone || last < lines.length - FOOT ? null : {first, last};
};

/** Where the line is that says what a menu is about: the nearest question above it, else its heading, else what is pointed at. */
const subjectAt = (lines: readonly string[], first: number): number => {
  const from = Math.max(0, first - REACH);
  const above = lines.slice(from, first);
  const at = [above.findLastIndex(line => line.includes('?')), above.findLastIndex(line => HEADING.test(line))].find(each => each >= 0);
  return at === undefined ? Math.max(0, first - 1) : from + at;
};

/** A heading with a pointed word below it, and neither numbers nor a footer: `Connect a Provider`, `› Alibaba ModelStudio`. */
const headedMenu = (lines: readonly string[]): Asked | null => {
  const heading = lines.findLast(
    (line, index) =>
      /^(?:select|choose|pick|connect an?)\b.{3,60}$/i.test(line) &&
      lines.slice(index + 1, index + 3).some(below => POINTED_WORD.test(below)),
  );
  return heading === undefined ? null : {text: heading, at: lines.length - 1};
};

/**
 * What the end of a screen asks, or null. A question counts near the end or with choices under it; a menu counts by its pointed choice
 * or its footer, whatever its question is called.
 */
export const readDialog = (end: readonly BareLine[]): Asked | null => {
  const lines = end.map(({text}) => text);
  const ruledOff = end.flatMap(({isRuledOff}, at) => (isRuledOff ? [at] : []));
  const menu = menuAt(lines);
  const question = lastIndex(lines, isQuestion);
  if (menu !== null) {
    const isAbove = question >= 0 && question <= menu.last && question >= menu.first - REACH;
    return {text: questionAt(lines, isAbove ? question : subjectAt(lines, menu.first), ruledOff), at: menu.last};
  }
  const hasChoices = lines.slice(question + 1, question + 4).some(line => KEYED.test(line));
  const stands = question >= 0 && question >= lines.length - (hasChoices ? FAR : NEAR);
  return stands ? {text: questionAt(lines, question, ruledOff), at: question} : headedMenu(lines);
};
