// An agent → what it is made of: its session where that is its own, else its pane, else its process. Pure.
import type {Agent} from '../domain/agent.ts';
import {ancestorsOf} from '../domain/forest.ts';
import type {Session} from '../domain/multiplexer.ts';
import {hasOwnId, isKnownByName} from '../domain/session-server.ts';
import {type PlacedPane, paneHead} from '../look/index/pane-index.ts';
import type {PlanWorld} from './plan-world.ts';
import {findSession, leave, notResolved, paneRoot, processRoot, type Resolved, type Root, sessionRoot} from './roots.ts';

/**
 * Whether the whole session is this one agent's: it is alone in it, and its only pane, or a town made the session for it. People and
 * tools put several agents, shells and servers into one session: of those only the agent that was asked for ends.
 */
const ownsSession = ({assessment: {fleet}}: PlanWorld, agent: Agent, session: Session): boolean => {
  const shared = fleet.agents.some(other => other !== agent && other.session === agent.session);
  const windows = new Set(session.panes.map(({id}) => id));
  return !shared && (windows.size <= 1 || agent.town !== null || agent.role !== 'agent');
};

/** The pane that an agent's program runs in; null where that is not seen. */
const paneOf = ({look: {panes, processes}}: PlanWorld, agent: Agent, session: Session): PlacedPane | null => {
  const pid = agent.process?.pid ?? 0;
  const chain = [pid, ...ancestorsOf(processes, pid)];
  return panes.answered.find(each => each.session === session && !each.pane.dead && chain.includes(each.pane.pid)) ?? null;
};

/** Whether another agent runs below the first process of the pane. */
const isShared = ({assessment: {fleet}, look: {processes}}: PlanWorld, agent: Agent, placed: PlacedPane): boolean => {
  const head = paneHead(placed, processes)?.pid ?? placed.pane.pid;
  return fleet.agents.some(({process}) => {
    const pid = process?.pid ?? 0;
    const mine = agent.process?.pid ?? 0;
    const above = ancestorsOf(processes, pid);
    return pid !== mine && pid !== 0 && !above.includes(mine) && (pid === head || above.includes(head));
  });
};

const partOfSession = (world: PlanWorld, agent: Agent, session: Session, because: string): Root | null => {
  const process = world.look.processes.get(agent.process?.pid ?? 0);
  const placed = process === undefined ? null : paneOf(world, agent, session);
  if (process === undefined || placed === null) {
    return null;
  }
  // Not every pane can be closed by an identity (see named-session.ts); and a pane with two agents in it stays for the other one.
  return !hasOwnId(placed.pane) || isShared(world, agent, placed) ? processRoot(process, because) : paneRoot(placed, because);
};

export const agentRoots = (world: PlanWorld, agent: Agent): Resolved => {
  const {snapshot} = world.assessment;
  const {ref} = agent;
  const session = agent.session === null ? null : findSession(snapshot, agent.session);
  const process = agent.process === null ? undefined : world.look.processes.get(agent.process.pid);
  const because = `${agent.role} ${agent.name}`;
  // Handed to init on a pane's terminal (`(claude -p … &)`): the pane is somebody else's.
  const isBeside = session !== null && !isKnownByName(session.socket) && process !== undefined && paneOf(world, agent, session) === null;
  if (isBeside && process.startTime === agent.process?.startTime) {
    return {roots: [processRoot(process, because)], leftOut: []};
  }
  const part = session === null || ownsSession(world, agent, session) ? null : partOfSession(world, agent, session, because);
  const root = part ?? (session === null ? null : sessionRoot(snapshot, session, because));
  if (root !== null) {
    return {roots: [root], leftOut: []};
  }
  if (process !== undefined && process.startTime === agent.process?.startTime) {
    return {roots: [processRoot(process, because)], leftOut: []};
  }
  return notResolved(
    agent.state === 'unknown'
      ? leave(ref, 'unknown', `unknown: ${agent.because}`)
      : leave(ref, 'not-found', `nothing of it runs: ${agent.because}`),
  );
};
