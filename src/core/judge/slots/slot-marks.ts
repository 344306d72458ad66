// Which slot an environment names, by the marks of the tools that give slots. Pure.
import {ownValue} from '../../domain/own-value.ts';
import type {SlotMark} from '../../domain/slot-place.ts';

type Env = Readonly<Record<string, string>>;

const asNumber = (text: string | undefined): number | null => (text !== undefined && /^\d+$/.test(text) ? Number(text) : null);

/** The number of a slot that an environment names, of whichever tool. */
export const slotNumberIn = (marks: readonly SlotMark[], env: Env): number | null =>
  marks.map(({slot}) => asNumber(ownValue(env, slot))).find(number => number !== null) ?? null;

export interface NamedSlot {
  readonly mark: SlotMark & {readonly slug: string};
  readonly slug: string | null;
  readonly slot: number | null;
}

/** The slot that an environment names in the words of a tool that gives its slots names; null where none does. */
export const slotNamedIn = (marks: readonly SlotMark[], env: Env): NamedSlot | null => {
  for (const mark of marks) {
    const slug = mark.slug === null ? undefined : ownValue(env, mark.slug);
    const slot = ownValue(env, mark.slot);
    if (mark.slug !== null && (slug !== undefined || slot !== undefined)) {
      return {mark: {...mark, slug: mark.slug}, slug: slug ?? null, slot: asNumber(slot)};
    }
  }
  return null;
};

/** What the environment of a process says when it is of this slot: all pairs of one entry must match. */
export const environmentsOf = (
  marks: readonly SlotMark[],
  {tool, rig, slug, slot}: {readonly tool: string; readonly rig: string; readonly slug: string | null; readonly slot: number},
): readonly Env[] => {
  const own = marks.filter(mark => mark.tool === tool);
  return own.length > 0
    ? own.flatMap(mark => (mark.slug === null || slug === null ? [] : [{[mark.slug]: slug, [mark.slot]: String(slot)}]))
    : marks.flatMap(mark => (mark.rig === null || slug !== null ? [] : [{[mark.rig]: rig, [mark.slot]: String(slot)}]));
};

/** What of an environment names the slot, in words; null where nothing does. */
export const namedInWords = (environments: readonly Env[], env: Env): string | null => {
  const match = environments.find(entry => Object.entries(entry).every(([name, value]) => ownValue(env, name) === value));
  return match === undefined
    ? null
    : `its environment says ${Object.entries(match)
        .map(pair => pair.join('='))
        .join(', ')}`;
};
