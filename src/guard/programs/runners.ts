// Programs that run a command elsewhere, over and over, or for each of a list: played where it stands plainly, else undecided. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Call, Program, Result, Text} from '../call.ts';
import {plainlyEnds} from '../plainly-ends.ts';
import {answer, unclear, undecided, wordsOf} from '../results.ts';
import {fork} from '../shell/scope.ts';
import {commandOption, playValues} from './command-options.ts';
import {inputOf} from './filter-input.ts';
import {git} from './git.ts';
import {parseOptions} from './options.ts';
import {runThrough} from './run-through.ts';

/** Names of programs that end others, as words of a command for somebody else. */
const NAMES =
  /^(?:.*\/)?(?:kill|pkill|killall|fuser|skill|slay|kill-port|fkill|killall5)$|(?:\b|^-\w)(?:pkill|killall|kill\s+-?\w|fuser\s+-k|tmux\s+kill)/;

const namesOne = (call: Call): boolean => call.args.some(arg => (arg.known ? NAMES.test(arg.value) : plainlyEnds(call.verdicts.source)));

/** What is fed to these is run elsewhere, or later. */
const FED = new Set(
  (
    'ssh at batch crontab su runuser nsenter chroot rsh tclsh wish ed ex vi vim nvim red sqlite3 mysql bc dc ftp sftp m4 gnuplot ' +
    'fish tcsh csh rc elvish yash osh lksh xonsh nu script tmate'
  ).split(' '),
);

const RUNNERS = new Set([
  ...FED,
  ...(
    'unshare expect entr mosh lxc incus systemd-run firejail bwrap proot wsl cmd cmd.exe ninja reptyr daemonize start-stop-daemon hyperfine ' +
    'fzf lldb cpio ansible salt pdsh sem byobu tmuxinator smug'
  ).split(' '),
]);

const isFed = (call: Call): boolean => FED.has(call.name) && call.stdin?.known === true && plainlyEnds(call.stdin.value);

const notFollowed = (call: Call): Result => undecided(call, `whom that ends through ${call.name} is not followed`);

const outOfSight = (call: Call): Result =>
  isFed(call) || namesOne(call) ? notFollowed(call) : unclear(`what ${call.name} writes is not known`);

const EXECUTES: ReadonlyMap<string, RegExp> = new Map([
  ['find', /^-(?:exec|execdir|ok|okdir)$/],
  ['fd', /^(?:-x|-X|--exec|--exec-batch)$/],
  ['fdfind', /^(?:-x|-X|--exec|--exec-batch)$/],
]);

/** `-exec WORDS ;`: played once, with the file that it would be run for unknown. */
const executor =
  (option: RegExp): Program =>
  call => {
    for (const [at, arg] of call.args.entries()) {
      if (arg.known && option.test(arg.value)) {
        const rest = call.args.slice(at + 1);
        const end = rest.findIndex(each => each.known && /^\\?;$|^\+$/.test(each.value));
        const words = end < 0 ? rest : rest.slice(0, end);
        const found = unknown(`what ${call.name} finds is not known`);
        call.run(
          words.map(word => (word.known && /\{[./]*\}/.test(word.value) ? found : word)),
          null,
        );
      }
    }
    return unclear(`what ${call.name} finds is not known`);
  };

/** `parallel TEXT ::: ITEMS`, or with items fed in; `{}` stands for one, else it comes last. Text that is none is in the items. */
const parallel: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return outOfSight(call);
  }
  const {rest, all} = parseOptions(words.value, {
    short: 'jnNaSIC',
    long: ['jobs', 'max-args', 'arg-file', 'delay', 'timeout', 'colsep', 'joblog', 'results', 'retries'],
    stops: true,
  });
  const [file] = all('a', 'arg-file').map(path => inputOf(call, [path]));
  const at = rest.indexOf(':::');
  const text = (at < 0 ? rest : rest.slice(0, at)).join(' ');
  const items: Text = at < 0 ? (file ?? call.stdin ?? known('')) : known(rest.slice(at + 1).join('\n'));
  if (!items.known || rest.some(word => /^:::[:+]/.test(word))) {
    return outOfSight(call);
  }
  for (const item of items.value.split('\n').filter(each => each !== '')) {
    const whole = text.includes('{}') ? text.replaceAll('{}', item) : `${text} ${item}`;
    call.runText(whole, fork(call.scope), null);
  }
  return unclear('what parallel writes is not known');
};

/** `watch TEXT`: as a shell reads it, again and again. */
const watch: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return outOfSight(call);
  }
  const {rest} = parseOptions(words.value, {short: 'nq', long: ['interval', 'equexit'], stops: true});
  call.runText(rest.join(' '), {...fork(call.scope), repeats: true}, null);
  return answer('');
};

const script: Program = call => {
  const words = wordsOf(call.args);
  const options = parseOptions(words.known ? words.value : [], {
    short: 'cBEIoOTm',
    long: ['command', 'echo', 'log-in', 'log-io', 'log-out', 'log-timing', 'logging-format', 'output-limit'],
    flags: ['append', 'flush', 'force', 'quiet', 'return', 'timing', 'help', 'version'],
  });
  const [text] = options.all('c', 'command');
  return text === undefined ? outOfSight(call) : call.runText(text, fork(call.scope), call.stdin);
};

/** Programs of another trade that are told to run a command, by their options for it. */
const CARRIERS: ReadonlyMap<string, RegExp> = new Map<string, RegExp>(
  (
    [
      ['sg', /^(?!-)(\S+\s[\s\S]*)$/],
      [
        'tar',
        commandOption(
          '[a-zA-Z]*[IF]',
          'checkpoint-action',
          'to-command',
          'use-compress-program',
          'rsh-command',
          'rmt-command',
          'info-script',
          'new-volume-script',
        ),
      ],
      ['rsync', commandOption('[a-zA-Z0-9]*e', 'rsh', 'rsync-path')],
      ['scp sftp', /^-[oSD]([\s\S]*)$/],
      ['vim vi nvim ex view vimdiff gvim less more', /^(?:\+|:)?!([\s\S]*)$/],
      ['man', commandOption('[PH]', 'pager', 'html')],
      ['zip', commandOption('TT', 'unzip-command')],
      ['cpio', commandOption('(?!)', 'rsh-command')],
      ['split', commandOption('(?!)', 'filter')],
      ['socat', /^(?:EXEC|SYSTEM|SHELL):([^,]*)/i],
      ['nc ncat netcat', /^(?:-\w*[ec]|--(?:sh-)?exec=?)([\s\S]*)$/],
      ['nodemon watchexec onchange chokidar', /^(?:-[xc]|--exec=?|--command=?)([\s\S]*)$/],
    ] as const
  ).flatMap(([names, option]) => names.split(' ').map((name): [string, RegExp] => [name, option])),
);

const carrier =
  (option: RegExp): Program =>
  call => {
    playValues(call, option);
    return isFed(call) ? notFollowed(call) : runThrough(call);
  };

const PLAYED: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...[...EXECUTES].map(([name, option]): [string, Program] => [name, executor(option)]),
  ['parallel', parallel],
  ['watch', watch],
  ['script', script],
  ['git', git],
  ...[...CARRIERS].map(([name, option]): [string, Program] => [name, carrier(option)]),
]);

export const runnerNamed = (name: string): Program | null => PLAYED.get(name) ?? (RUNNERS.has(name) ? outOfSight : null);
