// What agents are called where their rig stands beside them: the useful end of their names. Pure.
import type {Assessment} from '../core/domain/fleet.ts';
import {remembered} from '../core/domain/remember.ts';

/** `checkout/crew/max` of `agent:checkout/crew/max`. */
export const refName = (ref: string): string => ref.slice(ref.indexOf(':') + 1);

const isNumber = (text: string): boolean => /^\d*$/.test(text);

/** Without what the rig’s name says already, unless only a number is left. */
const withoutRig = (name: string, rig: string): string => {
  const own = name.startsWith(`${rig}/`) ? name.slice(rig.length + 1) : name;
  const rest = own.startsWith(rig) ? own.slice(rig.length).replace(/^[-_./:]/, '') : own;
  return isNumber(rest) || rest.length === own.length - rig.length ? own : rest;
};

/** What all of them begin with, up to where a word of each ends: that of one alone, or with a number behind it, says something. */
const commonBeginning = (names: readonly string[]): string => {
  const [first = '', ...others] = names;
  let length = others.length === 0 ? 0 : first.length;
  for (const name of others) {
    while (!name.startsWith(first.slice(0, length))) {
      length -= 1;
    }
  }
  const words = /^.*[-_.:]/.exec(first.slice(0, length))?.[0] ?? '';
  return words.includes('/') || names.some(name => isNumber(name.slice(words.length))) ? '' : words;
};

/** By reference: what its rig says is left away, then what every agent of that rig begins with. */
const namesOf = remembered((agents: Assessment['fleet']['agents']): ReadonlyMap<string, string> => {
  const rigs = new Map<string, Map<string, string>>();
  for (const {ref, rig, town} of agents) {
    const key = `${town ?? ''}/${rig}`;
    rigs.set(key, (rigs.get(key) ?? new Map<string, string>()).set(ref, withoutRig(refName(ref), rig)));
  }
  return new Map(
    [...rigs.values()].flatMap(names => {
      const beginning = commonBeginning([...names.values()]);
      return [...names].map(([ref, name]) => [ref, name.slice(beginning.length)] as const);
    }),
  );
});

/** Of an agent that is in the fleet no more, its whole name. */
export const agentName = ({fleet}: Pick<Assessment, 'fleet'>, ref: string): string => namesOf(fleet.agents).get(ref) ?? refName(ref);
