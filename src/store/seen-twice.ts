// The same process seen from two machines, as a container's is from its host: it is shown once. Pure.
import {HINT_STATES, type HintCounts} from '../core/domain/hint.ts';
import {remembered} from '../core/domain/remember.ts';
import {shownBetter} from '../core/domain/sighting.ts';
import {type BadgeCount, byWeight} from '../words/describe-finding.ts';
import {countAgents} from './agent-rows.ts';
import {countRigs, NO_RIG} from './rig-rows.ts';
import type {FleetView, Row} from './rows.ts';

interface PlacedRow {
  readonly row: Row;
  readonly isOld: boolean;
}

const shownElsewhere = (machines: readonly (readonly PlacedRow[])[], isVerdict: boolean): ReadonlySet<Row> => {
  const hidden = shownBetter(machines, ({row: {process, session, fields}, isOld}) => ({
    sighting: process ?? null,
    hasSession: session !== null,
    ...(isVerdict ? {verdict: fields.kind?.[0] ?? ''} : {}),
    isOld,
  }));
  return new Set([...hidden].map(({row}) => row));
};

const wordOf = ({badge}: Row): string => badge.word.replace(/ !$/, '');

const withoutDoing = (doing: HintCounts, hidden: readonly Row[]): HintCounts => {
  const counts = {...doing};
  for (const state of HINT_STATES) {
    counts[state] -= hidden.filter(row => wordOf(row).toLowerCase() === state).length;
  }
  return counts;
};

const withoutCounts = (counts: readonly BadgeCount[], hidden: readonly Row[]): readonly BadgeCount[] =>
  counts
    .map(each => ({...each, count: each.count - hidden.filter(row => wordOf(row) === each.word).length}))
    .filter(({count}) => count > 0)
    .toSorted(byWeight);

const isNobodys = ({fields}: Row): boolean => (fields.rig ?? []).length === 0 && fields.kind?.includes('blind-spot') !== true;

/** Rigs with the agents that are left in them; one that has lost all of its is gone too. */
const withoutRigs = (rigs: readonly Row[], agents: readonly Row[], hidden: readonly Row[]): readonly Row[] => {
  const rigOf = ({fields}: Row): string | undefined => fields.rig?.[0];
  const concerned = new Set(hidden.map(rigOf));
  return rigs.flatMap(row => {
    const name = rigOf(row);
    if (name === undefined || !concerned.has(name)) {
      return [row];
    }
    const left = agents.filter(agent => rigOf(agent) === name).length;
    return left === 0 ? [] : [{...row, cells: {...row.cells, count: String(left)}}];
  });
};

/** The systems that its processes are of: the beginning of their keys. */
const systemsOf = remembered(
  ({agents, orphans}: FleetView): ReadonlySet<string> =>
    new Set([...agents, ...orphans].flatMap(({process}) => (process === undefined ? [] : [process.key.split(' ', 1)[0] ?? '']))),
);

/** Those that may show a process which another shows too: most machines are a system of their own. */
const neighboursAmong = (views: readonly FleetView[]): readonly FleetView[] => {
  const counts = new Map<string, number>();
  for (const system of views.flatMap(view => [...systemsOf(view)])) {
    counts.set(system, (counts.get(system) ?? 0) + 1);
  }
  return views.filter(view => [...systemsOf(view)].some(system => (counts.get(system) ?? 0) > 1));
};

/**
 * The views of all machines, in their order, each without what another shows better; `old`: those of machines that cannot be seen now. What
 * hides nothing stays the same object.
 */
export const shownOnce = (views: readonly FleetView[], old: ReadonlySet<FleetView> = new Set()): readonly FleetView[] => {
  const neighbours = neighboursAmong(views);
  const placed = (panel: 'agents' | 'orphans') => neighbours.map(view => view[panel].map(row => ({row, isOld: old.has(view)})));
  const agents = shownElsewhere(placed('agents'), false);
  const orphans = shownElsewhere(placed('orphans'), true);
  if (agents.size + orphans.size === 0) {
    return views;
  }
  return views.map(view => {
    const hiddenAgents = view.agents.filter(row => agents.has(row));
    const hiddenOrphans = view.orphans.filter(row => orphans.has(row));
    if (hiddenAgents.length + hiddenOrphans.length === 0) {
      return view;
    }
    const {header} = view;
    const left = view.agents.filter(row => !agents.has(row));
    const nobodys = view.orphans.some(row => !orphans.has(row) && isNobodys(row));
    const rigs = withoutRigs(view.rigs, left, hiddenAgents).filter(({key}) => nobodys || key !== NO_RIG);
    return {
      ...view,
      rigs,
      agents: left,
      orphans: view.orphans.filter(row => !orphans.has(row)),
      header: {
        ...header,
        rigs: header.rigs - (countRigs(view.rigs) - countRigs(rigs)),
        agents: header.agents - countAgents(hiddenAgents),
        doing: withoutDoing(header.doing, hiddenAgents),
        counts: withoutCounts(header.counts, hiddenOrphans),
      },
    };
  });
};
