// Text of other languages that plainly ends processes, and programs that run a command out of sight: undecided, never guessed. Pure.
import type {Call, Program, Text} from '../call.ts';
import {plainlyEnds} from '../plainly-ends.ts';
import {fileOf, pathOf, unclear, undecided} from '../results.ts';
import {fork} from '../shell/scope.ts';

/** Calls by which languages signal processes, and programs that they are wont to start for it. */
const ENDS =
  /\bos\.kill(?:pg)?\s*\(|\bprocess\.kill\s*\(|\bpsutil\b[\s\S]*\b(?:kill|terminate|suspend)\s*\(|\bkill\s+['"]?(?:-?\d|[A-Z]{3,}|TERM|KILL|[$@])|\bProcess\.kill\b|\bposix_kill\b|\b(?:pkill|killall|fuser\s+-k|taskkill|tree-kill|kill-port|fkill)\b|\b(?:spawn|exec|system|run|call|Popen|popen|execSync|check_call)\w*\s*\(\s*\[?['"](?:sudo\s+)?kill\b|\bTerminateProcess\b/;

/** Options behind which text stands. */
const TEXT_OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['python', /^-c$/],
  ['node', /^(?:-e|-p|--eval|--print|-pe)$/],
  ['bun', /^(?:-e|--eval|-p)$/],
  ['deno', /^eval$/],
  ['perl', /^-\w*[eE]$/],
  ['ruby', /^-\w*e$/],
  ['php', /^-r$/],
  ['lua', /^-e$/],
  ['osascript', /^-e$/],
]);

const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['python3', 'python'],
  ['python2', 'python'],
  ['nodejs', 'node'],
  ['tsx', 'node'],
  ['ts-node', 'node'],
  ['luajit', 'lua'],
]);

const languageOf = (name: string): string => LANGUAGES.get(name) ?? (/^python3?\.\d+$/.test(name) ? 'python' : name);

const SCRIPT = /\.(?:py|[cm]?js|ts|rb|pl|php|lua)$/;

/** Text in the arguments, from a small script beside the project, or fed in. */
const textOf = (call: Call, option: RegExp): Text | null => {
  const at = call.args.findIndex(arg => arg.known && option.test(arg.value));
  if (at >= 0) {
    return call.args[at + 1] ?? null;
  }
  const script = call.args.find(arg => arg.known && !arg.value.startsWith('-'));
  if (script?.known !== true || script.value === '-') {
    return call.stdin;
  }
  const path = SCRIPT.test(script.value) ? pathOf(call.scope, script.value) : null;
  const text = path?.known === true ? fileOf(call, path.value) : null;
  return text?.known === true && text.value !== null ? {known: true, value: text.value} : null;
};

export const interpreterNamed = (name: string): Program | null => {
  const option = TEXT_OPTIONS.get(languageOf(name));
  return option === undefined
    ? null
    : call => {
        const text = textOf(call, option);
        // Of a text that is not known as a whole, what stands in the command counts.
        return text !== null && ENDS.test(text.known ? text.value : call.verdicts.source)
          ? undecided(call, `what the ${name} text ends is not followed`)
          : unclear(`what ${name} writes is not known`);
      };
};

/** Names of programs that end others, as words of a command for somebody else. */
const NAMES =
  /^(?:.*\/)?(?:kill|pkill|killall|fuser|skill|slay|kill-port|fkill|killall5)$|\b(?:pkill|killall|kill\s+-?\w|fuser\s+-k|tmux\s+kill)/;

const namesOne = (call: Call): boolean => call.args.some(arg => (arg.known ? NAMES.test(arg.value) : plainlyEnds(call.verdicts.source)));

/** Programs that run a command elsewhere, over and over, or for each of a list. */
const RUNNERS = new Set([
  'parallel',
  'watch',
  'ssh',
  'nsenter',
  'su',
  'runuser',
  'chroot',
  'unshare',
  'script',
  'flock',
  'expect',
  'entr',
  'at',
  'batch',
  'crontab',
  'rsh',
  'mosh',
  'lxc',
  'incus',
  'systemd-run',
  'firejail',
  'bwrap',
  'proot',
  'wsl',
  'cmd',
  'cmd.exe',
  'find',
  'fd',
  'fdfind',
  'concurrently',
  'run-s',
  'run-p',
  'npm-run-all',
  'make',
  'ninja',
  'xonsh',
  'fish',
  'nu',
  'reptyr',
  'git',
]);

export const runnerNamed = (name: string): Program | null => {
  if (!RUNNERS.has(name)) {
    return null;
  }
  return call => {
    if (name === 'git') {
      return unclear('what git writes is not known');
    }
    // What one of them runs here and once is no secret.
    const text = call.args.findIndex(arg => arg.known && /^-\w*c$/.test(arg.value));
    const inner = call.args.at(text + 1);
    if ((name === 'script' || name === 'flock') && text >= 0 && inner?.known === true) {
      return call.runText(inner.value, fork(call.scope), call.stdin);
    }
    return namesOne(call) ? undecided(call, `whom that ends through ${name} is not followed`) : unclear(`what ${name} writes is not known`);
  };
};
