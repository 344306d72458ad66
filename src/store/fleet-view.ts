// One assessment → everything the panels and the header show of it. Pure.

import {oneLine} from '../core/domain/command-line.ts';
import {finish} from '../core/domain/finish.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {countHints} from '../core/domain/hint.ts';
import {countOf} from '../words/counts.ts';
import {countVerdicts} from '../words/describe-finding.ts';
import {describeAnswer, describeSource} from '../words/describe-source.ts';
import {type FleetIndex, indexFleet} from '../words/fleet-index.ts';
import {steadyCount} from '../words/measures.ts';
import {agentRows, type Previous} from './agent-rows.ts';
import {findingRows} from './finding-rows.ts';
import {portRows} from './port-rows.ts';
import {sharingView} from './reconcile.ts';
import {rigRows} from './rig-rows.ts';
import type {FleetView, HeaderView, Row} from './rows.ts';
import {type UnattendedView, unattendedRows} from './supervisor-rows.ts';

export const EMPTY_VIEW: FleetView = {
  rigs: [],
  ports: [],
  agents: [],
  orphans: [],
  header: {host: '', rigs: 0, agents: 0, counts: [], doing: countHints([]), reach: '', blind: [], notes: []},
};

/** The number of processes changes at every look; `reach` holds the one last shown until it is a tenth off. */
const shownProcesses = (reach: string): number | null => {
  const found = /Looked at (\d+) process/.exec(reach);
  return found === null ? null : Number(found[1]);
};

const headerOf = ({assessment}: FleetIndex, previous: HeaderView): HeaderView => {
  const {snapshot, fleet, findings} = assessment;
  const processes = steadyCount(shownProcesses(previous.reach), snapshot.processes.size);
  const servers = snapshot.servers.filter(server => server.state === 'ok').length;
  return {
    host: oneLine(snapshot.hostname),
    rigs: fleet.rigs.length,
    agents: fleet.agents.length,
    counts: countVerdicts(findings),
    doing: countHints(fleet.agents),
    reach: [
      `Looked at ${countOf(processes, 'process')}, ${countOf(servers, 'server')}`,
      ...snapshot.sources.flatMap(({state, detail, hint}) => (state === 'absent' && hint !== undefined ? [`${detail}: ${hint}`] : [])),
    ].join('; '),
    blind: snapshot.sources.filter(({state}) => state === 'unknown').map(describeAnswer),
    notes: snapshot.sources.filter(({state, hint}) => state !== 'unknown' && hint !== undefined).map(describeSource),
  };
};

const byKey = (rows: readonly Row[]): Previous => new Map(rows.map(row => [row.key, row]));

/** The view of a new look, sharing everything unchanged with the one before; the same object when nothing changed. Pauses after each row. */
export const viewingFleet = function* (
  assessment: Assessment,
  previous: FleetView,
  unattended: UnattendedView | null = null,
): Generator<void, FleetView> {
  const index = indexFleet(assessment);
  yield;
  const rigs = [...rigRows(index), ...unattendedRows(unattended)];
  yield;
  return yield* sharingView(previous, {
    rigs,
    ports: yield* portRows(index),
    agents: yield* agentRows(index, byKey(previous.agents)),
    orphans: yield* findingRows(index, byKey(previous.orphans)),
    header: headerOf(index, previous.header),
  });
};

/** The same in one go. */
export const viewFleet = (assessment: Assessment, previous: FleetView, unattended: UnattendedView | null = null): FleetView =>
  finish(viewingFleet(assessment, previous, unattended));
