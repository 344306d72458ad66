// Programs that run another: env, sudo, timeout. What they run is played in their place. Pure.
import {known} from '../../core/domain/known.ts';
import type {Program, Scope, Text} from '../call.ts';
import {answer, unclear, wordsOf} from '../results.ts';
import {fork, setText} from '../shell/scope.ts';

interface Shape {
  /** Short options with a value. */
  readonly short: string;
  readonly long?: readonly string[];
  /** Words before the program that are its own. */
  readonly own?: number;
  readonly assigns?: true;
  readonly root?: true;
}

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['env', {short: 'uCS', long: ['unset', 'chdir'], assigns: true}],
  ['sudo', {short: 'ugpCDhrtTUR', long: ['user', 'group', 'prompt', 'chdir', 'host'], assigns: true, root: true}],
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
  ['prlimit', {short: 'po', long: ['pid', 'output']}],
  ['command', {short: ''}],
  ['builtin', {short: ''}],
  ['exec', {short: 'a'}],
  ['nohup', {short: ''}],
  ['setsid', {short: ''}],
  ['timeout', {short: 'ks', long: ['kill-after', 'signal'], own: 1}],
  ['nice', {short: 'n', long: ['adjustment']}],
  ['ionice', {short: 'cnpP', long: ['class', 'classdata']}],
  ['chrt', {short: '', own: 1}],
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
]);

/** The words of the program that is run; none where it runs none. */
const innerWords = (args: readonly Text[], {short, long = [], own = 0, assigns}: Shape, scope: Scope): readonly Text[] => {
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
    } else if (word.startsWith('--')) {
      at += !word.includes('=') && long.includes(word.slice(2)) ? 1 : 0;
    } else if (/^-./.test(word) || (assigns === true && word === '-')) {
      at += short.includes(word.slice(-1)) && /^-[A-Za-z]+$/.test(word) ? 1 : 0;
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

/** `env -S 'pkill node'` splits a text of its own. */
const env: Program = call => {
  const at = call.args.findIndex(arg => arg.known && /^(?:-S|--split-string)/.test(arg.value));
  const option = call.args[at];
  if (option?.known !== true) {
    return wrapper(SHAPES.get('env') ?? {short: ''})(call);
  }
  const attached = option.value.replace(/^(?:-S|--split-string=?)/, '');
  const [text = known(attached), ...rest] = attached === '' ? call.args.slice(at + 1) : [known(attached), ...call.args.slice(at + 1)];
  const words = wordsOf([text, ...rest]);
  return words.known ? call.runText(words.value.join(' '), fork(call.scope), call.stdin) : unclear(words.because);
};

/** `flock FILE PROGRAM`, or `flock FILE -c TEXT`; a number alone is a descriptor to lock. */
const flock: Program = call => {
  const at = call.args.findIndex(arg => arg.known && /^-c$|^--command$/.test(arg.value));
  const text = call.args[at + 1];
  return at >= 0 && text?.known === true
    ? call.runText(text.value, fork(call.scope), call.stdin)
    : wrapper({short: 'wE', long: ['timeout', 'wait', 'conflict-exit-code'], own: 1})(call);
};

export const WRAPPERS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...[...SHAPES].map(([name, shape]): [string, Program] => [name, wrapper(shape)]),
  ['env', env],
  ['flock', flock],
]);
