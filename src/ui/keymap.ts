// The key bindings as data: footer, help, palette, docs and config all come from here. Pure; no React.
import {ACTING} from './actions/act.ts';
import {BROWSING} from './actions/browse.ts';
import {CHOOSING} from './actions/choose-actions.ts';
import {DIALOGS} from './actions/dialogs.ts';
import {LISTING} from './actions/list-actions.ts';
import {LOOKING} from './actions/look-actions.ts';
import {NEEDING} from './actions/next-need.ts';
import {SEARCHING} from './actions/search-actions.ts';
import {UNATTENDED} from './actions/supervisor-actions.ts';
import {isKeyName, type KeyName} from './key-events.ts';
import type {Binding, Keymap, Scope} from './screen-context.ts';

const BUILT_IN: readonly Binding[] = [
  ...BROWSING,
  ...LISTING,
  ...NEEDING,
  ...ACTING,
  ...LOOKING,
  ...UNATTENDED,
  ...DIALOGS,
  ...SEARCHING,
  ...CHOOSING,
];

/** `{stop: ['x', 'F9']}` as the config has it; an empty list unbinds. */
export type KeySettings = Readonly<Record<string, readonly KeyName[]>>;

const rebind = (bindings: readonly Binding[], settings: KeySettings): readonly Binding[] =>
  bindings.map(binding => {
    const keys = Object.hasOwn(settings, binding.id) ? settings[binding.id] : undefined;
    const kept = binding.answer === 'no' ? binding.keys : [];
    return keys === undefined ? binding : {...binding, keys: [...new Set([...kept, ...keys])]};
  });

export const createKeymap = (settings: KeySettings = {}): Keymap => {
  const bindings = rebind(BUILT_IN, settings);
  const byKey = new Map(bindings.flatMap(binding => binding.keys.map(key => [`${binding.scope} ${key}`, binding] as const)));
  const firstKeys = new Map(bindings.map(({id, keys}) => [id, keys[0] ?? null] as const));
  return {
    bindings,
    find: (scope, key) => byKey.get(`${scope} ${key}`) ?? byKey.get(`always ${key}`) ?? null,
    keyOf: id => firstKeys.get(id) ?? null,
  };
};

export interface KeyProblem {
  readonly action: string;
  readonly problem: string;
}

/** Whose a key of an open plan is, by built-in keys: a person who reads "y do it" and "Esc cancel" must be right everywhere. */
const ANSWERS: ReadonlyMap<KeyName, string> = new Map(
  BUILT_IN.filter(binding => binding.answer !== undefined).flatMap(({id, keys}) => keys.map(key => [key, id] as const)),
);

const takenAnswers = (bindings: readonly Binding[]): readonly KeyProblem[] =>
  bindings
    .filter(({scope}) => scope === 'plan' || scope === 'always')
    .flatMap(({id, keys}) =>
      keys.flatMap(key => {
        const owner = ANSWERS.get(key) ?? id;
        return owner === id ? [] : [{action: id, problem: `${key} belongs to ${owner} in every plan, and to nothing else`}];
      }),
    );

/** Keys that would make a plan answer itself: whatever opens a plan, and what every dialog takes for "no". */
const neverConfirms = (bindings: readonly Binding[]): ReadonlySet<KeyName> =>
  new Set(['Enter', 'Esc', 'Space', ...bindings.filter(binding => binding.dangerous === true).flatMap(binding => binding.keys)]);

/** What is wrong with the keys of a config: unknown actions, unknown keys, two actions on one key. Empty when nothing is. */
export const checkKeys = (settings: KeySettings): readonly KeyProblem[] => {
  const bindings = rebind(BUILT_IN, settings);
  const known = new Set(BUILT_IN.map(binding => binding.id));
  const problems: KeyProblem[] = [];
  for (const [action, keys] of Object.entries(settings)) {
    if (!known.has(action)) {
      problems.push({action, problem: `there is no action "${action}"`});
    }
    for (const key of keys.filter(each => !isKeyName(each))) {
      problems.push({action, problem: `"${key}" is not a key (write x, G, ^P, Space, Enter, PgUp, F9)`});
    }
  }
  const taken = new Map<string, string>();
  for (const binding of bindings) {
    for (const key of binding.keys) {
      const places = binding.scope === 'always' ? [...new Set(bindings.map(each => each.scope))] : [binding.scope];
      for (const place of places) {
        const holder = taken.get(`${place} ${key}`);
        if (holder !== undefined && holder !== binding.id) {
          // The one that the config names is the one to change.
          const [action, other] = Object.hasOwn(settings, binding.id) ? [binding.id, holder] : [holder, binding.id];
          problems.push({action, problem: `${key} is bound to ${other} too`});
        }
        taken.set(`${place} ${key}`, binding.id);
      }
    }
  }
  problems.push(...takenAnswers(bindings));
  const forbidden = neverConfirms(bindings);
  for (const key of bindings.find(binding => binding.id === 'confirm')?.keys ?? []) {
    if (forbidden.has(key)) {
      problems.push({action: 'confirm', problem: `${key} may not carry a plan out: it opens or closes one`});
    }
  }
  return problems;
};

export interface KeyDescription {
  readonly id: string;
  readonly keys: readonly KeyName[];
  readonly scope: Scope;
  readonly label: string;
  readonly title: string;
  readonly dangerous: boolean;
}

/** Every binding as plain data, in the order of the help: what `docs/keys.md` is generated from. */
export const describeKeymap = (settings: KeySettings = {}): readonly KeyDescription[] =>
  rebind(BUILT_IN, settings).map(({id, keys, scope, label, title, dangerous}) => ({
    id,
    keys,
    scope,
    label,
    title,
    dangerous: dangerous === true,
  }));
