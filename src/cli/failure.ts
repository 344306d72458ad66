// Why a command could not do what was asked, and what to do about it: data, one line on stderr, one object with --json. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import {EXIT, type ExitCode} from './exit-codes.ts';

export interface Failure {
  readonly failed: true;
  readonly exit: ExitCode;
  /** For scripts: `usage`, `config`, `not-found`, `ambiguous`, `incomplete`, `read-only`, or the name of the rule that refused. */
  readonly code: string;
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

const failure = (exit: ExitCode, code: string, message: string, hint: string): Failure => ({failed: true, exit, code, message, hint});

export const wrongUsage = (message: string, hint: string, code = 'usage'): Failure => failure(EXIT.usage, code, message, hint);
export const brokenConfig = (message: string, hint: string): Failure => failure(EXIT.usage, 'config', message, hint);
export const incomplete = (message: string, hint: string): Failure => failure(EXIT.incomplete, 'incomplete', message, hint);
export const refused = (code: string, message: string, hint: string): Failure => failure(EXIT.refused, code, message, hint);

export const isFailure = (answer: unknown): answer is Failure => typeof answer === 'object' && answer !== null && 'failed' in answer;

/** `rigtop: no process 77: rigtop status lists what there is`; behind a message that ends in a command the hint is not part of it. */
export const formatFailure = ({message, hint}: Failure): string => {
  const asked = /; run |: rigtop /.test(message) ? ` (${hint})` : `: ${hint}`;
  return oneLine(`rigtop: ${message}${hint === '' ? '' : asked}`);
};

export const failureDocument = ({code, message, hint}: Failure) => ({error: {code, message, hint}});
