// The flags that every acting command takes, checked: whether to act, and how hard. Pure.
import {parseDuration} from '../../config/durations.ts';
import type {UnlockRule} from '../../core/domain/finding.ts';
import type {Invocation} from '../command.ts';
import {type Failure, wrongUsage} from '../failure.ts';

export interface ActingFlags {
  /** show: print the plan. ask: print it and wait for a yes. act: carry it out. */
  readonly mode: 'show' | 'ask' | 'act';
  /** `--dry-run` was given: a plan may be shown even where nothing may be acted on. */
  readonly onlyShow: boolean;
  readonly force: boolean;
  /** Milliseconds; undefined for the configured one. */
  readonly graceMs: number | undefined;
  readonly unlocks: readonly UnlockRule[];
  /** `--mine`: only what is the calling agent’s own. */
  readonly mine: boolean;
}

const LONGEST_GRACE_MS = 600_000;

/** Where nobody can be asked, and where stdout is a document, the plan is only shown. */
const modeOf = ({io, flags, options}: Pick<Invocation, 'io' | 'flags' | 'options'>): ActingFlags['mode'] => {
  if (options.isSet('dry-run')) {
    return 'show';
  }
  if (options.isSet('yes')) {
    return 'act';
  }
  return io.stdinIsTerminal && io.stdoutIsTerminal && !flags.json ? 'ask' : 'show';
};

export const parseActingFlags = (invocation: Pick<Invocation, 'io' | 'flags' | 'options'>): ActingFlags | Failure => {
  const {options} = invocation;
  const grace = options.text('grace');
  const graceMs = grace === undefined ? undefined : parseDuration(grace);
  if (graceMs === null || (graceMs ?? 0) > LONGEST_GRACE_MS) {
    return wrongUsage(`--grace cannot be "${grace}"`, 'it is a duration up to 10m, such as 500ms or 10s');
  }
  if (options.isSet('mine') && options.isSet('docker')) {
    return wrongUsage('--mine and --docker do not go together', 'whose containers are whose cannot be told: leave one of them out');
  }
  return {
    mode: modeOf(invocation),
    onlyShow: options.isSet('dry-run'),
    force: options.isSet('force'),
    graceMs,
    unlocks: options.list('unlock') as readonly UnlockRule[],
    mine: options.isSet('mine'),
  };
};
