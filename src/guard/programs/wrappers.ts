// Programs that run another: env, sudo, timeout. What they run is played in their place. Pure.
import {known} from '../../core/domain/known.ts';
import type {Program, Scope, Text} from '../call.ts';
import {answer, unclear, undecided, wordsOf} from '../results.ts';
import {fork, setText} from '../shell/scope.ts';

interface Shape {
  /** Short options with a value. */
  readonly short: string;
  readonly long?: readonly string[];
  /** Long options without a value that another begins with. */
  readonly flags?: readonly string[];
  /** Words before the program that are its own. */
  readonly own?: number;
  readonly assigns?: true;
  readonly root?: true;
}

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['env', {short: 'uCSa', long: ['unset', 'chdir', 'argv0'], assigns: true}],
  [
    'sudo',
    {
      short: 'ugpCDhrtTUR',
      long: 'user group prompt chdir host chroot other-user role type close-from command-timeout login-class'.split(' '),
      flags: ['login'],
      assigns: true,
      root: true,
    },
  ],
  ['doas', {short: 'uC', root: true}],
  [
    'setpriv',
    {
      short: '',
      long: [
        'reuid',
        'regid',
        'ruid',
        'euid',
        'rgid',
        'egid',
        'groups',
        'inh-caps',
        'ambient-caps',
        'bounding-set',
        'securebits',
        'pdeathsig',
        'selinux-label',
        'apparmor-profile',
      ],
    },
  ],
  ['command', {short: ''}],
  ['builtin', {short: ''}],
  ['exec', {short: 'a'}],
  ['nohup', {short: ''}],
  ['setsid', {short: ''}],
  ['timeout', {short: 'ks', long: ['kill-after', 'signal'], own: 1}],
  ['nice', {short: 'n', long: ['adjustment']}],
  ['ionice', {short: 'cnpPu', long: ['class', 'classdata', 'pid', 'pgid', 'uid']}],
  ['chrt', {short: 'TPD', long: ['sched-runtime', 'sched-period', 'sched-deadline'], own: 1}],
  ['taskset', {short: '', own: 1}],
  ['stdbuf', {short: 'ioe', long: ['input', 'output', 'error']}],
  ['time', {short: 'fo', long: ['format', 'output']}],
  ['busybox', {short: ''}],
  ['toybox', {short: ''}],
  ['unbuffer', {short: ''}],
  ['caffeinate', {short: 'tw'}],
  ['strace', {short: 'eopsaIEuUXPbO'}],
  ['dbus-run-session', {short: ''}],
  ['winpty', {short: ''}],
  ['noglob', {short: ''}],
  ['nocorrect', {short: ''}],
  ['eatmydata', {short: ''}],
  ['fakeroot', {short: 'lsib', long: ['lib', 'faked']}],
  ['chronic', {short: ''}],
  ['ifne', {short: ''}],
  ['tini', {short: 'pe'}],
  ['dumb-init', {short: 'r', long: ['rewrite']}],
  ['gosu', {short: '', own: 1}],
  ['su-exec', {short: '', own: 1}],
  ['corepack', {short: ''}],
  ['cross-env', {short: '', assigns: true}],
  ['dotenv', {short: 'evpc'}],
  ['dotenvx', {short: ''}],
  ['env-cmd', {short: 'fre', long: ['file', 'rc-file', 'environments']}],
  ['xvfb-run', {short: 'efnpsw', long: ['error-file', 'auth-file', 'server-num', 'xauth-protocol', 'server-args', 'wait']}],
  ['systemd-inhibit', {short: '', long: ['what', 'who', 'why', 'mode']}],
  ['numactl', {short: 'iNmCpwP', long: ['interleave', 'cpunodebind', 'physcpubind', 'membind', 'preferred']}],
  ['linux32', {short: ''}],
  ['linux64', {short: ''}],
  ['uvx', {short: 'p', long: ['from', 'with', 'python']}],
  ['rlwrap', {short: 'abcdefgHlmNOopPqStwz'}],
]);

/** Whether an option takes the next word: the last of a cluster, or a long one by any beginning of its name. */
const takesNext = (word: string, {short, long = [], flags = []}: Shape): boolean => {
  if (!word.startsWith('--')) {
    return [...word.slice(1)].findIndex(letter => short.includes(letter)) === word.length - 2;
  }
  const name = word.slice(2);
  return !name.includes('=') && !flags.includes(name) && long.some(each => each.startsWith(name));
};

/** The words of the program that is run; none where it runs none. */
const innerWords = (args: readonly Text[], shape: Shape, scope: Scope): readonly Text[] => {
  const {own = 0, assigns} = shape;
  let skip = own;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg?.known !== true) {
      // Whatever it is, what stands behind it may be the program.
      skip -= skip > 0 ? 1 : 0;
      continue;
    }
    const word = arg.value;
    if (word === '--') {
      return args.slice(at + 1 + skip);
    }
    const [, name, value] = (assigns === true && /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word)) || [];
    if (name !== undefined) {
      setText(scope, name, known(value ?? ''));
    } else if (/^-./.test(word)) {
      at += takesNext(word, shape) ? 1 : 0;
    } else if (assigns === true && word === '-') {
      // `env -` takes the surroundings away, as `-i` does.
    } else if (skip > 0) {
      skip -= 1;
    } else {
      return args.slice(at);
    }
  }
  return [];
};

const wrapper =
  (shape: Shape): Program =>
  call => {
    if (call.name === 'command' && call.args.some(arg => arg.known && /^-[vV]/.test(arg.value))) {
      return answer('');
    }
    const scope =
      shape.root === true || shape.assigns === true ? {...fork(call.scope), isRoot: call.scope.isRoot || shape.root === true} : call.scope;
    return call.run(innerWords(call.args, shape, scope), call.stdin, scope);
  };

/** `env -S 'pkill node'` splits a text of its own, in a cluster too. */
const SPLITS = /^(?:-[iv0]*S|--s[a-z-]*(?:=|$))([\s\S]*)$/;

const env: Program = call => {
  const at = call.args.findIndex(arg => arg.known && SPLITS.test(arg.value));
  const option = call.args[at];
  if (option?.known !== true) {
    return wrapper(SHAPES.get('env') ?? {short: ''})(call);
  }
  const [, attached = ''] = SPLITS.exec(option.value) ?? [];
  const [text = known(attached), ...rest] = attached === '' ? call.args.slice(at + 1) : [known(attached), ...call.args.slice(at + 1)];
  const words = wordsOf([text, ...rest]);
  return words.known ? call.runText(words.value.join(' ').replaceAll('\\_', ' '), fork(call.scope), call.stdin) : unclear(words.because);
};

/** `flock FILE PROGRAM`, or `flock FILE -c TEXT`; a number alone is a descriptor to lock. */
const flock: Program = call => {
  const at = call.args.findIndex(arg => arg.known && /^-c$|^--command$/.test(arg.value));
  const text = call.args[at + 1];
  return at >= 0 && text?.known === true
    ? call.runText(text.value, fork(call.scope), call.stdin)
    : wrapper({short: 'wE', long: ['timeout', 'wait', 'conflict-exit-code'], own: 1})(call);
};

/** `sudo -s` and `-i` run a shell, which reads what is fed in where no program is named; `-e` and `-l` run none. */
const sudo: Program = call => {
  const shape = SHAPES.get('sudo') ?? {short: ''};
  const options = call.args.flatMap(arg => (arg.known && arg.value.startsWith('-') ? [arg.value] : []));
  if (/^(?:-\w*[el]$|--(?:edit|list)$)/.test(options[0] ?? '')) {
    return unclear('what sudo tells is not known');
  }
  const isShell =
    options.some(word => /^-[A-Zknb]*[si]|^--(?:shell|login)$/.test(word)) && innerWords(call.args, shape, fork(call.scope)).length === 0;
  return isShell ? call.run([known('sh')], call.stdin, {...fork(call.scope), isRoot: true}) : wrapper(shape)(call);
};

/** `prlimit --pid PID --cpu=1`: whoever goes beyond a limit that it gets is signalled. */
const prlimit: Program = call => {
  const words = wordsOf(call.args);
  const isOfOther = words.known && words.value.some(word => /^(?:-\w*p|--pi)/.test(word));
  const isSet = words.known && words.value.some(word => /^--(?!p)[a-z]+=|^-[a-oq-z]\w*[\d=:]/.test(word));
  return isOfOther && isSet ? undecided(call, 'a limit ends whoever is beyond it') : wrapper({short: 'po', long: ['pid', 'output']})(call);
};

export const WRAPPERS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...[...SHAPES].map(([name, shape]): [string, Program] => [name, wrapper(shape)]),
  ['env', env],
  ['flock', flock],
  ['sudo', sudo],
  ['prlimit', prlimit],
]);
