// What a reference can stand for: the one thing that somebody means. Pure records.
import type {Agent, Rig} from './agent.ts';
import type {Finding} from './finding.ts';
import type {SourceStatus} from './known.ts';
import type {AgentLock} from './lock.ts';
import type {Pane, Session} from './multiplexer.ts';
import type {Process} from './process.ts';
import type {Register, RegisterRow} from './register.ts';
import type {Service} from './slot.ts';

export type Thing =
  | {readonly sort: 'session'; readonly ref: string; readonly session: Session}
  | {readonly sort: 'pane'; readonly ref: string; readonly session: Session; readonly pane: Pane}
  | {readonly sort: 'process'; readonly ref: string; readonly process: Process}
  | {readonly sort: 'port'; readonly ref: string; readonly port: number}
  | {readonly sort: 'agent'; readonly ref: string; readonly agent: Agent}
  | {readonly sort: 'slot'; readonly ref: string; readonly services: readonly Service[]}
  | {readonly sort: 'rig'; readonly ref: string; readonly rig: Rig}
  | {readonly sort: 'lock'; readonly ref: string; readonly lock: AgentLock}
  | {
      readonly sort: 'record';
      readonly ref: string;
      readonly findings: readonly Finding[];
      /** The row itself, where a store has it; a finding may also be about a store as a whole. */
      readonly row: {readonly register: Register; readonly row: RegisterRow} | null;
    }
  | {readonly sort: 'finding'; readonly ref: string; readonly finding: Finding}
  | {readonly sort: 'source'; readonly ref: string; readonly status: SourceStatus};
