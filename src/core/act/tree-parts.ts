// What ending a tree of processes needs from outside: the machine, the rules, the journal, and how patient to be. Pure records.
import type {Protection} from '../domain/finding.ts';
import type {ProcessMap} from '../domain/forest.ts';
import type {Progress} from '../domain/outcome.ts';
import type {Process} from '../domain/process.ts';
import type {Hands} from '../os/hands.ts';
import type {Host} from '../os/host.ts';
import type {Traces} from '../plan/late.ts';
import type {Tracked} from './tracked-target.ts';

/** How long things may take; all milliseconds. */
export interface Pace {
  /** First wait between two looks; doubles, up to a tenth of the time waited so far. */
  readonly firstPollMs: number;
  readonly maxPollMs: number;
  /** After SIGKILL: longer than this is a process that the kernel holds (state D). */
  readonly killWaitMs: number;
  /** When only shells at their prompts are left: interactive shells ignore SIGTERM, and end when their terminal hangs up. */
  readonly hangUpAfterMs: number;
  /** Between two looks at what may belong to the targets and cannot be told. */
  readonly doubtMs: number;
  /** For one reading of the process table. */
  readonly tableMs: number;
}

export const PACE: Pace = {firstPollMs: 5, maxPollMs: 100, killWaitMs: 3000, hangUpAfterMs: 100, doubtMs: 200, tableMs: 8000};

export interface TreeParts {
  readonly host: Host;
  readonly hands: Hands;
  readonly pace: Pace;
  readonly graceMs: number;
  readonly force: boolean;
  readonly traces: Traces;
  /** Pids that the plan left out. */
  readonly spared: ReadonlySet<number>;
  /** The rule that forbids ending a process found later; null when none does. */
  protect(process: Process, processes: ProcessMap): Protection | null;
  /** Settles what may not be signalled any more, just before a round of signals; missing where nothing can have changed that. */
  recheck?(targets: readonly Tracked[]): Promise<void>;
  /** Writes what was found to the journal. False: it could not be written, so it is not touched. */
  announce(found: readonly Tracked[]): Promise<boolean>;
  /** Told of each stage, for the journal. */
  step(step: 'term' | 'kill' | 'gone', tracked: readonly Tracked[]): void;
  /** Ends the sessions whose prompt shells are all that is left; see `hangUpAfterMs`. */
  hangUp(left: readonly Tracked[]): Promise<void>;
  /** Whether a target is a shell at its prompt that leads a pane which ends: it ignores SIGTERM (bash(1), SIGNALS) and ends on SIGHUP. */
  isPromptShell(tracked: Tracked): boolean;
  /** Whether a target is a shell that leads the session of a terminal. */
  isTerminalShell(tracked: Tracked): boolean;
  problem(text: string): void;
  report(progress: Progress): void;
}
