// The text of rigtop trust: what a project's file says, what of it counts already, and what an approval would change. Pure.

import type {Standing} from '../config/layers.ts';
import {formatProblem} from '../config/problem.ts';
import type {Change, Review} from '../config/review.ts';
import {oneLine} from '../core/domain/command-line.ts';
import {escapeText} from './documents/json-text.ts';
import type {Paint} from './paint.ts';

const STANDINGS: Readonly<Record<Standing, string>> = {
  word: 'is your own configuration',
  free: 'asks for nothing that needs your approval',
  approved: 'has your approval, as it stands',
  waiting: 'waits for your approval',
  changed: 'has changed since you approved it, and waits again',
};

const changeLine = ({key, value, now, runs}: Change, width: number, paint: Paint): string => {
  const words = `${escapeText(key).padEnd(width)}  ${escapeText(value)}`;
  return `  ${runs ? paint('danger', `${words}  (may be run)`) : words}${now === null ? '' : paint('quiet', `  instead of ${escapeText(now)}`)}`;
};

const section = (title: string, changes: readonly Change[], paint: Paint): readonly string[] => {
  const width = Math.min(
    40,
    changes.reduce((widest, {key}) => Math.max(widest, key.length), 0),
  );
  return changes.length === 0 ? [] : [paint('strong', title), ...changes.map(change => changeLine(change, width, paint))];
};

/** Whole: what is not shown cannot have been approved. Ends in a newline; every line is safe for a terminal. */
export const formatReview = ({file, digest, standing, free, changes, leftOut, problems}: Review, paint: Paint): string =>
  [
    `${paint('strong', oneLine(file))} ${STANDINGS[standing]}`,
    paint('quiet', `sha256 ${digest}`),
    ...section('Counts at once', free, paint),
    ...section(standing === 'approved' ? 'Counts by your approval' : 'Would count with your approval', changes, paint),
    ...leftOut.map(line => `Even then ${oneLine(line)}`),
    ...problems.map(problem => paint('danger', formatProblem(problem))),
  ]
    .map(line => `${line}\n`)
    .join('');
