// What ownership is told by: one look, judged, with the table of agent programs; and who says something of whose a process is. Pure.
import type {Assessment} from '../../domain/fleet.ts';
import {ancestorsOf} from '../../domain/forest.ts';
import {mayHaveStarted, type Process} from '../../domain/process.ts';
import type {Settings} from '../../domain/settings.ts';
import {indexLook, type Look} from '../../look/index/look.ts';
import {isMultiplexerServer, reaperName} from '../../look/index/program-kinds.ts';
import {staysBecause} from '../programs/daemons.ts';
import {indexRuntimes, type RuntimeTable, sidePartOf} from '../programs/recognise-runtime.ts';
import {servesClients} from '../programs/serving-agents.ts';

/** A judged look. */
export interface OwnWorld {
  readonly assessment: Pick<Assessment, 'snapshot' | 'fleet' | 'slots' | 'services'>;
  readonly look: Look;
  readonly table: RuntimeTable;
}

export const ownWorld = (assessment: OwnWorld['assessment'], {runtimes}: Pick<Settings, 'runtimes'>): OwnWorld => ({
  assessment,
  look: indexLook(assessment.snapshot),
  table: indexRuntimes(runtimes),
});

/** What stands above a process, nearest first, as far as each is old enough to have started the one below it. */
export const startersOf = ({look: {processes}}: OwnWorld, from: Process): readonly Process[] => {
  const above: Process[] = [];
  let below = from;
  for (const pid of ancestorsOf(processes, from.pid)) {
    const starter = processes.get(pid);
    if (starter === undefined || !mayHaveStarted(starter, below)) {
      return above;
    }
    above.push(starter);
    below = starter;
  }
  return above;
};

const isAgent = ({assessment: {fleet}}: OwnWorld, {pid}: Process): boolean => fleet.runtimes.has(pid);

/** The agent program whose part a process is, where it runs the tools of sessions without being the agent of one: a daemon, a server. */
export const hostedProgram = (world: OwnWorld, process: Process): string | null => {
  const agent = world.assessment.fleet.runtimes.get(process.pid);
  if (agent !== undefined) {
    return servesClients(process) ? agent.runtime : null;
  }
  return sidePartOf(process, world.table);
};

/** Whether a process is the agent of one session, so that what runs below it is that session's. */
export const isCallingAgent = (world: OwnWorld, process: Process): boolean => isAgent(world, process) && !servesClients(process);

export const isServer = ({look: {panes}}: OwnWorld, process: Process): boolean =>
  panes.serverByPid.has(process.pid) || isMultiplexerServer(process);

/** Why being below a process does not say whose something is; null where it does. */
export const servesSeveral = (world: OwnWorld, process: Process): string | null => {
  if (isServer(world, process)) {
    return 'a multiplexer’s server, whose panes are whoever’s they are';
  }
  if (reaperName(process) !== null) {
    return 'handed whatever loses its parent';
  }
  const hosted = hostedProgram(world, process);
  return hosted !== null && (isAgent(world, process) || staysBecause(process) !== null) ? `${hosted}’s server for several sessions` : null;
};
