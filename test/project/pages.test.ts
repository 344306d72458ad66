// The written examples are true: what the documents show is what the program takes.
import {readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, it} from 'vitest';
import {EXAMPLE} from '../../scripts/pages/configuration.ts';
import {parseConfig} from '../../src/config/parse-config.ts';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'ARCHITECTURE.md'],
  ...readdirSync(join(root, 'docs'), {recursive: true, encoding: 'utf8'})
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
];

it('the example configuration is valid', () => {
  const {problems, values} = parseConfig('example.toml', EXAMPLE);
  expect(problems).toEqual([]);
  expect(Object.keys(values).length).toBeGreaterThan(5);
});

it('the scripts that the documents name are in package.json', () => {
  const {scripts} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {scripts: Readonly<Record<string, string>>};
  const named = pages.flatMap(page =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? ''),
  );
  expect(named.filter(name => scripts[name] === undefined)).toEqual([]);
});
