// The planner of an agent's restart: the way its source knows, or end it and start what its pane was started with. Pure.
import type {Agent} from '../domain/agent.ts';
import type {UnlockRule} from '../domain/finding.ts';
import {knownValue} from '../domain/known.ts';
import {type Pane, sessionKey} from '../domain/multiplexer.ts';
import type {LastSeat, PlanStart} from '../domain/plan.ts';
import type {Settings} from '../domain/settings.ts';
import type {Thing} from '../domain/thing.ts';
import {indexRuntimes} from '../judge/programs/recognise-runtime.ts';
import {runtimeOfCommand, shellText} from '../judge/programs/start-command.ts';
import {resolveReference} from '../look/index/resolve-reference.ts';
import {agentRoots} from './agent-roots.ts';
import type {PlanWorld} from './plan-world.ts';
import type {PlanningSource} from './planning-source.ts';
import {noRestart, type ResolvedRestart} from './resolved-restart.ts';
import {findSession, leave, type Root} from './roots.ts';

const UP_WITHIN_MS = 60_000;

/** The pane that ends with a root, where it is one and the same pane that was started with the agent's program. */
const paneOfRoot = (root: Root): Pane | null => {
  if (root.sort === 'process') {
    return null;
  }
  const panes = root.sort === 'pane' ? [root.placed.pane] : root.session.panes;
  const [pane, ...others] = [...new Map(panes.map(each => [each.id, each])).values()];
  return pane === undefined || others.length > 0 ? null : pane;
};

/** An agent that no source knows how to start: what tmux records of its pane, again in the same place. */
const restartFromPane = (world: PlanWorld, settings: Settings, agent: Agent): ResolvedRestart => {
  const {snapshot} = world.assessment;
  const refuse = (because: string): ResolvedRestart => noRestart(leave(agent.ref, 'not-restartable', because));
  const session = agent.session === null ? null : findSession(snapshot, agent.session);
  if (session?.kind !== 'tmux') {
    return refuse('rigtop does not know how it is started');
  }
  const {roots, leftOut} = agentRoots(world, agent);
  const [root] = roots;
  if (root === undefined) {
    return {roots: [], leftOut, starts: []};
  }
  const pane = paneOfRoot(root);
  if (pane === null) {
    return refuse('it shares its pane or its session: what was started there for it alone cannot be told');
  }
  if (pane.startCommand === '') {
    return refuse('nothing records how it was started: it was typed at a shell');
  }
  if (runtimeOfCommand(pane.startCommand, indexRuntimes(settings.runtimes)) === null) {
    return refuse('what its pane was started with runs no agent program that rigtop knows');
  }
  const cwd = pane.dead ? undefined : knownValue(world.look.processes.get(pane.pid)?.cwd ?? {known: false, because: ''});
  if (cwd === undefined) {
    return refuse('where it worked is not known');
  }
  const {socket, id, created, name} = session;
  const start: PlanStart = {
    ref: agent.ref,
    because: 'this is what its pane was started with',
    way: {
      kind: 'window',
      socket,
      session: name,
      // With its last pane the session ends, and is made anew.
      id: root.sort === 'session' ? null : {socket, id, created},
      window: pane.windowName,
      cwd,
      command: shellText(pane.startCommand),
      env: {},
    },
    proof: {port: null, session: {socket, name}, runtime: true, cwd: null, withinMs: UP_WITHIN_MS},
  };
  return {roots, leftOut, starts: [start]};
};

const restartOne = (
  world: PlanWorld,
  settings: Settings,
  sources: readonly PlanningSource[],
  agent: Agent,
  unlocks: readonly UnlockRule[],
): ResolvedRestart => {
  for (const {restartAgent} of sources) {
    const restart = restartAgent?.(world, agent, unlocks) ?? null;
    if (restart !== null) {
      return restart;
    }
  }
  return agent.state === 'unknown'
    ? noRestart(leave(agent.ref, 'not-restartable', `unknown: ${agent.because}`))
    : restartFromPane(world, settings, agent);
};

/** Agents that a reference names: itself, the one of a session, or the one that a finding is about. */
const agentsOf = (world: PlanWorld, asked: string): readonly Agent[] => {
  const thingOf = (ref: string): Thing | null => {
    const resolution = resolveReference(ref, world.assessment);
    return resolution.answer === 'thing' ? resolution.thing : null;
  };
  const named = thingOf(asked);
  const finding = named?.sort === 'finding' ? named.finding : null;
  const wanted = finding?.subject ?? asked;
  const thing = finding === null ? named : thingOf(wanted);
  const keys = [thing?.sort === 'session' ? sessionKey(thing.session) : null, finding?.session ?? null];
  return world.assessment.fleet.agents.filter(agent => agent.ref === wanted || (agent.session !== null && keys.includes(agent.session)));
};

/** An agent whose session is gone, by what its pane was started with. */
const startWhereSeen = (ref: string, last: LastSeat): ResolvedRestart =>
  last.command === '' || last.directory === null
    ? noRestart(leave(ref, 'not-restartable', 'its session is gone, and nothing records how it was started: it was typed at a shell'))
    : {
        roots: [],
        leftOut: [],
        starts: [
          {
            ref,
            because: 'its session is gone; this is what its pane was started with',
            way: {
              kind: 'window',
              socket: last.socket,
              session: last.session,
              id: null,
              window: last.session,
              cwd: last.directory,
              command: shellText(last.command),
              env: {},
            },
            proof: {
              port: null,
              session: {socket: last.socket, name: last.session},
              runtime: true,
              cwd: null,
              withinMs: UP_WITHIN_MS,
            },
          },
        ],
      };

/** `agent:…`, `session:…` of an agent, or a finding about one. `last`: where an agent ran that is in no list any more. */
export const resolveAgentRestart = (
  world: PlanWorld,
  settings: Settings,
  sources: readonly PlanningSource[],
  asked: string,
  unlocks: readonly UnlockRule[],
  last: LastSeat | null = null,
): ResolvedRestart => {
  const [agent, ...others] = agentsOf(world, asked);
  if (agent === undefined) {
    return last === null ? noRestart(leave(asked, 'not-found', 'no agent is known by that name')) : startWhereSeen(asked, last);
  }
  return others.length > 0
    ? noRestart(leave(agent.ref, 'doubled', `it runs ${others.length + 1} times; stop all but one first`))
    : restartOne(world, settings, sources, agent, unlocks);
};
