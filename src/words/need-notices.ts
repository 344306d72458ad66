// What a person is told of while looking elsewhere: an agent that asks, has finished, has crashed, or was denied a command, once each. Pure.
import type {Agent} from '../core/domain/agent.ts';
import {oneLine} from '../core/domain/command-line.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {describeWritten, type WrittenRefusal} from './describe-guard.ts';
import {changesBetween, doingWord} from './fleet-changes.ts';
import {isoTime} from './iso-time.ts';

const TOLD = ['asks', 'done', 'crashed'] as const;

/** One JSON object on the standard input of `[notify] command`. */
export interface NeedNotice {
  readonly schema: 'rigtop/notice@1';
  readonly host: string;
  readonly at: string;
  readonly event: (typeof TOLD)[number] | 'denied';
  /** Null of a denied command: its program is known, and which of its agents is not written down. */
  readonly agent: string | null;
  readonly rig: string | null;
  readonly runtime: string | null;
  readonly session: string | null;
  /** The question, the last line of the answer, why it is called crashed, or the command and whom it would have ended. */
  readonly text: string | null;
}

const textOf = ({state, because, hint}: Agent): string | null => (state === 'crashed' ? because : (hint?.text ?? null));

/** Nothing at the first look: what was so before is no change. */
export const noticesBetween = (before: Assessment | null, after: Assessment): readonly NeedNotice[] =>
  before === null
    ? []
    : changesBetween(before, after).flatMap(change => {
        const event = change.what === 'agent' ? TOLD.find(word => word === doingWord(change.agent)) : undefined;
        if (change.what !== 'agent' || event === undefined) {
          return [];
        }
        const {agent} = change;
        const {hostname, takenAt} = after.snapshot;
        return [
          {
            schema: 'rigtop/notice@1',
            host: oneLine(hostname),
            at: isoTime(takenAt),
            event,
            agent: agent.ref,
            rig: agent.rig,
            runtime: agent.runtime,
            session: agent.sessionRef,
            text: textOf(agent),
          },
        ];
      });

/** Of a command that the guard has denied an agent. `at`: ISO 8601. */
export const noticeOfDenial = (
  denial: WrittenRefusal & {readonly at: string; readonly program: string | null},
  host: string,
): NeedNotice => ({
  schema: 'rigtop/notice@1',
  host,
  at: denial.at,
  event: 'denied',
  agent: null,
  rig: null,
  runtime: denial.program,
  session: null,
  text: oneLine(describeWritten(denial)),
});
