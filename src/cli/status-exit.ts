// What the exit code of a report is. Pure.
import type {Finding} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {EXIT, type ExitCode} from './exit-codes.ts';

/** Whether a finding makes the exit code 1. */
export type Counts = (finding: Finding) => boolean;

export const statusExit = ({findings, snapshot}: Assessment, counts: Counts): ExitCode => {
  if (findings.some(counts)) {
    return EXIT.findings;
  }
  return snapshot.sources.some(source => source.state === 'unknown') ? EXIT.incomplete : EXIT.done;
};
