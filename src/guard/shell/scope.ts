// What one shell knows, copied for subshells and branches, and what is left of it when branches meet again. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import type {Scope, Text, Variable} from '../call.ts';
import type {Caller} from '../facts.ts';

export const openScope = (caller: Caller): Scope => ({
  variables: new Map([...caller.variables].map(([name, value]) => [name, {values: [known(value)], isArray: false}])),
  functions: new Map(),
  aliases: new Map(),
  hidden: new Map(),
  written: new Map(),
  made: new Map(),
  traps: new Map(),
  args: [],
  name: known('sh'),
  cwd: known(caller.cwd),
  isZsh: caller.variables.get('SHELL')?.endsWith('/zsh') === true,
  isRoot: false,
  repeats: false,
  inLoop: false,
  depth: 0,
});

/** What a subshell begins with: variables of its own, and the same files. */
export const fork = (scope: Scope): Scope => ({
  ...scope,
  inLoop: false,
  variables: new Map(scope.variables),
  functions: new Map(scope.functions),
  aliases: new Map(scope.aliases),
  traps: new Map(),
});

/** A way that may be taken or not: even its files are its own until the ways meet. */
export const branchOf = (scope: Scope): Scope => ({
  ...fork(scope),
  written: new Map(scope.written),
  made: new Map(scope.made),
});

const DIFFERS = unknown('it depends on which way the command goes');

const isSameText = (a: Text, b: Text): boolean => (a.known ? b.known && a.value === b.value : !b.known);

const isSame = (a: Variable | undefined, b: Variable | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.isArray === b.isArray &&
  a.values.length === b.values.length &&
  String(a.keys) === String(b.keys) &&
  a.values.every((value, index) => isSameText(value, b.values[index] ?? DIFFERS));

/** After branches of which any may have run: what differs between them is not known. */
export const meet = (scope: Scope, branches: readonly Scope[]): void => {
  for (const branch of branches) {
    for (const [name, variable] of branch.variables) {
      if (!isSame(variable, scope.variables.get(name))) {
        scope.variables.set(name, {values: [DIFFERS], isArray: false});
      }
    }
    for (const name of scope.variables.keys()) {
      if (!branch.variables.has(name)) {
        scope.variables.set(name, {values: [DIFFERS], isArray: false});
      }
    }
    for (const [path, text] of branch.written) {
      const before = scope.written.get(path);
      scope.written.set(path, before !== undefined && isSameText(before, text) ? text : DIFFERS);
    }
    for (const [path, origin] of branch.made) {
      if (scope.written.has(path) && !branch.written.has(path)) {
        scope.written.set(path, DIFFERS);
      }
      scope.made.set(path, origin);
    }
    for (const [name, body] of branch.functions) {
      scope.functions.set(name, body);
    }
    for (const [name, text] of branch.aliases) {
      scope.aliases.set(name, text);
    }
    if (!isSameText(branch.cwd, scope.cwd)) {
      scope.cwd = DIFFERS;
    }
  }
};

const CHANGED = unknown('what a variable makes of what it is given is not followed');

export const setText = (scope: Scope, name: string, value: Text): void => {
  const changes = scope.variables.get(name)?.changes;
  scope.variables.set(name, changes === true ? {values: [CHANGED], isArray: false, changes} : {values: [value], isArray: false});
};
