// Agents, and the sessions that are nobody's agent: record → row. Pure.

import type {Agent} from '../core/domain/agent.ts';
import {oneLine} from '../core/domain/command-line.ts';
import type {Finding} from '../core/domain/finding.ts';
import {mapping} from '../core/domain/finish.ts';
import {type Session, sessionKey} from '../core/domain/multiplexer.ts';
import {ageMs, type Process} from '../core/domain/process.ts';
import {refOfSession} from '../core/domain/reference.ts';
import {remembered} from '../core/domain/remember.ts';
import {sightingOf} from '../core/domain/sighting.ts';
import type {Snapshot} from '../core/domain/snapshot.ts';
import {coarseAge, minuteAge} from '../words/ages.ts';
import type {Badge} from '../words/badges.ts';
import {agentBadge, badgeRank, findingBadge, findingRank} from '../words/badges.ts';
import {titleBeside} from '../words/describe-finding.ts';
import {branchOf, type FleetIndex, findingsAbout, placeOf, treeOf} from '../words/fleet-index.ts';
import {doingBadge, doingRank, doingText} from '../words/hints.ts';
import {percent, shortBytes, steadyBytes, steadyCpu} from '../words/measures.ts';
import {agentName, refName} from './agent-names.ts';
import type {Measures, Row} from './rows.ts';

export type Previous = ReadonlyMap<string, Row>;

const sum = (values: readonly (number | null)[]): number | null =>
  values.some(value => value !== null) ? values.reduce<number>((total, value) => total + (value ?? 0), 0) : null;

/** Processor and memory of a whole tree, held steady against the row before. */
export const measureTree = (tree: readonly Process[], before: Measures | undefined): Measures => ({
  cpu: steadyCpu(before?.cpu ?? null, sum(tree.map(process => process.cpu))),
  memory: tree.length === 0 ? null : steadyBytes(before?.memory ?? null, sum(tree.map(process => process.rss))),
});

export const measureCells = ({cpu, memory}: Measures): {readonly cpu: string; readonly mem: string} => ({
  cpu: cpu === null ? '-' : percent(cpu),
  mem: memory === null ? '-' : shortBytes(memory),
});

const worst = (findings: readonly Finding[]): Finding | undefined =>
  findings.toSorted((one, other) => findingRank(one) - findingRank(other))[0];

/** Whether a finding is certain and ending its subject is the cure; of a session with one dead pane, the others live. */
export const isSurelyEnded = ({certainty, protectedBy, remedies, kind}: Finding): boolean =>
  certainty === 'sure' && protectedBy === null && remedies.includes('kill') && kind !== 'dead-pane';

/** What tells a row of a process from one of the same process that another machine shows. */
export const seenProcess = (process: Process | undefined, snapshot: Snapshot): Pick<Row, 'process'> => {
  const sighting = sightingOf(process, snapshot);
  return sighting === null ? {} : {process: sighting};
};

interface Subject {
  readonly key: string;
  readonly ref: string;
  readonly name: string;
  readonly agent: Agent | null;
  readonly session: Session | null;
}

const idleMs = (session: Session | null, takenAt: number): number | null =>
  session === null ? null : Math.max(0, takenAt - session.activity * 1000);

/** What a row’s STATE is: the agent’s own, with what is wrong beside it as a mark; of anything else the worst that is found of it. */
interface Standing {
  readonly badge: Badge;
  readonly rank: number;
  /** Lower case, for the filter. */
  readonly words: readonly string[];
  readonly why: string;
  readonly problem: boolean;
}

/** Which session it is in stands in its row, or is its name. */
const withoutSession = (title: string, session: Session | null): string =>
  session === null ? title : title.replace(` of session ${session.name} `, ' ');

/** What runs has a state of its own, whatever is wrong with a child or a pane of it. */
const runningStanding = (agent: Agent, session: Session | null, trouble: Finding | undefined): Standing => {
  const badge = doingBadge(agent);
  const says = doingText(agent);
  const found = trouble === undefined ? null : findingBadge(trouble);
  const words = [badge.word.toLowerCase(), ...(found === null ? [] : [found.word.toLowerCase()]), agent.state];
  const isSerious = trouble?.certainty === 'sure' && trouble.severity === 'high';
  return {
    badge: found === null ? badge : {...badge, word: `${badge.word} !`},
    rank: isSerious ? findingRank(trouble) : doingRank(agent),
    words: [...new Set(words)],
    why: [
      says ?? (found === null && agent.hint === undefined ? agent.because : ''),
      ...(found === null ? [] : [`! ${found.word} ${withoutSession(trouble?.title ?? '', session)}`]),
    ]
      .filter(part => part !== '')
      .join('   '),
    problem: found !== null || badge.tone === 'warning',
  };
};

const standingOf = ({agent, ref, session}: Subject, trouble: Finding | undefined): Standing => {
  if (agent?.state === 'running') {
    return runningStanding(agent, session, trouble);
  }
  const own: Badge = agent === null ? {word: 'SESSION', tone: 'plain'} : agentBadge(agent.state);
  const badge = trouble === undefined ? own : findingBadge(trouble);
  return {
    badge,
    rank: trouble === undefined ? badgeRank(badge) : findingRank(trouble),
    words: [badge.word.toLowerCase(), ...(agent === null ? [] : [agent.state])],
    why: trouble === undefined ? (agent?.because ?? 'no agent in it') : titleBeside(trouble.title, ref),
    problem: trouble !== undefined || badge.tone === 'warning' || badge.tone === 'danger' || badge.tone === 'unknown',
  };
};

const agentRow = (index: FleetIndex, subject: Subject, previous: Previous): Row => {
  const {snapshot} = index.assessment;
  const {agent, session, key, ref} = subject;
  const panes = session?.panes.filter(pane => !pane.dead) ?? [];
  const main = agent?.process == null ? undefined : snapshot.processes.get(agent.process.pid);
  const tree = treeOf(index, [...panes.map(pane => pane.pid), ...(main === undefined ? [] : [main.pid])]);
  const first = main ?? tree[0];
  const refs = [...(agent === null ? [] : [agent.ref]), ...(session === null ? [] : [refOfSession(session)])];
  const trouble = worst(findingsAbout(index, {refs, session: session === null ? null : sessionKey(session), processes: tree}));
  const {badge, rank, words, why, problem} = standingOf(subject, trouble);
  const measures = measureTree(tree, previous.get(key)?.measures);
  const age = first === undefined ? null : ageMs(first, snapshot);
  const idle = idleMs(session, snapshot.takenAt);
  const ports = [...new Set(tree.flatMap(process => index.look.portsOf(process.pid)))];
  const slot = agent?.slot == null ? '-' : `slot ${agent.slot}`;
  const pane = session?.panes.find(each => each.id === agent?.pane) ?? session?.panes.find(each => each.active) ?? session?.panes[0];
  const place = session === null ? '-' : placeOf(index, session);
  return {
    key,
    ref,
    badge,
    cells: {
      name: oneLine(subject.name),
      rig: agent === null ? '-' : oneLine(agent.rig),
      agent: oneLine(agent === null ? subject.name.replace(/^default\//, '') : agentName(index.assessment, agent.ref)),
      runtime: agent?.runtime ?? '-',
      branch: oneLine((agent === null ? null : branchOf(index, agent)) ?? '-'),
      where: oneLine(pane === undefined ? place : `${place} ${pane.id}`),
      pid: first === undefined ? '-' : String(first.pid),
      ...measureCells(measures),
      age: age === null ? '-' : coarseAge(age),
      idle: idle === null ? '-' : coarseAge(idle),
      since: agent?.hint?.since == null ? '-' : minuteAge(agent.hint.since, snapshot.takenAt),
      slot: ports[0] === undefined ? slot : `:${ports[0]}`,
      why: oneLine(why),
    },
    fields: {
      state: words,
      rig: agent === null ? [] : [agent.rig.toLowerCase()],
      agent: [subject.name.toLowerCase()],
      role: agent === null ? [] : [agent.role],
      runtime: agent?.runtime == null ? [] : [agent.runtime.toLowerCase()],
      session: session === null ? [] : [session.name.toLowerCase()],
      server: session === null ? [] : [session.server.toLowerCase()],
      pid: tree.map(process => String(process.pid)),
      port: ports.map(String),
      slot: agent?.slot == null ? [] : [String(agent.slot)],
      kind: trouble === undefined ? [] : [trouble.kind],
    },
    order: {
      severity: rank,
      name: subject.name,
      age: -(age ?? 0),
      cpu: -(measures.cpu ?? -1),
      memory: -(measures.memory ?? -1),
      idle: -(idle ?? -1),
      pid: first?.pid ?? 0,
      port: ports[0] ?? 0,
    },
    measures,
    problem,
    barred: null,
    unmarkable: null,
    eligible: refs.some(each => index.findingsBySubject.get(each)?.some(isSurelyEnded) === true),
    remedy: 'kill',
    depth: 0,
    session: session === null ? null : sessionKey(session),
    ...seenProcess(first, snapshot),
  };
};

/** One row per agent, then one per session that no agent is known in. Pauses after each. */
export const agentRows = function* (index: FleetIndex, previous: Previous): Generator<void, readonly Row[]> {
  const {agents} = index.assessment.fleet;
  const claimed = new Set(agents.flatMap(agent => agent.session ?? []));
  const subjects: readonly Subject[] = [
    ...agents.map(agent => ({
      key: `agent ${agent.ref} ${agent.session ?? agent.process?.pid ?? ''}`,
      ref: agent.ref,
      name: refName(agent.ref),
      agent,
      session: agent.session === null ? null : (index.sessions.get(agent.session) ?? null),
    })),
    ...[...index.sessions].flatMap(([key, session]) =>
      claimed.has(key) ? [] : [{key: `session ${key}`, ref: refOfSession(session), name: placeOf(index, session), agent: null, session}],
    ),
  ];
  return yield* mapping(subjects, subject => agentRow(index, subject, previous));
};

/** How many of the rows are agents: a session that no agent is known in has no rig. */
export const countAgents = remembered((rows: readonly Row[]): number => rows.filter(({fields}) => (fields.rig ?? []).length > 0).length);
