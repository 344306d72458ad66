// What `rigtop explain` tells of one thing: the records behind its text and its JSON document.
import type {Evidence, Owner} from '../../core/domain/agent.ts';
import type {Known, SourceStatus} from '../../core/domain/known.ts';
import type {TreeLine} from '../../words/process-tree.ts';
import type {Thing} from '../../words/resolved-reference.ts';
import type {FindingDocument} from '../documents/status-schema.ts';

export interface NamedProcess {
  readonly pid: number;
  readonly command: string;
}

export interface ExplainedProcess extends NamedProcess {
  readonly startTime: number;
  readonly startedAt: string;
  readonly state: string;
  readonly tty: string | null;
  /** Null where it could not be read; `cwdUnknown` says why. */
  readonly cwd: string | null;
  readonly cwdDeleted: boolean;
  readonly cwdUnknown: string | null;
  /** Nearest first. */
  readonly ancestors: readonly NamedProcess[];
  readonly owner: Owner | null;
}

export interface ExplainedPort {
  readonly port: number;
  /** Slots that claim it. */
  readonly declared: readonly {
    readonly ref: string;
    readonly by: string;
    readonly state: string;
    readonly because: string;
    readonly session: string | null;
  }[];
  readonly listeners: readonly {readonly address: string; readonly holders: Known<readonly NamedProcess[]>}[];
}

export type Stopping =
  | {readonly possible: false; readonly rule: string; readonly because: string}
  | {
      readonly possible: true;
      readonly action: string;
      readonly processes: readonly NamedProcess[];
      readonly sessions: readonly string[];
      readonly frees: readonly number[];
      readonly leftOut: readonly {readonly ref: string; readonly because: string}[];
      readonly warnings: readonly string[];
      readonly irreversible: readonly string[];
      readonly command: string;
    };

export interface Explanation {
  readonly schema: 'rigtop/explain@1';
  readonly ref: string;
  readonly sort: Thing['sort'];
  /** What the thing says of itself: an agent's, a service's or a lock's state with its reason. */
  readonly states: readonly {
    readonly ref: string;
    readonly state: string;
    readonly because: string;
    readonly evidence: readonly Evidence[];
  }[];
  readonly findings: readonly FindingDocument[];
  readonly owner: Owner | null;
  readonly sessions: readonly {
    readonly ref: string;
    readonly id: string;
    /** Null where the multiplexer does not tell. */
    readonly createdAt: string | null;
    readonly attached: number;
    readonly panes: readonly {readonly id: string; readonly pid: number; readonly dead: boolean; readonly exitStatus: number | null}[];
  }[];
  readonly processes: readonly ExplainedProcess[];
  readonly tree: readonly TreeLine[];
  readonly ports: readonly ExplainedPort[];
  /** Sources that did not answer: what is not told above may still be. */
  readonly unseen: readonly SourceStatus[];
  /** What stopping it would end, or the rule that forbids it; null for things that cannot be stopped. */
  readonly stopping: Stopping | null;
}
