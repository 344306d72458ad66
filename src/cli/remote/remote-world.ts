// What is known here of another machine: its lines read and judged, its whole world kept only while somebody looks into it.
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Plan, PlanRequest, Refusal} from '../../core/domain/plan.ts';
import {createConversation, type Heard} from './conversation.ts';
import {createRemoteJudge} from './remote-judge.ts';

/** A look, and whether a verdict of it waits for the next one; or that there was one which showed what the one before did. */
export type Told = {readonly look: Assessment; readonly isPending: boolean; readonly version: string} | {readonly quiet: true};

/** What some lines come to. */
export interface Taken {
  /** Null for nothing. */
  readonly told: Told | null;
  /** Why a line of them cannot be read, or null: what stands before it counts. */
  readonly unreadable: string | null;
}

export interface RemoteWorld {
  /** A new connection: its first look will be whole. */
  begin(): void;
  /** Whether this connection has brought a look. */
  hasBegun(): boolean;
  /** Whether it has gone on for so long that it is to be begun anew. */
  isSpent(): boolean;
  /** Throws where records of the right shape contradict each other. */
  take(lines: readonly string[]): Taken;
  /** Let go of what nobody has looked into since the last call: a hundred machines' worlds are too much to hold. Answers whether somebody has. */
  rest(): boolean;
  /** Its last look; null before the first. */
  look(): Assessment | null;
  /** What a plan there would be; null before the first look. */
  plan(request: PlanRequest): Plan | Refusal | null;
}

export const createRemoteWorld = (epochMs: () => number): RemoteWorld => {
  const judge = createRemoteJudge(epochMs);
  let conversation = createConversation();
  /** The one that the last look came in: a new one has none yet. */
  let seen = conversation;
  let isAsked = false;

  const judged = ({newest, quietAt}: Heard): Told | null => {
    const isDue = quietAt !== null && judge.isDue(quietAt);
    const report = newest ?? (isDue ? conversation.last() : null);
    if (report === null) {
      return quietAt === null ? null : {quiet: true};
    }
    const look = judge.receive(report);
    seen = conversation;
    return {look, isPending: judge.isPending(), version: report.version};
  };

  return {
    begin: () => {
      conversation = createConversation();
    },
    hasBegun: () => conversation.hasBegun(),
    isSpent: () => conversation.isSpent(),
    take: lines => {
      const heard = conversation.hear(lines);
      return {told: judged(heard), unreadable: heard.unreadable};
    },
    rest: () => {
      const wasAsked = isAsked;
      if (!wasAsked) {
        judge.rest();
        seen.rest();
      }
      isAsked = false;
      return wasAsked;
    },
    look: () => {
      isAsked = true;
      return judge.again(seen.last);
    },
    plan: request => judge.plan(request, seen.last),
  };
};
