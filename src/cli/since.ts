// `--since`: a duration back from now, or a moment. Pure.
import {parseDuration} from '../config/durations.ts';
import {type Failure, wrongUsage} from './failure.ts';

/** ISO 8601, whole or its date alone. Date.parse takes much more: "5" is a day in May of 2001 to it. */
const MOMENT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** Milliseconds since the epoch; 0 without a text. */
export const parseSince = (text: string | undefined, now: number): number | Failure => {
  if (text === undefined) {
    return 0;
  }
  const back = parseDuration(text);
  const named = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  const moment = back === null ? named : now - back;
  return Number.isNaN(moment)
    ? wrongUsage(`--since cannot be "${text}"`, 'it is a duration such as 2h, or a time such as 2026-11-20T10:00')
    : moment;
};
