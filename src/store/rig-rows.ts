// Rigs, grouped under their towns, each with its agents counted and its worst trouble. Pure.
import type {Agent, Rig} from '../core/domain/agent.ts';
import {oneLine} from '../core/domain/command-line.ts';
import {compareWords} from '../core/domain/compare-words.ts';
import type {Finding} from '../core/domain/finding.ts';
import {countHints} from '../core/domain/hint.ts';
import {rigRef} from '../core/domain/reference.ts';
import type {Badge} from '../words/badges.ts';
import {findingBadge, findingRank} from '../words/badges.ts';
import type {FleetIndex} from '../words/fleet-index.ts';
import {needWords} from '../words/hints.ts';
import type {Row} from './rows.ts';

const OK: Badge = {word: 'ok', tone: 'good'};

interface Group {
  readonly key: string;
  readonly ref: string;
  readonly name: string;
  readonly depth: number;
  readonly agents: readonly Agent[];
  readonly findings: readonly Finding[];
  readonly rig: Rig | null;
  readonly calm: Badge;
}

interface Weighed {
  readonly badge: Badge;
  readonly rank: number;
}

/** Where nothing is wrong: how many of its agents need a person, else its own state. */
const calmBadge = (agents: readonly Agent[], calm: Badge): Weighed => {
  const {asks, done} = countHints(agents);
  if (asks > 0) {
    return {badge: {word: `ASKS ${asks}`, tone: 'warning'}, rank: 40};
  }
  return done > 0 ? {badge: {word: `DONE ${done}`, tone: 'good'}, rank: 50} : {badge: calm, rank: 90};
};

/** The worst verdict of a group with how often it was given: `ORPHAN 3`. */
const worstBadge = ({findings, agents, calm}: Pick<Group, 'findings' | 'agents' | 'calm'>): Weighed => {
  const sorted = findings.toSorted((one, other) => findingRank(one) - findingRank(other));
  const worst = sorted[0];
  if (worst === undefined) {
    return calmBadge(agents, calm);
  }
  const {word, tone} = findingBadge(worst);
  const count = sorted.filter(finding => findingBadge(finding).word === word).length;
  return {badge: {word: `${word} ${count}`, tone}, rank: findingRank(worst)};
};

const groupRow = (group: Group, position: number): Row => {
  const {badge, rank} = worstBadge(group);
  const name = oneLine(group.name);
  return {
    key: group.key,
    ref: group.ref,
    badge,
    cells: {
      name,
      count: group.agents.length === 0 ? '-' : String(group.agents.length),
      needs: needWords(countHints(group.agents)),
      why: oneLine(group.rig?.because ?? group.rig?.path ?? ''),
    },
    fields: {
      rig: [name.toLowerCase()],
      state: [badge.word.toLowerCase().replace(/ \d+$/, '')],
      kind: [...new Set(group.findings.map(finding => finding.kind))],
    },
    order: {severity: position, name, age: 0, cpu: 0, memory: 0, idle: 0, pid: 0, port: rank},
    measures: {cpu: null, memory: null},
    problem: group.findings.length > 0 || group.agents.some(agent => agent.hint?.state === 'asks'),
    barred: group.rig === null ? 'not one rig: choose from Agents or Orphans' : null,
    unmarkable: 'f flushes a whole rig; marks are for single things',
    eligible: false,
    remedy: 'kill',
    depth: group.depth,
    session: null,
  };
};

const rigBadge = ({operational}: Rig): Badge => {
  if (operational === null) {
    return {word: 'unknown', tone: 'unknown'};
  }
  return operational ? OK : {word: 'PARKED', tone: 'quiet'};
};

/** Key of the row of what belongs to no rig. */
export const NO_RIG = 'norig';

/** Whether a row is that of a town. */
export const isTown = (key: string): boolean => key.startsWith('town ');

/** Towns with their rigs below them, then the other rigs, then what belongs to no rig. */
export const rigRows = (index: FleetIndex): readonly Row[] => {
  const {fleet, findings} = index.assessment;
  const rigGroup = (rig: Rig): Group => ({
    key: `rig ${rig.town ?? ''} ${rig.name} ${rig.path}`,
    ref: rigRef(rig.name),
    name: rig.name,
    depth: rig.town === null ? 0 : 1,
    agents: fleet.agents.filter(agent => agent.rig === rig.name && agent.town === rig.town),
    findings: findings.filter(finding => finding.rig === rig.name),
    rig,
    calm: rigBadge(rig),
  });
  const byName = (one: Rig, other: Rig): number => compareWords(one.name, other.name);
  const towns = [...new Set(fleet.rigs.flatMap(rig => rig.town ?? []))].toSorted();
  const townGroups = towns.flatMap((town): readonly Group[] => {
    const own = fleet.agents.filter(agent => agent.town === town && !fleet.rigs.some(rig => rig.town === town && rig.name === agent.rig));
    const head: Group = {
      key: `town ${town}`,
      ref: rigRef(town),
      name: town,
      depth: 0,
      agents: own,
      findings: findings.filter(finding => finding.rig === town),
      rig: null,
      calm: {word: 'town', tone: 'quiet'},
    };
    return [
      head,
      ...fleet.rigs
        .filter(rig => rig.town === town)
        .toSorted(byName)
        .map(rigGroup),
    ];
  });
  const loose = fleet.rigs.filter(rig => rig.town === null).map(rigGroup);
  const order = (group: Group): number => worstBadge(group).rank;
  const nobodys = findings.filter(finding => finding.rig === null && finding.kind !== 'blind-spot');
  const rest: readonly Group[] =
    nobodys.length === 0 ? [] : [{key: NO_RIG, ref: '', name: 'no rig', depth: 0, agents: [], findings: nobodys, rig: null, calm: OK}];
  return [...townGroups, ...loose.toSorted((one, other) => order(one) - order(other) || compareWords(one.name, other.name)), ...rest].map(
    groupRow,
  );
};

/** How many of the rows of the first panel are rigs: towns, machines, supervisors and what belongs to no rig stand beside them. */
export const countRigs = (rows: readonly Row[]): number => rows.filter(({ref, barred}) => barred === null && ref.startsWith('rig:')).length;
