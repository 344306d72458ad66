// The restart of a town's agent: end what it is made of, then start it the way its town does, or as its pane was started. Pure.
import type {Agent} from '../../core/domain/agent.ts';
import type {UnlockRule} from '../../core/domain/finding.ts';
import type {Session} from '../../core/domain/multiplexer.ts';
import type {LeftOut, PlanStart} from '../../core/domain/plan.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Town} from '../../core/domain/town.ts';
import {shellText} from '../../core/judge/programs/start-command.ts';
import {tmuxServers} from '../../core/look/index/tmux-servers.ts';
import type {PlanWorld} from '../../core/plan/plan-world.ts';
import {noRestart, type ResolvedRestart} from '../../core/plan/resolved-restart.ts';
import {findSession, leave, processRoot, sessionRoot} from '../../core/plan/roots.ts';
import {type ExpectedAgent, expectedAgents} from './gastown.ts';
import {restartObstacle} from './restart-refusal.ts';

/** Variables that would make the town's tools take rigtop for an agent, and count its call as that agent's sign of life. */
const IDENTITY = ['GT_*', 'BD_ACTOR', 'BEADS_AGENT_NAME', 'CLAUDECODE', 'TMUX', 'TMUX_PANE'];
/** The town's tools wait up to three minutes for an agent to come up. */
const STARTER_MS = 240_000;
const UP_WITHIN_MS = 60_000;

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
const socketOf = (snapshot: Snapshot, town: Town, session: Session | null): string => {
  const servers = tmuxServers(snapshot);
  const own = servers.find(({name}) => town.socketNames.includes(name));
  if (own !== undefined) {
    return own.socket;
  }
  const beside = servers[0]?.socket.replace(/[^/]*$/, '');
  return session?.socket ?? `${beside ?? `/tmp/tmux-${snapshot.self.uid}/`}${town.socketName}`;
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

/** Null where the agent is in no town. */
export const restartInTown = (world: PlanWorld, agent: Agent, unlocks: readonly UnlockRule[]): ResolvedRestart | null => {
  const {snapshot} = world.assessment;
  if (agent.town === null) {
    return null;
  }
  const expected = expectedOf(snapshot, agent);
  if (expected === undefined) {
    return noRestart(leave(agent.ref, 'not-restartable', `town ${agent.town} has no place for it: nothing says how it is started`));
  }
  if (agent.state === 'unknown') {
    return noRestart(leave(agent.ref, 'unknown', `unknown: ${agent.because}`));
  }
  const words = restartWords(expected);
  if (words === null) {
    return noRestart(
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
    return noRestart(stop);
  }
  const gt = snapshot.programs.get('gt');
  const start = gt === undefined ? withoutTown(expected, session, words) : throughTown(snapshot, expected, session, gt, words);
  if (typeof start === 'string') {
    return noRestart(leave(agent.ref, 'not-restartable', start));
  }
  const because = `${agent.role} ${agent.name}: ${agent.because}`;
  const root = session === null ? null : sessionRoot(snapshot, session, because);
  const process = root !== null || agent.process === null ? undefined : world.look.processes.get(agent.process.pid);
  const roots = [...(root === null ? [] : [root]), ...(process === undefined ? [] : [processRoot(process, because)])];
  return {roots, leftOut: [], starts: [start]};
};
