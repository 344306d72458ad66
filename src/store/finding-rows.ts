// Verdicts: finding → row of the Orphans panel. Pure.

import {oneLine} from '../core/domain/command-line.ts';
import type {Finding} from '../core/domain/finding.ts';
import {mapping} from '../core/domain/finish.ts';
import {baseName} from '../core/domain/paths.ts';
import {ageMs} from '../core/domain/process.ts';
import {coarseAge} from '../words/ages.ts';
import {findingBadge, findingRank, suspicionWord} from '../words/badges.ts';
import {portList} from '../words/counts.ts';
import {describeProtection, titleBeside} from '../words/describe-finding.ts';
import {type FleetIndex, treeOf} from '../words/fleet-index.ts';
import {refName} from './agent-names.ts';
import {measureCells, measureTree, type Previous, seenProcess} from './agent-rows.ts';
import type {Row} from './rows.ts';

/** Why a finding cannot be stopped at all, in words; null when a plan may be asked for. */
const barredBecause = ({certainty, title, protectedBy, remedies, kind}: Finding): string | null => {
  if (certainty === 'unknown') {
    return `unknown, so never acted on: ${title}`;
  }
  if (protectedBy !== null) {
    return protectedBy.unlock === null ? describeProtection(protectedBy) : null;
  }
  if (remedies.some(remedy => remedy !== 'restart')) {
    return null;
  }
  if (remedies.includes('restart')) {
    return 'there is nothing to stop; r restarts it';
  }
  return kind === 'defunct-process' ? `defunct: only its parent can clear it. ${title}` : 'rigtop has no remedy for it';
};

/** Why a finding cannot be marked: what needs a step of its own is not swept up with others. */
const unmarkableBecause = ({protectedBy, remedies}: Finding): string | null => {
  if (protectedBy !== null) {
    return `${describeProtection(protectedBy)}; x shows what lifting that would mean`;
  }
  return remedies.includes('clean-lock') ? 'a lock is moved aside by itself with x, or with everything else by C' : null;
};

/** Most tools are scripts of node: their own name begins behind it. */
const withoutRunner = (command: string): string => command.replace(/^node (?=[^-\s])/, '');

/** The program, the session or whatever else the verdict is about. */
const whatOf = (finding: Finding): string => {
  const subject = finding.subject.startsWith('session:')
    ? `session ${refName(finding.subject).replace(/^default\//, '')}`
    : refName(finding.subject);
  const what = finding.subject.startsWith('session:') ? subject : withoutRunner(finding.processes[0]?.command ?? subject);
  return finding.certainty === 'sure' ? what : `${what} (${suspicionWord(finding.kind)}?)`;
};

/** Directories of left-overs differ at their end. */
const endOfPath = (path: string): string => (path.lastIndexOf('/') <= 0 ? path : `…/${baseName(path)}`);

interface Origin {
  readonly words: string;
  /** The whole path of its directory; empty where that is unknown. */
  readonly place: string;
}

/** What all left-over processes have in common is their verdict: they differ in whose they were and where they work. */
const originOf = ({assessment}: FleetIndex, {kind, processes}: Finding): Origin | null => {
  const [first] = processes;
  if ((kind !== 'orphan-process' && kind !== 'orphan-helper') || first === undefined) {
    return null;
  }
  const owner = assessment.fleet.processOwners.get(first.pid);
  const process = assessment.snapshot.processes.get(first.pid);
  const whose = owner?.agent?.replace(/^agent:/, '') ?? (owner?.pane == null ? null : `pane ${owner.pane.paneId}`);
  const place = process?.startTime === first.startTime && process.cwd.known ? process.cwd.value : null;
  const parts = [
    ...(whose === null ? [] : [`was ${whose}’s`]),
    ...(place === null ? [] : [`in ${endOfPath(place)}${process?.cwdDeleted === true ? ' (removed)' : ''}`]),
  ];
  return parts.length === 0 ? null : {words: parts.join(', '), place: oneLine(place ?? '')};
};

/** Beginnings and ends of titles that say what the verdict’s word says, or name what the row names. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/^.* is defunct: /, ''],
  [/^(\d+ children) are defunct .*\): /, '$1: '],
  [/^session .* is there, (?:agent:)?(.*) is not$/, '$1 is not there'],
  [/^pane (%\d+) of (session .*) is dead: /, '$2: '],
  [/^(port \d+ of .*) is held by .*$/, 'has $1'],
  [/^the lock of (?:agent:)?(.*) is left over$/, 'is $1’s'],
];

/** What the title says beyond naming the process, which has columns of its own, and its verdict: the shortest form of the evidence. */
const tellingPart = ({title, processes, subject, certainty}: Finding): string => {
  // What is not sure says UNKNOWN instead of its verdict.
  const said = certainty === 'sure' ? SAID.find(([pattern]) => pattern.test(title)) : undefined;
  if (said !== undefined) {
    return title.replace(...said);
  }
  const name = processes[0] === undefined ? -1 : title.indexOf(` ${processes[0].pid} `);
  return name === -1 ? titleBeside(title, subject) : title.slice(name + ` ${processes[0]?.pid} `.length);
};

const findingRow = (index: FleetIndex, finding: Finding, previous: Previous): Row => {
  const {snapshot} = index.assessment;
  const key = `finding ${finding.id}`;
  const first = finding.processes[0];
  const process = first === undefined ? undefined : snapshot.processes.get(first.pid);
  const same = process !== undefined && process.startTime === first?.startTime ? process : undefined;
  const age = same === undefined ? null : ageMs(same, snapshot);
  const tree = treeOf(
    index,
    finding.processes.flatMap(each => (snapshot.processes.get(each.pid)?.startTime === each.startTime ? [each.pid] : [])),
  );
  const measures = measureTree(tree, previous.get(key)?.measures);
  const badge = findingBadge(finding);
  const barred = barredBecause(finding);
  const session = finding.session === null ? undefined : index.sessions.get(finding.session);
  const origin = originOf(index, finding);
  return {
    key,
    ref: finding.id,
    badge,
    cells: {
      what: oneLine(whatOf(finding)),
      pid: first === undefined ? '-' : String(first.pid),
      age: age === null ? '-' : coarseAge(age),
      ...measureCells(measures),
      holds: finding.holds.length === 0 ? '-' : portList(finding.holds),
      rig: finding.rig ?? '-',
      evidence: oneLine(origin?.words ?? tellingPart(finding)),
      // Of no column: for the filter.
      ...(origin === null ? {} : {place: origin.place}),
    },
    fields: {
      state: [badge.word.toLowerCase(), suspicionWord(finding.kind), finding.certainty],
      rig: finding.rig === null ? [] : [finding.rig.toLowerCase()],
      agent: finding.subject.startsWith('agent:') ? [refName(finding.subject).toLowerCase()] : [],
      session: session === undefined ? [] : [session.name.toLowerCase()],
      server: session === undefined ? [] : [session.server.toLowerCase()],
      pid: finding.processes.map(each => String(each.pid)),
      port: finding.holds.map(String),
      slot: finding.subject.startsWith('slot:') ? [refName(finding.subject).toLowerCase()] : [],
      kind: [finding.kind],
    },
    order: {
      severity: findingRank(finding),
      name: whatOf(finding),
      age: -(age ?? 0),
      cpu: -(measures.cpu ?? -1),
      memory: -(measures.memory ?? -1),
      idle: 0,
      pid: first?.pid ?? 0,
      port: finding.holds[0] ?? 0,
    },
    measures,
    problem: true,
    barred,
    unmarkable: barred ?? unmarkableBecause(finding),
    eligible: barred === null && finding.certainty === 'sure',
    remedy: finding.remedies.includes('clean-lock') ? 'clean-locks' : 'kill',
    depth: 0,
    session: finding.session,
    ...seenProcess(same, snapshot),
  };
};

/** One row per finding. Pauses after each. */
export const findingRows = (index: FleetIndex, previous: Previous): Generator<void, readonly Row[]> =>
  mapping(index.assessment.findings, finding => findingRow(index, finding, previous));
