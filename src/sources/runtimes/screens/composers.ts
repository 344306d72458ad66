// Where agent programs wait for the next prompt, and what stands above it: the line to type in, the end of an answer. By captured screens. Pure.

import {bareLine} from './dialog.ts';

/** How a program’s screen looks while nothing is asked: learnt from captures, one row per program. */
interface Look {
  /** Index of the first line of what is typed into, in the lines of the screen; null where it is not there. */
  readonly composer: (lines: readonly string[], width: number) => number | null;
  /** What it says of itself when it starts: in sight, the conversation began on this screen. */
  readonly welcome: RegExp;
  /** What it puts before what it says or does. */
  readonly answer: RegExp;
  /** A line that says of itself that it works, or that something of its own goes on beside its prompt. */
  readonly working?: RegExp;
  readonly beside?: RegExp;
}

/** Lines below the prompt: a border, the state of things, a hint or two. */
const FOOT = 6;

const isRule = (line: string | undefined, width: number): boolean =>
  line !== undefined && /^\s*[─━]{20,}\s*$/.test(line) && line.trim().length >= width - 4;

/** Between two rules: `❯ `, whatever is typed. */
const ruled =
  (prompt: RegExp) =>
  (lines: readonly string[], width: number): number | null => {
    const below = lines.findLastIndex(line => isRule(line, width));
    const above = lines.findLastIndex((line, at) => at < below && isRule(line, width));
    return above >= 0 && below >= lines.length - FOOT - 1 && prompt.test(lines.at(above + 1) ?? '') ? above : null;
  };

/** The last line that begins so, with no more than a foot below it. */
const last =
  (prompt: RegExp, foot = FOOT) =>
  (lines: readonly string[]): number | null => {
    const at = lines.findLastIndex(line => prompt.test(line));
    return at >= 0 && lines.length - at - 1 <= foot ? at : null;
  };

/** Below the last rule, with a hint or a border in between. */
const belowRule =
  (prompt: RegExp) =>
  (lines: readonly string[], width: number): number | null => {
    const rule = lines.findLastIndex(line => isRule(line, width));
    const at = lines.findIndex((line, index) => index > rule && prompt.test(line));
    return rule >= 0 && at >= 0 && lines.length - at <= FOOT ? rule : null;
  };

/** A bar at the left, closed below by `╹▀▀▀`. */
const barred = (lines: readonly string[]): number | null => {
  const below = lines.findLastIndex(line => /^\s*╹▀{10,}/.test(line));
  if (below < 0 || below < lines.length - FOOT) {
    return null;
  }
  const above = lines.findLastIndex((line, at) => at < below && !/^\s*┃/.test(line));
  return above + 1;
};

const LOOKS: ReadonlyMap<string, Look> = new Map(
  Object.entries<Look>({
    claude: {
      composer: ruled(/^[❯>!](?!\s*\d+[.)])/),
      welcome: /Claude Code v\d/,
      answer: /^[●⏺]\s|^\s*⎿\s+Interrupted/,
      working: /^[✢✳✶✻✽·*]\s+\S[^()]*…(?:\s*\(|\s*$)/,
      beside: /(?:^\s*|·\s)\d+ (?:background )?(?:shell|task|monitor|agent|teammate)s?\b(?! still)/,
    },
    codex: {
      composer: last(/^›\s(?!\s*\d+[.)])/),
      welcome: />_ OpenAI Codex/,
      answer: /^[•─✗✔■]/,
      beside: /\b\d+ background terminals?\b/i,
    },
    gemini: {composer: belowRule(/^\s*[>!*]\s/), welcome: /Tips for getting started/, answer: /^\s*[✦✓✕-]\s/},
    // From 0.24 on signs have a variation selector behind them, and ● begins notes of its own; what was asked is shown with a `>` set in.
    qwen: {composer: ruled(/^\s*[>*!]\s/), welcome: />_ Qwen Code/, answer: /^\s*(?:[✦✓✕●-]|◆\ufe0e?)\s|^ {1,3}> \S/},
    opencode: {composer: barred, welcome: /█▀▀█ █▀▀█ █▀▀█/, answer: /^\s*▣\s/},
    copilot: {composer: ruled(/^\s*[❯>]\s?(?!\s*\d+[.)])/), welcome: /Copilot v\d/, answer: /^\s*[●✗✔]\s(?!Tip:|No copilot-instructions)/},
  }),
);

/** At its prompt, and what stands above. */
export interface AtPrompt {
  /** Index of the composer’s first line, in the lines that were given. */
  readonly at: number;
  /** The last line of the answer above it; null where nothing was asked yet. */
  readonly answer: string | null;
  /** Something of its own that goes on, as its screen says it; null where nothing does. */
  readonly beside: string | null;
}

/** No part of an answer: rules, how long a turn took, tips. */
const NOISE =
  /^[\s─━╌▀▄│┃╹╭╮╰╯]*$|^\s*[✢✳✶✻✽·*]\s|^\s*▣\s|^\s*\? for shortcuts|^\s*Shift\+Tab\b|^\s*[⎿└]\s*Tip\b|^\s*[╌─]{3,}|for shortcuts\s*$|^\s*Worked for\b|^─+ Worked for\b|^\s*(?:●\ufe0e?\s+)?How is \w+ doing this session\?|^\s*[01]: \w+ +\d: \w+ +\d: \w+/;

const lastSaid = (above: readonly string[]): string | null =>
  above
    .findLast(line => !NOISE.test(line))
    ?.replace(/[│┃]/g, ' ')
    .replace(/^\s*[●⏺•✦◆✓✕ℹ⎿└■✗✔]\ufe0e?\s*/, '')
    .trim() ?? null;

/** From its number on. */
const besideIn = (foot: readonly string[], beside: RegExp): string | null => {
  const line = foot.find(each => beside.test(each));
  return line === undefined ? null : line.slice(line.search(beside)).replace(/^[\s·]+/, '');
};

/** Whether it is at its prompt; null where its prompt is not in sight, or the program’s screens are not known. */
export const readPrompt = (lines: readonly string[], runtime: string | null, width: number): AtPrompt | null => {
  const look = LOOKS.get(runtime ?? '');
  const at = look?.composer(lines, width) ?? null;
  if (look === undefined || at === null) {
    return null;
  }
  const above = lines.slice(0, at);
  const welcome = above.findLastIndex(line => look.welcome.test(line));
  const hasTurn =
    welcome < 0
      ? above.some(line => line.trim() !== '')
      : above.slice(welcome + 1).some(line => look.answer.test(line) || look.answer.test(bareLine(line)));
  const beside = look.beside;
  return {
    at,
    answer: hasTurn ? lastSaid(above) : null,
    beside: beside === undefined ? null : besideIn(lines.slice(at + 1), beside),
  };
};

/** Whether a line says in the program’s own way that it works. */
export const saysWorking = (line: string, runtime: string | null): boolean => LOOKS.get(runtime ?? '')?.working?.test(line) === true;
