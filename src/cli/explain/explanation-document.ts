// What `rigtop explain --json` tells of one thing: the same as the words, as records. Pure.
import type {SourceStatus} from '../../core/domain/known.ts';
import {isRefusal, type Plan, type Refusal} from '../../core/domain/plan.ts';
import {startedAt} from '../../core/domain/process.ts';
import {refOfSession} from '../../core/domain/reference.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {ExplainedPort, ExplainedProcess, Explanation, NamedProcess} from '../../words/explanation.ts';
import {isoCreated, isoTime} from '../../words/iso-time.ts';
import {findingDocument} from '../documents/status-document.ts';

/** What stopping it would end, or the rule that forbids it. */
type Stopping =
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

/** What `plan` says of stopping the thing, shortened to what a reader decides by. The plan itself is not kept, so its id is of no use. */
const stoppingDocument = (plan: Plan | Refusal, command: string): Stopping =>
  isRefusal(plan)
    ? {possible: false, rule: plan.rule, because: plan.because}
    : {
        possible: true,
        action: plan.action,
        processes: plan.targets.map(({pid, command}) => ({pid, command})),
        sessions: plan.sessions.map(({ref}) => ref),
        frees: plan.frees,
        leftOut: plan.leftOut.map(({ref, because}) => ({ref, because})),
        warnings: plan.warnings,
        irreversible: plan.irreversible,
        command,
      };

const processDocument = ({pid, command, process, ancestors, owner}: ExplainedProcess, snapshot: Snapshot) => ({
  pid,
  command,
  startTime: process.startTime,
  startedAt: isoTime(startedAt(process, snapshot)),
  state: process.state,
  tty: process.tty,
  /** Null where it could not be read; `cwdUnknown` says why. */
  cwd: process.cwd.known ? process.cwd.value : null,
  cwdDeleted: process.cwdDeleted,
  cwdUnknown: process.cwd.known ? null : process.cwd.because,
  ancestors,
  owner,
});

const portDocument = ({port, declared, listeners}: ExplainedPort) => ({
  port,
  declared: declared.map(({ref, declaredBy, state, because, expected}) => ({
    ref,
    by: declaredBy,
    state,
    because,
    session: expected?.session ?? null,
  })),
  listeners,
});

/** All that the command has to tell, as text or as a document. */
export interface ToldExplanation {
  readonly explanation: Explanation;
  readonly snapshot: Snapshot;
  /** Sources that did not answer: what is not told may still be. */
  readonly unseen: readonly SourceStatus[];
  /** The plan that would stop it, and how a person would ask for it; null for things that cannot be stopped. */
  readonly stop: {readonly plan: Plan | Refusal; readonly command: string} | null;
}

export const explanationDocument = ({explanation, snapshot, unseen, stop}: ToldExplanation) => {
  const {ref, sort, states, findings, owner, sessions, processes, tree, ports} = explanation;
  return {
    schema: 'rigtop/explain@1',
    ref,
    sort,
    states: states.map(({ref, state, because, evidence}) => ({ref, state, because, evidence})),
    findings: findings.map(findingDocument),
    owner,
    sessions: sessions.map(session => ({
      ref: refOfSession(session),
      id: session.id,
      createdAt: isoCreated(session.created),
      attached: session.attached,
      panes: session.panes.map(({id, pid, dead, exitStatus}) => ({id, pid, dead, exitStatus})),
    })),
    processes: processes.map(process => processDocument(process, snapshot)),
    tree,
    ports: ports.map(portDocument),
    unseen,
    stopping: stop === null ? null : stoppingDocument(stop.plan, stop.command),
  } as const;
};
