// Why a program that was run did not do what it was run for. Pure.
import {oneLine} from '../core/domain/command-line.ts';

/** What is known of a program that has been run. */
export interface RanProgram {
  readonly stderr: string;
  /** Null when it did not exit by itself. */
  readonly exitCode: number | null;
  readonly trouble: 'timeout' | 'missing' | 'denied' | 'too-large' | 'aborted' | 'failed' | null;
}

const TROUBLES: Readonly<Record<NonNullable<RanProgram['trouble']>, string>> = {
  timeout: 'did not answer in time',
  missing: 'is not installed',
  denied: 'may not be run',
  'too-large': 'answered with more than is read',
  aborted: 'was cut short',
  failed: 'could not be run',
};

/** Most programs say what is wrong in the first line of their errors, and go on with advice. */
type SaidIn = 'first' | 'last';

const wordsOf = ({stderr}: RanProgram, saidIn: SaidIn): string | undefined =>
  stderr
    .split('\n')
    .map(oneLine)
    .filter(line => line !== '')
    .at(saidIn === 'first' ? 0 : -1);

const failureOf = ({trouble, exitCode}: RanProgram): string => {
  if (trouble !== null) {
    return TROUBLES[trouble];
  }
  return `ended with ${exitCode === null ? 'a signal' : `status ${exitCode}`}`;
};

const hasFailed = ({trouble, exitCode}: RanProgram): boolean => trouble !== null || exitCode !== 0;

/** Why it failed, where its name is said already; null when it did not fail. */
export const complaint = (ran: RanProgram): string | null =>
  hasFailed(ran) ? ((ran.trouble === null ? wordsOf(ran, 'first') : undefined) ?? failureOf(ran)) : null;

/**
 * Why it failed, in its own words where it said something; null when it did not fail. What runs others (a starter, docker compose)
 * tells of its progress first, and at the end why it failed.
 */
export const complaintOf = (program: string, ran: RanProgram, saidIn: SaidIn = 'first'): string | null => {
  if (!hasFailed(ran)) {
    return null;
  }
  const said = ran.trouble === null ? wordsOf(ran, saidIn) : undefined;
  if (said === undefined) {
    return `${program} ${failureOf(ran)}`;
  }
  return said.startsWith(`${program}:`) ? said : `${program}: ${said}`;
};
