// What a shell's variables and parameters hold (sh(1), POSIX 2.5). Pure.
import type {ParsedScript} from 'unbash';
import {known, unknown} from '../../core/domain/known.ts';
import type {Scope, Text, Variable} from '../call.ts';
import type {Caller} from '../facts.ts';
import {OWN_JOB, OWN_SHELL} from '../results.ts';

export interface Expander {
  readonly scope: Scope;
  readonly caller: Caller;
  /** What a command in a substitution writes. */
  readonly substitute: (script: ParsedScript | undefined, isFed?: boolean) => Text;
  /** Names that a glob stands for; null where nothing matches, which leaves it as it is. */
  readonly glob: (pattern: string) => readonly Text[] | null;
}

const EMPTY = known('');

/** `"$*"`: by the first of the separators. */
export const joined = (variable: Variable | undefined, scope: Scope): Text => {
  const set = scope.variables.get('IFS')?.values[0];
  const sign = set?.known === true ? set.value.charAt(0) : ' ';
  const hidden = variable?.values.find(value => !value.known);
  return hidden ?? known((variable?.values ?? []).map(value => (value.known ? value.value : '')).join(sign));
};

export const unset = (name: string): Text => unknown(`$${name} is not known here`);

/** Behind one that is not known, which may be several, nobody can tell which is which. */
const argumentAt = ({args}: Scope, number: number): Text => args.slice(0, number).find(arg => !arg.known) ?? args.at(number - 1) ?? EMPTY;

export const special = (name: string, {scope, caller}: Expander): Text | null => {
  if (/^\d+$/.test(name)) {
    return name === '0' ? scope.name : argumentAt(scope, Number(name));
  }
  switch (name) {
    case '$':
    case 'BASHPID':
      return known(OWN_SHELL);
    case '!':
      return known(OWN_JOB);
    case '#':
      return scope.args.find(arg => !arg.known) ?? known(String(scope.args.length));
    case 'PWD':
      return scope.cwd;
    case 'IFS':
      return known(' \t\n');
    case 'PPID':
      return caller.runtimePid === null ? unset('PPID') : known(String(caller.runtimePid));
    default:
      return null;
  }
};

export const variableText = (name: string, expander: Expander): Text => {
  const variable = expander.scope.variables.get(name);
  return variable === undefined ? (special(name, expander) ?? unset(name)) : (variable.values[0] ?? EMPTY);
};
