// What an agent's screen says it is doing: waiting for an answer, busy, idle, stuck. A hint for the eye, never a reason to stop anything. Pure.

import type {Badge} from '../words/badges.ts';
import {bareLine, readDialog} from './dialog.ts';

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

/** What runtimes print only while they work: how to interrupt them. A dialog offers to cancel, too, but not in brackets. */
const WORKING = /\b(?:esc|ctrl[+-]c) (?:to )?(?:interrupt|stop)\b|\([^)]*\besc to cancel\b/i;

const DIALOG_LINES = 24;
const WORKING_LINES = 6;
/** A working agent counts seconds on its screen: one that stands still this long does not work. */
const STUCK_MS = 10 * 60_000;
const IDLE_MS = 5 * 60_000;

/**
 * `silence` is the age of the last change in words, as the rows show ages. What stands lower is newer: a working mark below a question
 * says that it was answered, or never was one.
 */
export const readActivity = ({tail, unchangedMs}: SeenScreen, silence: string): Activity | null => {
  const lines = tail
    .map(bareLine)
    .filter(line => line !== '')
    .slice(-DIALOG_LINES);
  const working = lines.findLastIndex((line, index) => index >= lines.length - WORKING_LINES && WORKING.test(line));
  const asked = readDialog(lines);
  if (asked !== null && asked.at > working) {
    return {word: 'WAITING', text: asked.text};
  }
  if (working >= 0) {
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
