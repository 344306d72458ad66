// Which rigs a town has and what it is called. A registry that cannot be understood is unknown, never empty. Reads files.

import {isRecord, parseRecord, recordField, textField} from '../../../core/domain/json-fields.ts';
import {type Known, known, unknown} from '../../../core/domain/known.ts';
import type {FileRead} from '../../../core/os/host.ts';
import type {FileCache} from './file-cache.ts';

export interface RegistryEntry {
  readonly name: string;
  readonly prefix: string;
}

/** Each rig costs a dozen files a look. */
const MOST_RIGS = 1000;

const DEFAULT_PREFIX = 'gt';

/** A rig's name is one directory below the town; anything else in a registry is corruption or an attack. */
const isRigName = (name: string): boolean => name !== '' && !name.startsWith('.') && !/[/\u0000-\u001f\u007f]/.test(name);

/** `rigs.json`: names and session prefixes. Some readers strip a trailing dash of the prefix, so the dash means nothing. */
const parseRegistry = (text: string): Known<readonly RegistryEntry[]> => {
  const rigs = parseRecord(text)?.rigs;
  if (!isRecord(rigs)) {
    return unknown('the rig registry is not what it should be (no "rigs" object)');
  }
  const count = Object.keys(rigs).length;
  if (count > MOST_RIGS) {
    return unknown(`the rig registry names ${count} rigs; no more than ${MOST_RIGS} are read`);
  }
  const wrong = Object.keys(rigs).find(name => !isRigName(name));
  if (wrong !== undefined) {
    return unknown(`the rig registry holds an impossible name: ${JSON.stringify(wrong)}`);
  }
  return known(
    Object.entries(rigs).map(([name, rig]) => {
      const beads = isRecord(rig) ? recordField(rig, 'beads') : null;
      const prefix = (beads === null ? null : textField(beads, 'prefix'))?.replace(/-+$/, '');
      return {name, prefix: prefix === undefined || prefix === '' ? DEFAULT_PREFIX : prefix};
    }),
  );
};

export const parseTownName = (text: string): string | null => {
  const record = parseRecord(text);
  return record === null ? null : textField(record, 'name');
};

const asKnown = (path: string, answer: FileRead<Known<readonly RegistryEntry[]>>): Known<readonly RegistryEntry[]> | null => {
  switch (answer.state) {
    case 'ok':
      return answer.value.known ? answer.value : unknown(`${path}: ${answer.value.because}`);
    case 'missing':
      return null;
    default:
      return unknown(`${path}: ${answer.because}`);
  }
};

const looksLikeRig = async (cache: FileCache, path: string): Promise<boolean> => {
  const parts = await Promise.all(['polecats', 'crew', 'witness', 'refinery'].map(name => cache.inspect(`${path}/${name}`)));
  return parts.some(part => part.state !== 'missing');
};

/** No registry at all: a town without rigs if nothing in it looks like a rig; otherwise the registry was lost, and nobody can tell. */
const readWithoutRegistry = async (cache: FileCache, town: string): Promise<Known<readonly RegistryEntry[]>> => {
  const names = await cache.list(town);
  if (names.state !== 'ok') {
    return unknown(`${town} cannot be listed`);
  }
  for (const name of names.value) {
    if (!name.startsWith('.') && (await looksLikeRig(cache, `${town}/${name}`))) {
      return unknown(`${town}/mayor/rigs.json is missing, but ${name} looks like a rig`);
    }
  }
  return known([]);
};

/**
 * Rigs of a town: `mayor/rigs.json`, or its copy `rigs.json` when the first is missing. The copy does not stand in for a broken
 * original: it may be older, and a rig missing from it would look like nobody's.
 */
export const readRegistry = async (cache: FileCache, town: string): Promise<Known<readonly RegistryEntry[]>> => {
  for (const path of [`${town}/mayor/rigs.json`, `${town}/rigs.json`]) {
    const registry = asKnown(path, await cache.read(path, parseRegistry));
    if (registry !== null) {
      return registry;
    }
  }
  return readWithoutRegistry(cache, town);
};
