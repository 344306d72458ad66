// The agents of a fleet: those in sessions, those at terminals, and those that a source expects and that are not there. Pure.

import type {Agent} from '../../domain/agent.ts';
import {commandLine} from '../../domain/command-line.ts';
import {everyFew} from '../../domain/every-few.ts';
import {ancestorsOf, nearestAbove} from '../../domain/forest.ts';
import {type Process, placeOf} from '../../domain/process.ts';
import {agentRef, processRef, sessionRef} from '../../domain/reference.ts';
import type {LivingByPid} from '../../domain/runtime-record.ts';
import type {Place} from '../../look/index/places.ts';
import {isCarrier} from '../../look/index/program-of.ts';
import {livenessOf} from '../detect/liveness.ts';
import {agentBelow} from '../programs/launchers.ts';
import {sidePartOf} from '../programs/recognise-runtime.ts';
import {hostedAgents, withRecords} from './hosted-agents.ts';
import type {ManagedSession} from './managed-sessions.ts';
import {type SessionContext, UNPLACED} from './session-identity.ts';
import type {SeatedRuntime} from './session-programs.ts';

const idOf = ({pid, startTime}: Process) => ({pid, startTime});

/** Reference of the agent that a managed session is. */
const refOfManaged = (managed: ManagedSession): string =>
  managed.claim?.agentRef ?? agentRef(managed.rig?.name ?? managed.town ?? UNPLACED, managed.role, managed.name);

const asAgent = (
  managed: ManagedSession,
  seated: SeatedRuntime | undefined,
  ref: string,
  name: string,
  state: Pick<Agent, 'state' | 'because'>,
): Agent => ({
  ref,
  rig: managed.rig?.name ?? managed.town ?? UNPLACED,
  name,
  role: managed.role,
  town: managed.town,
  runtime: seated?.runtime.runtime ?? managed.env.GT_AGENT ?? null,
  state: state.state,
  because: state.because,
  session: managed.key,
  sessionRef: sessionRef(managed.session.server, managed.session.name),
  process: seated === undefined ? null : idOf(seated.process),
  ...(seated === undefined ? {} : {pane: seated.pane.id}),
  slot: managed.slot,
  evidence: managed.evidence,
});

/**
 * Further agents of a session that nobody declared: each is one of its own, named by its pane, and by its process where that pane has
 * another one already (jobs of a shell, managers with several work trees).
 */
const sideAgents = (managed: ManagedSession, around: SessionContext): readonly Agent[] =>
  managed.why !== 'running' && managed.why !== 'configured'
    ? []
    : managed.programs.runtimes.slice(1).map((seated, index) => {
        const cwd = placeOf(seated.process);
        const rig = cwd === undefined ? managed.rig : around.rigs.at(cwd);
        const isFirst = managed.programs.runtimes.slice(0, index + 1).every(other => other.pane.id !== seated.pane.id);
        const name = `${managed.name}.${isFirst ? seated.pane.id : seated.process.pid}`;
        const who = `${seated.runtime.runtime} ${seated.process.pid}`;
        const frozen = seated.process.state === 'T';
        return asAgent({...managed, rig, slot: null}, seated, agentRef(rig?.name ?? UNPLACED, 'agent', name), name, {
          state: frozen ? 'stopped' : 'running',
          because: frozen ? `${who} is stopped by a signal: frozen, not dead` : `${who} runs in ${seated.pane.id}`,
        });
      });

const isDeclared = ({why}: ManagedSession): boolean => why === 'claim' || why === 'markers' || why === 'configured';

/** Where a window is at home that several sessions show: in a declared session, then in one that is no view of another (`new-session -t`). */
const viewing = (managed: ManagedSession): number => {
  const {group, name} = managed.session;
  return isDeclared(managed) ? 0 : 1 + Number(group !== null && group !== name);
};

/**
 * The sessions with the agent programs that are at home in them: one program is one agent, however many sessions show its window. A
 * session that nobody declared and that only shows agents of others is none.
 */
const atHome = (sessions: readonly ManagedSession[]): readonly ManagedSession[] => {
  const homes = new Map<number, ManagedSession>();
  const ranked = [...sessions].sort((a, b) => viewing(a) - viewing(b) || a.session.created - b.session.created);
  for (const managed of ranked) {
    for (const {process} of managed.programs.runtimes) {
      homes.set(process.pid, homes.get(process.pid) ?? managed);
    }
  }
  return sessions.flatMap(managed => {
    const {runtimes} = managed.programs;
    const own = runtimes.filter(({process}) => homes.get(process.pid) === managed);
    if (isDeclared(managed) || own.length === runtimes.length) {
      return [managed];
    }
    return own.length === 0 ? [] : [{...managed, programs: {...managed.programs, runtimes: own}}];
  });
};

/** So many agents are made between two pauses. */
const BREATH = 32;

/** Agents of managed sessions. Discovered ones that share a name on two servers are told apart by the server. */
const seatedAgents = function* (sessions: readonly ManagedSession[], around: SessionContext): Generator<void, readonly Agent[]> {
  const taken = new Set(sessions.filter(each => each.why === 'claim' || each.why === 'markers').map(refOfManaged));
  const serving = atHome(sessions).filter(managed => managed.why !== 'services');
  return yield* everyFew(BREATH, serving, managed => {
    const own = refOfManaged(managed);
    const name = !isDeclared(managed) && taken.has(own) ? `${managed.name}@${managed.session.server}` : managed.name;
    const ref = name === managed.name ? own : agentRef(managed.rig?.name ?? UNPLACED, 'agent', name);
    taken.add(ref);
    const liveness = livenessOf(managed, around.look.snapshot, around.settings);
    return [asAgent(managed, managed.programs.runtimes[0], ref, name, liveness), ...sideAgents(managed, around)];
  });
};

/** Where an agent outside of every known pane is at home, in words; null in a pane, and where nobody owns it. */
const standing = (place: Place): string | null => {
  switch (place.where) {
    case 'terminal':
      return `runs at ${place.tty}`;
    case 'editor':
    case 'supervisor':
      return `runs below ${place.name} ${place.pid}`;
    case 'unseen':
      return place.because;
    default:
      return null;
  }
};

/** The topmost program, below whoever adopts, that does more than carry an agent: a worker daemon, an agent program’s own host. */
const hostOf = ({look, table}: SessionContext, process: Process, place: Place): Process | null => {
  const {processes} = look.snapshot;
  if (place.where === 'terminal') {
    // A host gives each of its sessions a terminal of its own; one that a person sits at has none of an agent program’s parts above it.
    const above = ancestorsOf(processes, process.pid).flatMap(pid => processes.get(pid) ?? []);
    return above.findLast(each => sidePartOf(each, table) !== null) ?? null;
  }
  if (place.where !== 'adrift') {
    const above = (place.where === 'editor' || place.where === 'supervisor') && place.pid !== process.pid ? place.pid : 0;
    return processes.get(above) ?? null;
  }
  const above = ancestorsOf(processes, process.pid);
  const chain = above.slice(0, above.indexOf(place.root) + 1).flatMap(pid => processes.get(pid) ?? []);
  return chain.findLast(each => !isCarrier(each)) ?? null;
};

/** Agents at plain terminals, in panes that could not be listed, and town agents that run outside of tmux under a supervisor or a recorded pid. */
const unseatedAgents = function* (around: SessionContext, kept: (process: Process) => string | null): Generator<void, readonly Agent[]> {
  const {look, rigs, runtimes} = around;
  const {processes} = look;
  const runtimeAbove = nearestAbove(processes, pid => runtimes.get(pid));
  return yield* everyFew(BREATH, runtimes.values(), (runtime): readonly Agent[] => {
    const top = processes.get(runtime.process.pid);
    const place = look.placeOf(runtime.process.pid);
    // What an agent starts is a part of it, agents included.
    if (top === undefined || runtimeAbove(top.pid) !== undefined) {
      return [];
    }
    const process = agentBelow(look, runtimes, top);
    const voucher = place.where === 'adrift' ? kept(top) : null;
    const host = hostOf(around, top, place);
    const below = host !== null && (place.where === 'adrift' || place.where === 'terminal');
    const because = below ? `runs below ${commandLine(host, 40)} ${host.pid}` : (voucher ?? standing(place));
    if (because === null) {
      return [];
    }
    const claim = around.claimOf(process);
    if (voucher !== null && claim?.agentRef != null) {
      // A recorded program of a workspace: told with the agents that are expected there.
      return [];
    }
    const cwd = placeOf(process);
    const here = claim === null && cwd !== undefined ? rigs.at(cwd) : null;
    const rig = claim?.rig != null ? rigs.claimed(claim.rig) : here;
    const name = claim?.name ?? `${runtime.runtime}-${process.pid}`;
    const home = rig?.name ?? claim?.town ?? UNPLACED;
    return [
      {
        ref: claim?.agentRef ?? agentRef(home, 'agent', name),
        rig: home,
        name,
        role: claim?.role ?? 'agent',
        town: claim?.town ?? null,
        runtime: runtime.runtime,
        state: process.state === 'T' ? ('stopped' as const) : ('running' as const),
        because: process.state === 'T' ? `${runtime.runtime} ${process.pid} is stopped by a signal: frozen, not dead` : because,
        session: null,
        sessionRef: null,
        process: idOf(process),
        slot: null,
        evidence: [runtime.evidence, ...(claim?.evidence ?? [])],
        ...(host === null ? {} : {hosts: processRef(host.pid)}),
      },
    ];
  });
};

/** Every agent in sight or expected. `kept` tells why a process without an owner above it is somebody's all the same. Pauses often. */
export const identifyingAgents = function* (
  sessions: readonly ManagedSession[],
  around: SessionContext,
  kept: (process: Process) => string | null,
  records: LivingByPid,
  /** Agents that should be there besides those of these references. */
  absent: (present: ReadonlySet<string>) => readonly Agent[],
): Generator<void, readonly Agent[]> {
  const seated = yield* seatedAgents(sessions, around);
  yield;
  const unseated = yield* unseatedAgents(around, kept);
  yield;
  const hosted = hostedAgents(around, [...seated, ...unseated], records);
  yield;
  const present = new Set([...seated, ...unseated].map(agent => agent.ref));
  return [...withRecords([...seated, ...unseated], around.look, records), ...hosted, ...absent(present)];
};
