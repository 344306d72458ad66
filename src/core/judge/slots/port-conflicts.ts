// Two that want one port, as far as it shows without a declaration: by its holders, by what a server asked for, by an agent’s own PORT. Pure.
import type {Fleet} from '../../domain/fleet.ts';
import type {PortConflict, PortUse} from '../../domain/port.ts';
import {groupBy, type Look} from '../../look/index/look.ts';
import {missedPort, portInEnvironment} from './port-wishes.ts';

/** `vite 217 of agent:shop/feat-3`. */
const nameOf = ({holder, agent}: PortUse): string =>
  holder === null ? 'somebody who could not be seen' : `${holder.program} ${holder.pid}${agent === null ? '' : ` of ${agent}`}`;

const against = (port: number, other: PortUse | undefined, because: string): PortConflict => ({
  port,
  pid: other?.holder?.pid ?? null,
  agent: other?.agent ?? null,
  because,
});

const isJudged = ({service}: PortUse): boolean => service !== null;

/** Ports that agents were started with, by their own environment. */
const wantedByAgents = (look: Look, {agents}: Fleet): ReadonlyMap<number, readonly string[]> =>
  groupBy(
    agents.flatMap(({ref, process}) => {
      const program = process === null ? undefined : look.processes.get(process.pid);
      const wish = program === undefined ? null : portInEnvironment(look, program);
      return wish === null ? [] : [{ref, port: wish.port}];
    }),
    ({port}) => port,
    ({ref}) => ref,
  );

/**
 * Conflicts of what no declaration judges, by use. Both sides know of each other; the first reason counts: one port with two holders, a
 * server beside the port that it was to have, a port that another agent was started with.
 */
export const portConflicts = (look: Look, fleet: Fleet, uses: readonly PortUse[]): ReadonlyMap<PortUse, PortConflict> => {
  const found = new Map<PortUse, PortConflict>();
  const add = (use: PortUse, conflict: PortConflict): void => {
    if (!isJudged(use) && !found.has(use)) {
      found.set(use, conflict);
    }
  };
  const byPort = groupBy(
    uses.filter(({holder}) => holder !== null),
    ({port}) => port,
    use => use,
  );
  const agentsByPort = wantedByAgents(look, fleet);
  for (const use of uses) {
    const other = byPort.get(use.port)?.find(each => each !== use);
    if (other !== undefined) {
      add(use, against(use.port, other, `${nameOf(other)} listens on ${use.port} too, on ${other.addresses.join(' ')}`));
    }
  }
  for (const use of uses) {
    const process = use.holder === null || isJudged(use) ? undefined : look.processes.get(use.holder.pid);
    const wish = process === undefined ? null : missedPort(look, process, use.port);
    const other = wish === null ? undefined : byPort.get(wish.port)?.[0];
    if (wish !== null && other !== undefined) {
      add(use, against(wish.port, other, `${wish.because}, which ${nameOf(other)} holds`));
      add(other, against(wish.port, use, `${nameOf(use)} wants it too and is on ${use.port}`));
    } else if (wish?.isTold === true) {
      add(use, against(wish.port, undefined, `${wish.because}, where nobody listens now`));
    }
  }
  for (const use of uses) {
    const wanted = agentsByPort.get(use.port) ?? [];
    const [first] = wanted;
    if (first !== undefined && !wanted.includes(use.agent ?? '')) {
      add(use, {port: use.port, pid: null, agent: first, because: `${first} was started with PORT=${use.port}`});
    }
  }
  return found;
};
