// What redirections feed to a command, and where what it writes goes. Pure.
import type {Redirection} from 'unbash';
import {known, unknown} from '../../core/domain/known.ts';
import type {Call, Result, Text} from '../call.ts';
import {fileOf, isMadeHere, make, originOf, pathOf, undecided} from '../results.ts';
import {partsText, textOf} from './expand-words.ts';
import {playInner} from './inner-scripts.ts';
import type {Expander} from './variables.ts';

const contents = (path: Text, call: Call): Text => {
  const whole = path.known ? pathOf(call.scope, path.value) : path;
  if (!whole.known) {
    return whole;
  }
  const text = fileOf(call, whole.value);
  if (text.known && text.value === null && isMadeHere(call, whole.value)) {
    return unknown(`what is in ${whole.value} is not known yet`);
  }
  return text.known ? known(text.value ?? '') : text;
};

const isInput = (redirection: Redirection): boolean =>
  (redirection.descriptor === undefined || (redirection.descriptor.type === 'FileDescriptor' && redirection.descriptor.value === 0)) &&
  (redirection.type !== 'Redirect' || redirection.operator === '<' || redirection.operator === '<>');

/** The last redirection of descriptor 0, else what comes through a pipe. */
export const readInput = (redirections: readonly Redirection[], stdin: Text | null, call: Call, expander: Expander): Text | null => {
  const last = redirections.findLast(isInput);
  if (last === undefined) {
    return stdin;
  }
  if (last.type === 'HereDoc') {
    const {parts, text} = last.body;
    return parts === undefined || last.delimiter?.quoted === true ? known(text) : partsText(parts, expander);
  }
  if (last.target === undefined) {
    return unknown('a redirection is not understood');
  }
  const target = textOf(last.target, expander);
  if (last.type === 'HereString') {
    return target.known ? known(`${target.value}\n`) : target;
  }
  return contents(target, call);
};

/** Writing to them ends or freezes whatever is in a control group, or everything. */
export const ENDING_FILE = /\/proc\/sysrq-trigger$|(?:^|[/=])cgroup\.(?:kill|freeze)$/;

const isStandardOutput = (redirection: Redirection): boolean =>
  redirection.type === 'Redirect' &&
  /^(?:>|>>|>\||&>|&>>|>&)$/.test(redirection.operator) &&
  (redirection.descriptor === undefined || (redirection.descriptor.type === 'FileDescriptor' && redirection.descriptor.value === 1));

/** `2>&1`, `&>FILE`. */
const takesErrors = (redirection: Redirection): boolean =>
  redirection.type === 'Redirect' &&
  (redirection.operator.startsWith('&>') ||
    (redirection.operator === '>&' && redirection.descriptor?.type === 'FileDescriptor' && redirection.descriptor.value === 2));

/** Behind what stood in a file before, which is read only where somebody asks. */
const add = (call: Call, path: string, out: Text): void => {
  const before = originOf(call.scope, path);
  make(call.scope, path, later => {
    const text = before(later, '');
    return text.known && out.known ? known((text.value ?? '') + out.value) : unknown('a file is added to');
  });
};

/** What is left of the output behind the redirections; what goes to a file is remembered as its contents. */
export const writeOutput = (redirections: readonly Redirection[], result: Result, call: Call, expander: Expander): Result => {
  let out = redirections.some(takesErrors) ? (result.both ?? result.out) : result.out;
  for (const redirection of redirections.filter(each => !isStandardOutput(each) && !isInput(each))) {
    playInner(redirection, expander.substitute);
  }
  for (const redirection of redirections.filter(isStandardOutput)) {
    const {operator, target} = redirection.type === 'Redirect' ? redirection : {operator: '', target: undefined};
    const name = target === undefined ? unknown('no target') : textOf(target, expander);
    const path = name.known ? pathOf(call.scope, name.value) : name;
    if (name.known && (name.value === '1' || name.value === '-') && operator === '>&') {
      continue;
    }
    if (path.known && ENDING_FILE.test(path.value)) {
      undecided(call, `writing to ${path.value} ends or freezes whatever is in it`);
    }
    if (path.known && path.value !== '/dev/null') {
      operator.endsWith('>>') ? add(call, path.value, out) : call.scope.written.set(path.value, out);
    }
    out = known('');
  }
  return {...result, out};
};
