// ARCHITECTURE.md is the map: every folder is on it, and nothing is on it that is not there.
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, it} from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const map = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

const foldersBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), {withFileTypes: true})
    .filter(entry => entry.isDirectory())
    .flatMap(entry => [`${folder}/${entry.name}`, ...foldersBelow(`${folder}/${entry.name}`)]);

const hasFiles = (folder: string): boolean => readdirSync(join(root, folder)).some(name => statSync(join(root, folder, name)).isFile());

/** Every source has the same folders inside: they are named once for all. */
const asNamed = (folder: string): string => folder.replace(/^src\/sources\/[^/]+\//, 'src/sources/*/');

it('names every source folder that holds files', () => {
  const unnamed = foldersBelow('src').filter(folder => hasFiles(folder) && !map.includes(`| \`${asNamed(folder)}\` |`));
  expect(unnamed).toEqual([]);
});

it('names no folder and no file that is not there', () => {
  const named = [...map.matchAll(/`((?:src|test|bench|scripts|docs)\/[\w/.-]*)`/g)].map(([, path]) => path ?? '');
  expect(named.filter(path => !existsSync(join(root, path)))).toEqual([]);
});
