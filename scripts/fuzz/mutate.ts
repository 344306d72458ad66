// One text made into another: by bytes, by the structure it has, by splicing two, or replaced by something extreme.
import type {Dice} from './dice.ts';
import {EXTREMES, hostileText, hostileValue} from './hostile.ts';

const MOST_STEPS = 6;

const changeBytes = (text: string, dice: Dice): string => {
  const bytes = [...Buffer.from(text)];
  for (let step = 1 + dice.below(MOST_STEPS); step > 0; step -= 1) {
    const at = dice.below(bytes.length + 1);
    const some = Array.from({length: 1 + dice.below(8)}, () => dice.below(256));
    bytes.splice(at, dice.pick([0, 1, 1, 4, 64]), ...(dice.chance(0.7) ? some : []));
  }
  return Buffer.from(dice.chance(0.2) ? bytes.slice(0, dice.below(bytes.length + 1)) : bytes).toString('latin1');
};

const splice = (text: string, other: string, dice: Dice): string => {
  const from = dice.below(other.length + 1);
  const at = dice.below(text.length + 1);
  return text.slice(0, at) + other.slice(from, from + dice.below(400)) + text.slice(dice.chance(0.5) ? at : dice.below(text.length + 1));
};

type Place = {readonly holder: Record<string, unknown>; readonly key: string};

const places = (value: unknown): readonly Place[] => {
  const found: Place[] = [];
  const walk = (each: unknown): void => {
    if (typeof each === 'object' && each !== null) {
      for (const key of Object.keys(each)) {
        found.push({holder: each as Record<string, unknown>, key});
        walk((each as Record<string, unknown>)[key]);
      }
    }
  };
  walk(value);
  return found;
};

const setOwn = (holder: Record<string, unknown>, key: string, value: unknown): void => {
  Object.defineProperty(holder, key, {value, enumerable: true, configurable: true, writable: true});
};

/** Changes go on up to here; far more than this takes the fuzzer longer to write than the program to read. */
const LARGE = 400_000;

const lengthOf = (value: unknown): number => JSON.stringify(value)?.length ?? 1;

/** A JSON value of the same sort with some of its parts changed. The one given is left as it is. */
export const changeValue = (value: unknown, dice: Dice, pids: readonly number[]): unknown => {
  const root: Record<string, unknown> = {all: structuredClone(value)};
  for (let step = 1 + dice.below(MOST_STEPS); step > 0; step -= 1) {
    const all = places(root);
    const {holder, key} = dice.pick(all);
    switch (dice.below(7)) {
      case 0:
        Reflect.deleteProperty(holder, key);
        setOwn(holder, Array.isArray(holder) ? key : hostileText(dice), hostileValue(dice, pids));
        break;
      case 1:
        setOwn(holder, key, structuredClone(dice.pick(all).holder));
        break;
      case 2: {
        const times = Math.min(dice.pick([2, 2, 3, 50, 1000]), Math.ceil(LARGE / lengthOf(holder[key])));
        setOwn(
          holder,
          key,
          Array.from({length: times}, () => holder[key]),
        );
        break;
      }
      case 3: {
        let deep = holder[key];
        for (let depth = dice.pick([3, 100, 3000]); depth > 0; depth -= 1) {
          deep = dice.chance(0.5) ? [deep] : {a: deep};
        }
        setOwn(holder, key, deep);
        break;
      }
      case 4:
        setOwn(holder, dice.chance(0.5) ? '__proto__' : 'constructor', hostileValue(dice, pids));
        break;
      default:
        setOwn(holder, key, hostileValue(dice, pids));
    }
    if (lengthOf(root) > LARGE) {
      break;
    }
  }
  return root.all;
};

const changeJson = (text: string, dice: Dice, pids: readonly number[]): string => {
  const lines = text.trim().split('\n');
  try {
    const isLines = lines.length > 1 && lines[0]?.endsWith('}') === true;
    if (!isLines) {
      return JSON.stringify(changeValue(JSON.parse(text), dice, pids)) ?? '';
    }
    const at = dice.below(lines.length);
    return `${lines.map((line, index) => (index === at ? JSON.stringify(changeValue(JSON.parse(line), dice, pids)) : line)).join('\n')}\n`;
  } catch {
    return changeBytes(text, dice);
  }
};

const asToml = (value: unknown): string => (typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '""'));

/** TOML by its lines: values, keys and tables changed, doubled, moved and left out. */
const changeToml = (text: string, dice: Dice, pids: readonly number[]): string => {
  const lines = text.split('\n');
  for (let step = 1 + dice.below(MOST_STEPS); step > 0; step -= 1) {
    const at = dice.below(lines.length);
    const line = lines[at] ?? '';
    const [key = ''] = line.split('=');
    switch (dice.below(6)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, ...Array.from({length: dice.pick([1, 2, 300])}, () => line));
        break;
      case 2:
        lines.splice(at, 0, lines[dice.below(lines.length)] ?? line);
        break;
      case 3:
        lines.splice(at, 1, `${JSON.stringify(hostileText(dice))} = ${asToml(hostileValue(dice, pids))}`);
        break;
      default:
        lines.splice(at, 1, line.includes('=') ? `${key}= ${asToml(hostileValue(dice, pids))}` : line);
    }
  }
  return lines.join('\n');
};

/** Bytes of the mutated file, as latin1 where bytes were changed. */
export const mutate = (text: string, others: readonly string[], dice: Dice, pids: readonly number[]): Buffer => {
  switch (dice.below(10)) {
    case 0:
      return Buffer.from(dice.pick(EXTREMES)(dice));
    case 1:
      return Buffer.from(splice(text, dice.pick(others), dice));
    case 2:
    case 3:
      return Buffer.from(changeBytes(text, dice), 'latin1');
    default:
      return Buffer.from(
        /^\s*[[{]"?/.test(text) && !/^\s*\[+[a-z_]/i.test(text) ? changeJson(text, dice, pids) : changeToml(text, dice, pids),
      );
  }
};
