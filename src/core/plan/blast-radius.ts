// What a plan touches beyond its targets, which ports it frees, and what it cannot give back, in sentences. Pure.
import {countOf, firstOf} from '../../words/counts.ts';
import type {Agent} from '../domain/agent.ts';
import {commandLine} from '../domain/command-line.ts';
import {ancestorsOf} from '../domain/forest.ts';
import {type Pane, sessionKey} from '../domain/multiplexer.ts';
import type {EndedAgent, PlanTarget} from '../domain/plan.ts';
import {type Process, processKey} from '../domain/process.ts';
import {sessionRef} from '../domain/reference.ts';
import {isKnownByName} from '../domain/session-server.ts';
import {ownEditorName, reaperName, unitFinder} from '../look/index/program-kinds.ts';
import {namesOf, scriptOf} from '../look/index/program-of.ts';
import {remainingKey} from './closing-heads.ts';
import type {PlanWorld} from './plan-world.ts';
import {type Collected, sharingRefs} from './targets.ts';

/** Ports of which every holder is a target. A port whose holders could not be seen is never promised. */
export const planFrees = (world: PlanWorld, targets: readonly PlanTarget[]): readonly number[] => {
  const ending = new Set(targets.map(({pid}) => pid));
  const {listeners} = world.assessment.snapshot;
  const held = new Set(targets.flatMap(({holds}) => holds));
  return [...held]
    .filter(port =>
      listeners.every(listener => listener.port !== port || (listener.owners.known && listener.owners.value.every(pid => ending.has(pid)))),
    )
    .sort((a, b) => a - b);
};

const few = (words: readonly string[]): string => firstOf(words, 3);

const sharedGroups = (world: PlanWorld, targets: readonly PlanTarget[]): readonly string[] => {
  const ending = new Set(targets.map(({pid}) => pid));
  return [...new Set(targets.map(({pgid}) => pgid))].flatMap(pgid => {
    const bystanders = (world.look.groups.get(pgid) ?? [])
      .filter(pid => !ending.has(pid))
      .flatMap(pid => world.look.processes.get(pid) ?? [])
      .filter(({state}) => state !== 'Z' && state !== 'X');
    return bystanders.length === 0
      ? []
      : [
          `process group ${pgid} is shared with ${few(bystanders.map(each => `${each.pid} (${commandLine(each, 30)})`))}, left alone: its targets are signalled one by one`,
        ];
  });
};

/** What is left running below a target, by the rule that left it out. */
const HELD: ReadonlyMap<string | null, (pid: string) => string> = new Map([
  ['multiplexer', pid => `the tmux server ${pid}`],
  ['other-agent', pid => `another agent (${pid})`],
  ['in-use', pid => `what others use (${pid})`],
]);

/** Left-out processes that have a target above them: they go on without it. */
const heldBelow = (world: PlanWorld, {targets, leftOut}: Collected): readonly string[] => {
  const ending = new Set(targets.map(({pid}) => pid));
  return leftOut.flatMap(({ref, rule}) => {
    const pid = /^process:(\d+)$/.exec(ref)?.[1];
    const above = pid === undefined ? undefined : ancestorsOf(world.look.processes, Number(pid)).find(each => ending.has(each));
    const what = HELD.get(rule);
    return above === undefined || pid === undefined || what === undefined
      ? []
      : [`${above} is an ancestor of ${what(pid)}, which is left running`];
  });
};

const unsettled = (world: PlanWorld, {roots}: Collected): readonly string[] => {
  const refs = new Set(roots.map(({ref}) => ref));
  return world.assessment.findings
    .filter(({certainty, subject}) => certainty === 'unknown' && refs.has(subject))
    .map(({subject, title}) => `the verdict about ${subject} is unknown: ${title}`);
};

const WATCHER =
  /^(?:nodemon|wrangler|watchexec|entr|air|ts-node-dev|reflex|chokidar|cargo-watch|pm2.*|forever|supervisor|concurrently|overmind|foreman|hivemind|supervisord|circusd|monit|runsv|s6-supervise|perpd)$/;

/** Programs that start their child again when it ends or a file changes: by name, or told so (`node --watch`, `tsx watch`). */
const isWatcher = (process: Process): boolean => {
  const script = scriptOf(process.argv);
  const names = [...namesOf(process), ...(script === null ? [] : [script.name])];
  return (
    names.some(name => WATCHER.test(name)) ||
    (names.some(name => /^(?:node|tsx|bun|deno)$/.test(name)) &&
      process.argv.slice(1, 4).some(word => /^(?:--watch(?:-path)?(?:=.*)?|--hot|watch)$/.test(word)))
  );
};

/** Who above a target is left, and will start it again. */
const bringingBack = (world: PlanWorld, targets: readonly PlanTarget[]): readonly string[] => {
  const ending = new Set(targets.map(({pid}) => pid));
  const lines = targets
    .filter(({parent}) => !ending.has(parent))
    .flatMap(({pid}) => {
      const watcher = ancestorsOf(world.look.processes, pid)
        .flatMap(above => world.look.processes.get(above) ?? [])
        .find(each => !ending.has(each.pid) && isWatcher(each));
      return watcher === undefined
        ? []
        : [`${commandLine(watcher, 40)} ${watcher.pid} stays and may start ${pid} again: process:${watcher.pid} ends both`];
    });
  return [...new Set(lines)];
};

/** Units whose processes end: systemd may start them again (systemd.service(5), Restart=), and no process above can be ended instead. */
const unitsEnding = (world: PlanWorld, targets: readonly PlanTarget[]): readonly string[] => {
  const unitOf = unitFinder(world.look.processes);
  const units = new Map(
    targets.flatMap(({pid}) => {
      const unit = unitOf(pid);
      return unit === null ? [] : [[unit.pid, unit] as const];
    }),
  );
  return [...units.values()].flatMap(({pid, ppid}) => {
    const manager = world.look.processes.get(ppid);
    const name = manager === undefined ? null : reaperName(manager);
    const systemctl = ppid === 1 ? 'systemctl' : 'systemctl --user';
    return name === null
      ? []
      : [`${name} runs ${pid} as a unit and may start it again: \`${systemctl} status ${pid}\` names the unit to stop instead`];
  });
};

/** A pane closes when its first process ends, and a session with its last pane: also where neither was asked for. */
const closing = (world: PlanWorld, {targets, sessions, panes}: Collected): readonly string[] => {
  const planned = new Set(sessions.map(sessionKey));
  const asked = new Set(panes.map(({session, paneId}) => `${sessionKey(session)}\u0000${paneId}`));
  const ending = new Set(targets.map(({pid}) => pid));
  return world.assessment.snapshot.servers.flatMap(server =>
    server.sessions.flatMap(session => {
      const key = sessionKey(session);
      const ends = session.panes.filter(({id, pid, dead}) => asked.has(`${key}\u0000${id}`) || (!dead && ending.has(pid)));
      const {remaining} = world.assessment.snapshot;
      const stays = ({id}: Pane): boolean =>
        !asked.has(`${key}\u0000${id}`) && remaining?.has(remainingKey({socket: server.socket, paneId: id})) === true;
      const closed = ends.filter(pane => !stays(pane));
      const ref = sessionRef(server.name, session.name);
      const dead = ends
        .filter(stays)
        .map(({id, pid}) => `pane ${id} of ${ref} stays when ${pid} ends (remain-on-exit), and a hook of it may start that again`);
      if (planned.has(key)) {
        return [];
      }
      if (closed.length === 0) {
        return dead;
      }
      if (dead.length === 0 && closed.length === session.panes.length) {
        return [`${ref} ends with it: ${closed.length === 1 ? 'that is its only pane' : 'those are all its panes'}`];
      }
      const closing = closed
        .filter(({id}) => !asked.has(`${key}\u0000${id}`))
        .map(({id, pid}) => `pane ${id} of ${ref} closes with ${pid}`);
      return [...dead, ...closing];
    }),
  );
};

export const planWarnings = (world: PlanWorld, collected: Collected): readonly string[] => {
  const {snapshot} = world.assessment;
  const shared = collected.roots.flatMap(root => {
    const others = root.sort === 'session' ? sharingRefs(world, root.session) : [];
    return others.length === 0 ? [] : [`${root.ref} shares its windows with ${few(others)}: what runs in them ends for all of them`];
  });
  return [
    ...shared,
    ...closing(world, collected),
    ...heldBelow(world, collected),
    ...bringingBack(world, collected.targets),
    ...unitsEnding(world, collected.targets),
    ...sharedGroups(world, collected.targets),
    ...unsettled(world, collected),
    ...(snapshot.processesComplete ? [] : ['not every process could be seen: there may be more below these']),
  ];
};

/** What no later step can bring back. */
export const planIrreversible = (world: PlanWorld, {roots, targets, sessions, panes}: Collected, force: boolean): readonly string[] => {
  const {fleet} = world.assessment;
  const agents = targets.flatMap(({pid, startTime}) => {
    const runtime = fleet.runtimes.get(pid);
    return runtime?.process.startTime === startTime ? [`${runtime.runtime} ${pid}`] : [];
  });
  const editors = targets.filter(({pid}) => {
    const process = world.look.processes.get(pid);
    return process !== undefined && ownEditorName(process) !== null;
  });
  const scrollback = roots.flatMap(root =>
    root.sort === 'session' && sessions.some(session => sessionKey(session) === sessionKey(root.session))
      ? [`the scrollback of ${root.ref} (${countOf(root.session.panes.length, 'pane')})`]
      : [],
  );
  return [
    ...scrollback,
    ...panes.map(({ref}) => `the scrollback of ${ref}`),
    ...sessions.flatMap(({ref, socket}) => (isKnownByName(socket) ? [`the saved layout of ${ref}: it cannot be resurrected`] : [])),
    ...(agents.length === 0 ? [] : [`the running turn and unsent input of ${few(agents)}`]),
    ...(editors.length === 0 ? [] : [`unsaved changes in ${few(editors.map(({pid, command}) => `${pid} (${command})`))}`]),
    ...(force ? ['whatever the programs would have saved on SIGTERM: they are killed at once'] : []),
  ];
};

/** What an agent is doing is a hint beside its record: shown, and never a reason to end anything. */
const asksFor = ({hint}: Agent & {readonly hint?: {readonly state: string} | null}): boolean => hint?.state === 'asks';

/** Agents that are alive and end with these targets: each once, however many processes it has. */
export const endedAgents = ({assessment: {fleet}}: PlanWorld, targets: readonly PlanTarget[]): readonly EndedAgent[] => {
  const ending = new Set(targets.map(processKey));
  return fleet.agents
    .filter(({state, process}) => (state === 'running' || state === 'stopped') && process !== null && ending.has(processKey(process)))
    .map(agent => ({ref: agent.ref, asks: asksFor(agent)}));
};
