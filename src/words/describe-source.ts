// What is said of a source of a look: its name, what it answered, and what a person may do about it. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import type {SourceStatus} from '../core/domain/known.ts';

/** `tmux work`; one word where the source is its only target. */
export const sourceName = ({source, target}: Pick<SourceStatus, 'source' | 'target'>): string =>
  oneLine(source === target ? source : `${source} ${target}`);

/** `tmux work: did not answer within 2 s`. */
export const describeAnswer = (status: Pick<SourceStatus, 'source' | 'target' | 'detail'>): string =>
  `${sourceName(status)}: ${oneLine(status.detail)}`;

/** `tmux work: did not answer within 2 s (look at its socket)`. */
export const describeSource = (status: Pick<SourceStatus, 'source' | 'target' | 'detail' | 'hint'>): string =>
  `${describeAnswer(status)}${status.hint === undefined ? '' : ` (${oneLine(status.hint)})`}`;
