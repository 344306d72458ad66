// What an agent's screen says it is doing: waiting for an answer, busy, idle, stuck. A hint for the eye, never a reason to stop anything. Pure.
import type {Badge} from './rows.ts';

export type ActivityWord = 'WAITING' | 'BUSY' | 'IDLE' | 'STUCK';

export interface Activity {
  readonly word: ActivityWord;
  /** The question, or since when, in words. */
  readonly text: string;
}

/** The end of a pane's screen, and how long it has looked like this. */
export interface SeenScreen {
  /** Last lines that are not blank, oldest first, without colours. */
  readonly tail: readonly string[];
  /** Milliseconds, as far as it was watched. */
  readonly unchangedMs: number;
}

/** A question that stands unanswered. Of claude, codex, gemini, opencode and of programs that ask y/n. */
const QUESTIONS: readonly RegExp[] = [
  /\b(?:do|would) you (?:want|like) (?:to|me to) .*\?/i,
  /\ballow (?:command|execution|this|once)\b.*\?/i,
  /\bwaiting for (?:user |your )?(?:confirmation|approval|permission|input)\b/i,
  /\b(?:approve|proceed|continue|overwrite|are you sure)\b[^.]*\?\s*$/i,
  /[([](?:y\/n|yes\/no)[)\]]/i,
];

/** What runtimes print only while they work: how to interrupt them. */
const WORKING = /\b(?:esc|ctrl[+-]c) (?:to )?(?:interrupt|cancel|stop)\b/i;

const QUESTION_LINES = 12;
const WORKING_LINES = 6;
/** A working agent counts seconds on its screen: one that stands still this long does not work. */
const STUCK_MS = 10 * 60_000;
const IDLE_MS = 5 * 60_000;

/** Frames and prompts around a line: `│ Do you want to proceed? │`. */
const bare = (line: string): string =>
  line
    .replace(/[│┃|╭╮╰╯─━]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** `silence` is the age of the last change in words, as the rows show ages. */
export const readActivity = ({tail, unchangedMs}: SeenScreen, silence: string): Activity | null => {
  const question = tail
    .slice(-QUESTION_LINES)
    .map(bare)
    .findLast(line => QUESTIONS.some(pattern => pattern.test(line)));
  if (question !== undefined) {
    return {word: 'WAITING', text: question};
  }
  if (tail.slice(-WORKING_LINES).some(line => WORKING.test(line))) {
    return unchangedMs >= STUCK_MS
      ? {word: 'STUCK', text: `says it works, but its screen has not changed for ${silence}`}
      : {word: 'BUSY', text: 'works'};
  }
  return unchangedMs >= IDLE_MS ? {word: 'IDLE', text: `its screen has not changed for ${silence}`} : null;
};

const BADGES: Readonly<Record<ActivityWord, Badge>> = {
  WAITING: {word: 'WAITING', tone: 'warning'},
  STUCK: {word: 'STUCK', tone: 'warning'},
  BUSY: {word: 'BUSY', tone: 'busy'},
  IDLE: {word: 'IDLE', tone: 'quiet'},
};

export const activityBadge = ({word}: Activity): Badge => BADGES[word];

/** After every verdict, before what simply runs: who waits for a person comes first. */
const RANKS: Readonly<Record<ActivityWord, number>> = {WAITING: 31, STUCK: 32, BUSY: 45, IDLE: 65};

export const activityRank = ({word}: Activity): number => RANKS[word];
