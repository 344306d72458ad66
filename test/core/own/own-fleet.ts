// Literals for questions of ownership: records of agent programs, and who asks.

import type {UnlockRule} from '../../../src/core/domain/finding.ts';
import {known} from '../../../src/core/domain/known.ts';
import {isRefusal, type Plan, type PlanRequest, type Refusal} from '../../../src/core/domain/plan.ts';
import type {RuntimeRecord, RuntimeStore} from '../../../src/core/domain/runtime-record.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {callerName} from '../../../src/core/judge/own/caller.ts';
import {ownWorld} from '../../../src/core/judge/own/own-world.ts';
import {type Own, type Ownership, ownershipFor} from '../../../src/core/judge/own/ownership.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, settings} from '../../support/world.ts';

const record = (program: string, pid: number, conversation: string, more: Partial<RuntimeRecord>): RuntimeRecord => ({
  program,
  file: `/home/u/.${program}/${conversation}`,
  role: 'session',
  background: false,
  pid,
  startTime: pid * 10,
  domain: {bootId: null, namespace: null, machine: null},
  locked: false,
  conversation,
  directory: null,
  state: null,
  question: null,
  stateSince: null,
  ...more,
});

export const store = (program: string, records: readonly RuntimeRecord[]): RuntimeStore => ({
  program,
  place: `/home/u/.${program}`,
  records: known(records),
  unreadable: [],
});

/** A session that Claude Code records of one of its processes. */
export const claudeSession = (pid: number, conversation: string, directory: string): RuntimeRecord =>
  record('claude', pid, conversation, {directory, state: 'busy'});

/** A thread that the daemon of Codex holds open. */
export const codexThread = (daemon: number, conversation: string, directory: string | null): RuntimeRecord =>
  record('codex', daemon, conversation, {directory, locked: true, startTime: null, background: true});

/** The look judged with `pid` standing for rigtop. */
const judgedBy = (snapshot: Snapshot, pid: number, overrides: Partial<Settings>) => {
  const self = {...snapshot.self, pid, startTime: snapshot.processes.get(pid)?.startTime ?? 0, ancestors: []};
  return {self, assessment: assessAll([{...snapshot, self}], overrides).assessment};
};

/** A plan of own things alone, asked for by that process with every unlock. */
export const plannedFor = (
  snapshot: Snapshot,
  pid: number,
  request: Pick<PlanRequest, 'action' | 'asked'>,
  overrides: Partial<Settings> = {},
): Plan | Refusal => {
  const {assessment} = judgedBy(snapshot, pid, overrides);
  const unlocks: readonly UnlockRule[] = ['crew', 'attached', 'shell', 'editor'];
  const context = {id: 'p1', now: snapshot.takenAt, sources: SOURCES};
  return makePlan({...request, unlocks, mine: {}}, assessment, {...settings, ...overrides}, context);
};

/** The pids that such a plan would end. */
export const endedFor = (...asked: Parameters<typeof plannedFor>): readonly number[] => {
  const [snapshot] = asked;
  const plan = plannedFor(...asked);
  if (isRefusal(plan)) {
    return [];
  }
  const panes = [...plan.panes, ...plan.sessions.flatMap(({panes: ids}) => ids.map(paneId => ({paneId})))];
  const heads = snapshot.servers.flatMap(({sessions}) =>
    sessions.flatMap(each => each.panes.filter(({id}) => panes.some(({paneId}) => paneId === id))),
  );
  return [...plan.targets, ...heads].map(each => each.pid);
};

/** Who asks in this look, `pid` standing for rigtop: its ownership, or why nobody's can be told. */
export const askedBy = (
  snapshot: Snapshot,
  pid: number,
  conversation?: string,
  overrides: Partial<Settings> = {},
): Ownership | {readonly refused: string} => {
  const {self, assessment} = judgedBy(snapshot, pid, overrides);
  const found = ownershipFor(ownWorld(assessment, {...settings, ...overrides}), {process: self, conversation});
  return found.known ? found.value : {refused: found.because};
};

export const callerIn = (answer: ReturnType<typeof askedBy>): string => ('refused' in answer ? answer.refused : callerName(answer.caller));

/** `yes by tree`, `no`, `unknown`: of one process. */
export const ownOf = (answer: ReturnType<typeof askedBy>, snapshot: Snapshot, pid: number): string => {
  const process = snapshot.processes.get(pid);
  if ('refused' in answer || process === undefined) {
    return 'refused';
  }
  const own: Own = answer.of(process);
  return own.own === 'yes' ? `yes by ${own.by}` : own.own;
};

/** Pids that are the caller's own. */
export const ownPids = (answer: ReturnType<typeof askedBy>, {processes}: Snapshot): readonly number[] =>
  'refused' in answer ? [] : [...processes.values()].flatMap(each => (answer.of(each).own === 'yes' ? [each.pid] : []));
