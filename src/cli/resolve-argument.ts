// A reference given on the command line: the one thing that it means, or the failure that says what to name instead. Pure.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Thing} from '../core/domain/thing.ts';
import {resolveReference} from '../core/look/index/resolve-reference.ts';
import {describeUnresolved} from '../words/describe-unresolved.ts';
import {type Failure, incomplete, wrongUsage} from './failure.ts';

/** The one thing that `text` means (docs/commands.md, REF). What may be where nobody could look is incomplete, never missing. */
export const resolveArgument = (text: string, assessment: Assessment): Thing | Failure => {
  const resolution = resolveReference(text, assessment);
  if (resolution.answer === 'thing') {
    return resolution.thing;
  }
  const {message, hint} = describeUnresolved(resolution);
  switch (resolution.answer) {
    case 'missing':
      return wrongUsage(message, hint, resolution.what === 'port' ? 'usage' : 'not-found');
    case 'ambiguous':
      return wrongUsage(message, hint, 'ambiguous');
    default:
      return incomplete(message, hint);
  }
};
