// Rules about files that no linter knows: size, name, opening sentence, and that each source file is in exactly one room.
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {ROOMS} from './layers.ts';

const SOURCE_LINES = 400;
const TEST_LINES = 500;
/** Nine of ten source files stay below this; a file that grows past it wants a second room. */
const SOURCE_P90 = 200;
/** Fewer modules than this means that the listing is broken, not that the program shrank. */
const FEWEST_SOURCES = 20;
const EMPTY_NAME = /^(service|helpers?)\.tsx?$|(^|-)(manager|utils?|utilities|handlers?|misc|common)\.tsx?$/;

interface Text {
  readonly path: string;
  readonly lines: readonly string[];
}

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'test', 'bench', 'scripts'], {
  encoding: 'utf8',
});
const texts: readonly Text[] = tracked
  .split('\n')
  .filter(path => /\.(tsx?|mjs)$/.test(path) && existsSync(path))
  .map(path => ({path, lines: readFileSync(path, 'utf8').replace(/\n$/, '').split('\n')}));
const sources = texts.filter(({path}) => path.startsWith('src/'));

const globPattern = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+]/g, '\\$&').replace(/\*\*|\*/g, stars => (stars === '**' ? '.*' : '[^/]*'))}$`);

const roomsOf = (path: string): readonly string[] =>
  ROOMS.filter(({files}) => {
    const has = files.filter(glob => !glob.startsWith('!')).some(glob => globPattern(glob).test(path));
    return has && !files.some(glob => glob.startsWith('!') && globPattern(glob.slice(1)).test(path));
  }).map(room => room.name);

/** What a source file is asked for by: an entry is asked for by its folder. */
const nameOf = (path: string): string => basename(path).replace(/\.tsx?$/, '');
const namesakesOf = (path: string): readonly string[] =>
  nameOf(path) === 'index'
    ? []
    : sources.filter(other => other.path !== path && nameOf(other.path) === nameOf(path)).map(other => other.path);

const faultsOf = ({path, lines}: Text): readonly string[] => {
  const limit = path.startsWith('test/') ? TEST_LINES : SOURCE_LINES;
  const rooms = roomsOf(path);
  return [
    ...(lines.length > limit ? [`${lines.length} lines, at most ${limit}`] : []),
    ...(EMPTY_NAME.test(basename(path)) ? ['a name that says nothing: name what it does'] : []),
    ...(path.startsWith('test/') || /^(\/\/ |#!)/.test(lines[0] ?? '') ? [] : ['must open with a sentence about its job: // …']),
    ...(path.startsWith('src/') ? namesakesOf(path).map(other => `has the name of ${other}: a name stands once in src`) : []),
    ...(path.startsWith('src/') && rooms.length !== 1
      ? [`in ${rooms.length} rooms (${rooms.join(', ')}), must be in one: scripts/layers.ts`]
      : []),
  ].map(fault => `${path}: ${fault}`);
};

const isComment = (line: string): boolean => /^\s*(\/\/|\/?\*)/.test(line);
const sorted = sources.map(({lines}) => lines.length).sort((a, b) => a - b);
const quantile = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
const all = sources.flatMap(({lines}) => lines).filter(line => line.trim() !== '');
const comments = all.filter(isComment).length;

const faults = [
  ...texts.flatMap(faultsOf),
  ...(sources.length < FEWEST_SOURCES ? [`only ${sources.length} source files seen`] : []),
  ...(quantile(0.9) > SOURCE_P90 ? [`nine of ten source files must stay below ${SOURCE_P90} lines; the ninth has ${quantile(0.9)}`] : []),
];
for (const fault of faults) {
  console.error(fault);
}
console.log(
  `${sources.length} source files: median ${quantile(0.5)}, p90 ${quantile(0.9)}, longest ${quantile(1)} lines; ` +
    `comments ${Math.round((100 * comments) / (all.length - comments))} % of code`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
