// What an agent’s screen says it is doing. A hint for people, never a reason to stop anything. Pure.
import type {ScreenSays} from '../../../core/domain/hint.ts';
import {type AtPrompt, readPrompt, saysWorking} from './composers.ts';
import {asksToLogIn, type BareLine, bareLine, isBrokenRule, isFooter, isQuestion, readDialog} from './dialog.ts';

export interface Screen {
  /** What is on it, oldest first, without colours. */
  readonly lines: readonly string[];
  /** Columns of the pane; 0 where they are not known. */
  readonly width: number;
  /** Table key of the program; null where it could not be told. */
  readonly runtime: string | null;
  /** How long it has stood still, as far as is known. */
  readonly unchangedMs: number;
}

/** What runtimes print only while they work: how to interrupt them. A dialog offers to cancel, too, but not in brackets. */
const WORKING = /\b(?:esc|ctrl[+-]c) (?:to )?(?:interrupt|stop)\b|\([^)]*\besc to cancel\b/i;

const DIALOG_LINES = 24;
const WORKING_LINES = 6;
/** Below a program’s own mark of work stand its list of tasks and its prompt. */
const OWN_MARK_LINES = 16;
/** Above its prompt; below it the whole foot counts. */
const LOGIN_LINES = 3;
/** A working agent counts seconds on its screen: one that stands still this long does not work. */
const STUCK_MS = 10 * 60_000;
const IDLE_MS = 5 * 60_000;

/** The last line that says that it works; -1 where none does. */
const workingAt = (lines: readonly string[], runtime: string | null): number =>
  lines.findLastIndex((line, at) => {
    const fromEnd = lines.length - at;
    return (fromEnd <= WORKING_LINES && WORKING.test(line) && !isFooter(line)) || (fromEnd <= OWN_MARK_LINES && saysWorking(line, runtime));
  });

/**
 * What stands lower is newer: a working mark below a question says that it was answered, or never was one. A question counts at the end
 * of the screen or with its choices under it; above a prompt to type in, it is a part of the answer.
 */
const saysOf = (shown: readonly string[], prompt: AtPrompt | null, {runtime, unchangedMs}: Screen): ScreenSays => {
  const bare = shown.map((line, at): BareLine => ({text: bareLine(line), isRuledOff: isBrokenRule(shown[at - 1])}));
  const end = bare.filter(({text}) => text !== '').slice(-DIALOG_LINES);
  const working = workingAt(
    end.map(({text}) => text),
    runtime,
  );
  const asked = prompt === null ? readDialog(end) : null;
  if (asked !== null && asked.at > working) {
    return {state: 'asks', text: asked.text};
  }
  if (working >= 0) {
    return unchangedMs >= STUCK_MS ? {state: 'stuck', text: 'says that it works, its screen stands still'} : {state: 'busy', text: null};
  }
  if (prompt !== null) {
    const {at, answer, beside} = prompt;
    const login = shown.slice(Math.max(0, at - LOGIN_LINES)).findLast(asksToLogIn);
    if (login !== undefined) {
      return {state: 'asks', text: bareLine(login)};
    }
    if (beside !== null) {
      return {state: 'busy', text: `at its prompt, something of its own goes on: ${bareLine(beside)}`};
    }
    if (answer === null) {
      return {state: 'idle', text: null};
    }
    return {state: isQuestion(answer) ? 'asks' : 'done', text: answer};
  }
  return unchangedMs >= IDLE_MS ? {state: 'idle', text: null} : {state: 'unknown', text: null};
};

/**
 * A line that the terminal has wrapped can be as long as the screen is large, and expressions go over it again from each bracket in it: 2 s for
 * a screen full of them. A question stands at the end.
 */
const MOST_CHARACTERS = 1000;

/** Gemini has it above its prompt. */
const SHORTCUTS = /^\s*\? for shortcuts\s*$/;

/** What it says, and where its own words end. */
export const readScreen = (screen: Screen): ScreenSays => {
  const shown = screen.lines.map(line => line.trimEnd().slice(-MOST_CHARACTERS)).filter(line => line !== '');
  const prompt = readPrompt(shown, screen.runtime, screen.width);
  const says = saysOf(shown, prompt, screen);
  return prompt === null ? says : {...says, above: shown.slice(0, prompt.at).findLastIndex(line => !SHORTCUTS.test(line)) + 1};
};
