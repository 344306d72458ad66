// That what a session was made for is gone: what is said of it. Records.
import type {Evidence} from '../../domain/agent.ts';

export interface Loss {
  readonly title: string;
  readonly evidence: readonly Evidence[];
  /** What stands against its being certain; null when nothing does. */
  readonly doubt: string | null;
}
