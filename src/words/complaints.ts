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

/**
 * Why it failed, in its own words where it said something; null when it did not fail. Most programs say it in the first line of their
 * errors and go on with advice; what runs others (a starter, docker compose) tells of its progress first, and why it failed at the end.
 */
export const complaintOf = (
  program: string,
  {trouble, exitCode, stderr}: RanProgram,
  saidIn: 'first' | 'last' = 'first',
): string | null => {
  if (trouble !== null) {
    return `${program} ${TROUBLES[trouble]}`;
  }
  if (exitCode === 0) {
    return null;
  }
  const said = stderr
    .split('\n')
    .map(oneLine)
    .filter(line => line !== '')
    .at(saidIn === 'first' ? 0 : -1);
  if (said === undefined) {
    return `${program} ended with ${exitCode === null ? 'a signal' : `status ${exitCode}`}`;
  }
  return said.startsWith(`${program}:`) ? said : `${program}: ${said}`;
};
