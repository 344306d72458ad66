// The planner of an agent's restart: end what it is made of, then start it the way its town does, or as its pane was started. Pure.
import type {Agent} from '../../core/domain/agent.ts';
import type {UnlockRule} from '../../core/domain/finding.ts';
import {knownValue} from '../../core/domain/known.ts';
import {type Pane, type Session, sessionKey} from '../../core/domain/multiplexer.ts';
import type {LastSeat, LeftOut, PlanStart} from '../../core/domain/plan.ts';
import {parseReference} from '../../core/domain/reference.ts';
import type {Settings} from '../../core/domain/settings.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Town} from '../../core/domain/town.ts';
import {indexRuntimes} from '../../core/judge/programs/recognise-runtime.ts';
import {runtimeOfCommand, splitWords} from '../../core/judge/programs/start-command.ts';
import type {PlanWorld} from '../../core/plan/plan-world.ts';
import {resolveAgent} from '../../core/plan/resolve-agent.ts';
import {resolveReference} from '../../core/plan/resolve-reference.ts';
import type {ResolvedRestart} from '../../core/plan/restart-service.ts';
import {findSession, leave, processRoot, type Root, sessionRoot} from '../../core/plan/roots.ts';
import {type ExpectedAgent, expectedAgents} from './gastown.ts';
import {restartObstacle} from './restart-refusal.ts';

/** Variables that would make the town's tools take rigtop for an agent, and count its call as that agent's sign of life. */
const IDENTITY = ['GT_*', 'BD_ACTOR', 'BEADS_AGENT_NAME', 'CLAUDECODE', 'TMUX', 'TMUX_PANE'];
/** The town's tools wait up to three minutes for an agent to come up. */
const STARTER_MS = 240_000;
const UP_WITHIN_MS = 60_000;

const nothing = (leftOut: LeftOut): ResolvedRestart => ({roots: [], leftOut: [leftOut], starts: []});

/** What restarts an agent through the town's own tool; null where nothing does. */
const restartWords = ({role, name, rig}: ExpectedAgent): readonly string[] | null => {
  switch (role) {
    case 'mayor':
    case 'deacon':
      return [role, 'restart'];
    case 'witness':
    case 'refinery':
      return rig === null ? null : [role, 'restart', rig.name];
    case 'crew':
      return rig === null ? null : ['crew', 'restart', `${rig.name}/${name}`];
    case 'polecat':
      return rig === null ? null : ['session', 'restart', `${rig.name}/${name}`];
    default:
      return null;
  }
};

/** The server the agent will come up on: its town's own, or the one it was on under an older scheme. */
const socketOf = ({servers, self}: Snapshot, town: Town, session: Session | null): string => {
  const own = servers.find(server => server.kind === 'tmux' && town.socketNames.includes(server.name));
  if (own !== undefined) {
    return own.socket;
  }
  const beside = servers.find(server => server.kind === 'tmux')?.socket.replace(/[^/]*$/, '');
  return session?.socket ?? `${beside ?? `/tmp/tmux-${self.uid}/`}${town.socketName}`;
};

const throughTown = (
  snapshot: Snapshot,
  agent: ExpectedAgent,
  session: Session | null,
  gt: string,
  words: readonly string[],
): PlanStart => ({
  ref: agent.agentRef,
  because: 'the town’s own way to restart it',
  way: {kind: 'command', file: gt, args: words, cwd: agent.town.path, without: IDENTITY, timeoutMs: STARTER_MS},
  proof: {
    port: null,
    session: {socket: socketOf(snapshot, agent.town, session), name: agent.sessionName},
    runtime: true,
    cwd: null,
    withinMs: UP_WITHIN_MS,
  },
});

/** Roles that come up from their start command alone. Others take part in a hand-over that only the town's tools know. */
const SELF_STARTING = new Set(['witness', 'refinery', 'polecat']);

/** tmux prints a start command of one shell text in quotes; of several words each is quoted, which is shell text as it stands. */
const shellText = (startCommand: string): string => {
  const words = splitWords(startCommand);
  return words.length === 1 ? (words[0] ?? '') : startCommand;
};

/** What its own pane was started with, again in the same place; the words that cure it otherwise. */
const withoutTown = (agent: ExpectedAgent, session: Session | null, words: readonly string[]): PlanStart | string => {
  const cure = `run in ${agent.town.path}: gt ${words.join(' ')}`;
  if (!SELF_STARTING.has(agent.role)) {
    return `gt is not on PATH, and a ${agent.role} is not started without it; ${cure}`;
  }
  const declared = session?.env?.GT_PANE_ID;
  const pane = session?.panes.find(each => each.id === declared) ?? session?.panes[0];
  if (session === null || pane === undefined || pane.startCommand === '') {
    return `gt is not on PATH, and nothing records how it was started; ${cure}`;
  }
  return {
    ref: agent.agentRef,
    because: 'gt is not on PATH; this is what its pane was started with',
    way: {
      kind: 'window',
      socket: session.socket,
      session: session.name,
      id: null,
      window: agent.name,
      cwd: agent.worker.path,
      command: shellText(pane.startCommand),
      env: Object.fromEntries(Object.entries(session.env ?? {}).filter(([name]) => name !== 'GT_PANE_ID' && !name.startsWith('TMUX'))),
    },
    proof: {port: null, session: {socket: session.socket, name: session.name}, runtime: true, cwd: null, withinMs: UP_WITHIN_MS},
  };
};

const expectedOf = ({towns}: Snapshot, agent: Agent): ExpectedAgent | undefined =>
  towns
    .filter(town => town.name === agent.town)
    .flatMap(expectedAgents)
    .find(each => each.agentRef === agent.ref);

/** Crew are a person's: their session is protected by rule, and one that is gone is not started unasked either. */
const personal = (agent: Agent, session: Session | null, unlocks: readonly UnlockRule[]): LeftOut | null =>
  agent.role === 'crew' && session === null && !unlocks.includes('crew')
    ? leave(agent.ref, 'crew', `${agent.ref} works for a person (crew)`, 'crew')
    : null;

/** The pane that ends with a root, where it is one and the same pane that was started with the agent's program. */
const paneOfRoot = (root: Root): Pane | null => {
  if (root.sort === 'process') {
    return null;
  }
  const panes = root.sort === 'pane' ? [root.placed.pane] : root.session.panes;
  const [pane, ...others] = [...new Map(panes.map(each => [each.id, each])).values()];
  return pane === undefined || others.length > 0 ? null : pane;
};

/** An agent that no town started: what tmux records of its pane, again in the same place. */
const restartFromPane = (world: PlanWorld, settings: Settings, agent: Agent): ResolvedRestart => {
  const {snapshot} = world.assessment;
  const refuse = (because: string): ResolvedRestart => nothing(leave(agent.ref, 'not-restartable', because));
  const session = agent.session === null ? null : findSession(snapshot, agent.session);
  if (session?.kind !== 'tmux') {
    return refuse('rigtop does not know how it is started');
  }
  const {roots, leftOut} = resolveAgent(world, agent.ref);
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
  const cwd = pane.dead ? undefined : knownValue(world.processes.get(pane.pid)?.cwd ?? {known: false, because: ''});
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

const restartOne = (world: PlanWorld, settings: Settings, agent: Agent, unlocks: readonly UnlockRule[]): ResolvedRestart => {
  const {snapshot} = world.assessment;
  const expected = expectedOf(snapshot, agent);
  if (expected === undefined && agent.town === null && agent.state !== 'unknown') {
    return restartFromPane(world, settings, agent);
  }
  if (expected === undefined) {
    return nothing(
      leave(
        agent.ref,
        'not-restartable',
        agent.town === null ? `unknown: ${agent.because}` : `town ${agent.town} has no place for it: nothing says how it is started`,
      ),
    );
  }
  if (agent.state === 'unknown') {
    return nothing(leave(agent.ref, 'unknown', `unknown: ${agent.because}`));
  }
  const words = restartWords(expected);
  if (words === null) {
    return nothing(
      leave(
        agent.ref,
        'not-restartable',
        `a ${agent.role} comes and goes by itself${agent.role === 'dog' ? `; gt dog clear ${agent.name}` : ''}`,
      ),
    );
  }
  const session = agent.session === null ? null : findSession(snapshot, agent.session);
  const stop = restartObstacle(expected, snapshot.takenAt) ?? personal(agent, session, unlocks);
  if (stop !== null) {
    return nothing(stop);
  }
  const gt = snapshot.programs.get('gt');
  const start = gt === undefined ? withoutTown(expected, session, words) : throughTown(snapshot, expected, session, gt, words);
  if (typeof start === 'string') {
    return nothing(leave(agent.ref, 'not-restartable', start));
  }
  const because = `${agent.role} ${agent.name}: ${agent.because}`;
  const root = session === null ? null : sessionRoot(snapshot, session, because);
  const process = root !== null || agent.process === null ? undefined : world.processes.get(agent.process.pid);
  const roots = [...(root === null ? [] : [root]), ...(process === undefined ? [] : [processRoot(process, because)])];
  return {roots, leftOut: [], starts: [start]};
};

/** Agents that a reference names: itself, the one of a session, or the one that a finding is about. */
const agentsOf = (world: PlanWorld, asked: string): readonly Agent[] => {
  const {fleet, findings} = world.assessment;
  const reference = parseReference(asked);
  const finding = reference?.sort === 'finding' ? findings.find(each => each.id === reference.name) : undefined;
  const wanted = finding?.subject ?? asked;
  const {roots} = parseReference(wanted)?.sort === 'session' ? resolveReference(world, wanted) : {roots: []};
  const keys = new Set([
    ...roots.flatMap(root => (root.sort === 'session' ? [sessionKey(root.session)] : [])),
    ...(finding?.session == null ? [] : [finding.session]),
  ]);
  return fleet.agents.filter(agent => agent.ref === wanted || (agent.session !== null && keys.has(agent.session)));
};

/** An agent whose session is gone, by what its pane was started with. */
const startWhereSeen = (ref: string, last: LastSeat): ResolvedRestart =>
  last.command === '' || last.directory === null
    ? nothing(leave(ref, 'not-restartable', 'its session is gone, and nothing records how it was started: it was typed at a shell'))
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
  asked: string,
  unlocks: readonly UnlockRule[],
  last: LastSeat | null = null,
): ResolvedRestart => {
  const [agent, ...others] = agentsOf(world, asked);
  if (agent === undefined) {
    return last === null ? nothing(leave(asked, 'not-found', 'no agent is known by that name')) : startWhereSeen(asked, last);
  }
  return others.length > 0
    ? nothing(leave(agent.ref, 'doubled', `it runs ${others.length + 1} times; stop all but one first`))
    : restartOne(world, settings, agent, unlocks);
};
