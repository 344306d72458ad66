// Tells whether a value read from a file is a plan, field by field: a file is never trusted to be what was written. Pure.
import type {EndedAgent, Plan} from '../domain/plan.ts';
import {namedKind} from '../domain/session-server.ts';
import {isFlag, isNumber, isRecord, isText, isWhole, listOf, oneOf, orNull, record} from './checks.ts';

const unlock = oneOf('crew', 'attached', 'shell', 'editor');

const target = record<Plan['targets'][number]>({
  pid: value => Number.isSafeInteger(value) && (value as number) > 1,
  startTime: isWhole,
  ref: isText,
  pgid: isWhole,
  command: isText,
  because: isText,
  parent: isWhole,
  step: oneOf('tree', 'group', 'escaped'),
  depth: isWhole,
  stopped: isFlag,
  uid: isWhole,
  ageMs: isNumber,
  holds: listOf(isWhole),
  root: isText,
});

const sessionId = {
  socket: (value: unknown) => isText(value) && ((value as string).startsWith('/') || namedKind(value as string) !== null),
  id: isText,
  created: isWhole,
};

const session = record<Plan['sessions'][number]>({
  ...sessionId,
  ref: isText,
  name: isText,
  server: isText,
  because: isText,
  serverPid: orNull(isWhole),
  panes: listOf(isText),
  town: orNull(isText),
  agent: orNull(isText),
});

const pane = record<Plan['panes'][number]>({
  ref: isText,
  session: record<Plan['panes'][number]['session']>(sessionId),
  server: isText,
  serverPid: orNull(isWhole),
  paneId: isText,
  pid: isWhole,
  dead: isFlag,
  because: isText,
});

const plan = record<Omit<Plan, 'agents' | 'lastSeen'>>({
  id: isText,
  action: oneOf('kill', 'flush', 'restart', 'cleanup', 'clean-locks'),
  asked: listOf(isText),
  createdAt: isNumber,
  expiresAt: isNumber,
  bootId: orNull(isText),
  roots: listOf(record<Plan['roots'][number]>({ref: isText, title: isText, because: isText})),
  targets: listOf(target),
  sessions: listOf(session),
  panes: listOf(pane),
  locks: listOf(record<Plan['locks'][number]>({ref: isText, path: isText, digest: isText, moveTo: isText})),
  frees: listOf(isWhole),
  vacates: listOf(isText),
  compose: listOf(isText),
  // Never carried out as read: what is started comes from the plan that is made anew (see apply).
  starts: listOf(record<Omit<Plan['starts'][number], 'claimOf'>>({ref: isText, because: isText, way: isRecord, proof: isRecord})),
  leftOut: listOf(record<Plan['leftOut'][number]>({ref: isText, because: isText, rule: orNull(isText), unlock: orNull(unlock)})),
  warnings: listOf(isText),
  irreversible: listOf(isText),
  command: isText,
  force: isFlag,
  graceMs: isNumber,
  unlocks: listOf(unlock),
});

const agents = listOf(record<EndedAgent>({ref: isText, asks: isFlag}));

/** What a plan need not have. Where something is started again is never taken from a file. */
const hasNoMore = ({agents: ended, lastSeen}: Partial<Record<keyof Plan, unknown>>): boolean =>
  lastSeen === undefined && (ended === undefined || agents(ended));

export const isPlan = (value: unknown): value is Plan => plan(value) && hasNoMore(value as Plan);
