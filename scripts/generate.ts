// Writes everything that is derived from something else in the repository; with --check only says what is out of date.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {biomeOverrides, lazyPlugin} from './biome-overrides.ts';
import {ROOMS} from './layers.ts';
import {matrixTable} from './matrix-table.ts';

const top = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => (existsSync(join(top, path)) ? readFileSync(join(top, path), 'utf8') : '');

/** Path to contents, as they should be. */
type Generated = ReadonlyMap<string, string>;

const biomeFormatted = (path: string, text: string): string =>
  execFileSync(join(top, 'node_modules/.bin/biome'), ['format', '--stdin-file-path', path], {cwd: top, input: text, encoding: 'utf8'});

const biomeConfig = (): Generated => {
  const config = {...JSON.parse(read('biome.json')), overrides: biomeOverrides()};
  return new Map([
    ['biome.json', biomeFormatted('biome.json', JSON.stringify(config))],
    ...ROOMS.filter(room => room.lazily !== undefined).map(room => {
      const path = `scripts/lint/lazy-${room.name}.grit`;
      return [path, biomeFormatted(path, lazyPlugin(room))] as const;
    }),
  ]);
};

/** Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`. */
const between = (path: string, name: string, text: string): string => {
  const whole = read(path);
  const opening = `<!-- ${name} -->`;
  const start = whole.indexOf(opening);
  const end = whole.indexOf(`<!-- /${name} -->`);
  if (start < 0 || end < start) {
    throw new Error(`${path} has no place marked ${opening}`);
  }
  return `${whole.slice(0, start + opening.length)}\n${text}\n${whole.slice(end)}`;
};

const generated: Generated = new Map([...biomeConfig(), ['ARCHITECTURE.md', between('ARCHITECTURE.md', 'matrix', matrixTable(ROOMS))]]);

const stale = [...generated].filter(([path, text]) => read(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of stale) {
    console.error(`${path} is out of date: npm run docs`);
  }
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(top, path)), {recursive: true});
    writeFileSync(join(top, path), text);
    console.log(`wrote ${path}`);
  }
}
