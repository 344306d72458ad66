// The documents are honest: what they link to is there, what they tell people to type is understood, and nothing is left unexplained.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {expect, it} from 'vitest';
import {COMMANDS} from '../../src/cli/command-table.ts';
import {isFailure} from '../../src/cli/failure.ts';
import {parseArguments} from '../../src/cli/parse-arguments.ts';
import {FINDING_KINDS} from '../../src/core/domain/finding.ts';
import {findingBadge} from '../../src/words/badges.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (page: string): string => readFileSync(join(root, page), 'utf8');
const under = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'}).map(name => `${folder}/${name}`);
const docs = under('docs').filter(name => name.endsWith('.md'));
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'ARCHITECTURE.md', ...docs];

const withoutFences = (text: string): string => text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');

/** Anchors as GitHub makes them of headings. */
const anchorsOf = (page: string): readonly string[] =>
  [...withoutFences(read(page)).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(pages)('%s: every relative link leads somewhere', page => {
  const links = [...withoutFences(read(page)).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
  const broken = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

it.each(['README.md', 'ARCHITECTURE.md', ...docs])('%s: every path of the source that it names is there', page => {
  const named = [...read(page).matchAll(/`((?:src|test|scripts|docs|bench)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  expect(named.filter(path => !existsSync(join(root, path)))).toEqual([]);
});

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocksOf = (page: string): readonly Block[] =>
  [...read(page).matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)].map(([, , language = '', text = '']) => ({language, text}));

/** Lines that people type: all of a shell block, those behind `$ ` of a session; continued ones joined. */
const typedLines = ({language, text}: Block): readonly string[] => {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  if (language === 'console') {
    return lines
      .map(line => line.trim())
      .filter(line => line.startsWith('$ '))
      .map(line => line.slice(2));
  }
  return language === 'sh' || language === 'bash' ? lines : [];
};

/** Words of each `rigtop …` in a line, up to what the shell takes for itself. Quotes are taken off; there is nothing to expand. */
const calls = (line: string): readonly (readonly string[])[] =>
  [...line.replace(/(^|\s)#.*$/, '').matchAll(/(?:^|[\s(|;&])rigtop((?:\s+(?:'[^']*'|"[^"]*"|[^\s|;&<>()'"]+))*)/g)].map(([, words = '']) =>
    [...words.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? ''),
  );

/** In blocks, and in the running text: `rigtop kill REF`. A command alone in the text, `rigtop kill`, is only its name. */
const commandLines = (page: string): readonly (readonly string[])[] => {
  const inline = [...withoutFences(read(page)).matchAll(/`(rigtop \S[^`]* [^`]+|rigtop -[^`]+)`/g)].map(([, line = '']) => line);
  return [...blocksOf(page).flatMap(typedLines), ...inline].flatMap(calls);
};

it.each(['README.md', ...docs])('%s: every command line that it shows is understood', page => {
  const wrong = commandLines(page)
    .map(argv => ({argv: ['rigtop', ...argv].join(' '), parsed: parseArguments(argv, COMMANDS)}))
    .flatMap(({argv, parsed}) => (isFailure(parsed) ? [`${argv}: ${parsed.message}`] : []));
  expect(wrong).toEqual([]);
});

it('command lines are found in blocks, pipes and comments, and wrong ones are told', () => {
  expect(calls('rigtop status --json | jq .  # rigtop nothing')).toEqual([['status', '--json']]);
  expect(calls("id=$(rigtop kill 'a b' --yes); rigtop apply x && ssh -t h rigtop watch")).toEqual([
    ['kill', 'a b', '--yes'],
    ['apply', 'x'],
    ['watch'],
  ]);
  expect(isFailure(parseArguments(calls('rigtop status --jsno')[0] ?? [], COMMANDS))).toBe(true);
  expect(commandLines('docs/guide.md').length).toBeGreaterThan(20);
  expect(commandLines('README.md').length).toBeGreaterThan(3);
});

it('every command is shown at work somewhere', () => {
  const shown = new Set(['README.md', ...docs.filter(page => page !== 'docs/commands.md')].flatMap(commandLines).map(([name]) => name));
  expect(COMMANDS.map(({name}) => name).filter(name => !shown.has(name))).toEqual(['help']);
});

it('every kind of finding is explained, under the word that the screen shows', () => {
  const page = read('docs/detectors.md');
  const badges = FINDING_KINDS.map(kind => [kind, findingBadge({kind, certainty: 'sure'}).word] as const);
  expect(badges.filter(([kind, word]) => !page.includes(`\n## ${kind}\n\nShown as ${word}.`))).toEqual([]);
});

it('every decision is in the list of decisions, under a number of its own', () => {
  const list = read('docs/decisions/README.md');
  const decisions = readdirSync(join(root, 'docs/decisions')).filter(name => /^\d/.test(name));
  expect(decisions.filter(name => !list.includes(`(${name})`))).toEqual([]);
  expect(new Set(decisions.map(name => name.slice(0, 4))).size).toBe(decisions.length);
  expect(decisions.filter(name => !read(`docs/decisions/${name}`).startsWith(`# ${Number(name.slice(0, 4))}. `))).toEqual([]);
});
