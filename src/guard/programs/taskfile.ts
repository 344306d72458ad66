// Tasks of a Taskfile (taskfile.dev): not played, but asked about where what they run plainly ends something. Pure.
import type {Program} from '../call.ts';
import {plainlyEnds} from '../plainly-ends.ts';
import {hiddenText, NOTHING, pathOf, unclear, undecided, wordsOf} from '../results.ts';
import {parseOptions} from './options.ts';
import {nearest} from './package-files.ts';

const FILES = ['Taskfile', 'taskfile'].flatMap(name => ['.yml', '.yaml', '.dist.yml', '.dist.yaml'].map(end => name + end));

/** The lines of a task, by their indentation; all of the file where it calls others, or is not found. */
const blockOf = (text: string, name: string): string => {
  const rows = text.split('\n');
  const first = rows.findIndex(row => row.trim().replace(/["']/g, '').startsWith(`${name}:`));
  const indent = rows.at(Math.max(0, first))?.search(/\S/) ?? 0;
  const length = rows.slice(first + 1).findIndex(row => row.trim() !== '' && row.search(/\S/) <= indent);
  const block = rows.slice(first, length < 0 ? undefined : first + 1 + length).join('\n');
  return first < 0 || /\b(?:task|deps):/.test(block) ? text : block;
};

export const task: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, {short: 'dtcCo', long: ['dir', 'taskfile', 'concurrency', 'output', 'interval']});
  const [directory] = options.all('d', 'dir');
  const [file] = options.all('t', 'taskfile');
  const place = directory === undefined ? call.scope.cwd : pathOf(call.scope, directory);
  const found = place.known ? nearest(call, place.value, file === undefined ? FILES : [file], true) : place;
  if (!found.known) {
    return hiddenText(call, found.because);
  }
  const {value} = found;
  if (value === null || options.has('l', 'list', 'list-all', 'n', 'dry', 'summary')) {
    return NOTHING;
  }
  const goals = options.rest.filter(word => !word.includes('='));
  return (goals.length > 0 ? goals : ['default']).some(goal => plainlyEnds(blockOf(value.text, goal)))
    ? undecided(call, 'whom a task ends is not followed')
    : unclear('what a task writes is not known');
};
