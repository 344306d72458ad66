// Who listens where: every port that is declared, and every one that an agent, a session, a rig or something left over listens on. Pure.
import {commandLine, oneLine} from '../../domain/command-line.ts';
import {compareText} from '../../domain/compare-text.ts';
import {everyFew} from '../../domain/every-few.ts';
import type {Finding} from '../../domain/finding.ts';
import type {Assessment, Fleet} from '../../domain/fleet.ts';
import {nearestAbove, topmostOf} from '../../domain/forest.ts';
import {knownValue} from '../../domain/known.ts';
import type {Listener} from '../../domain/listener.ts';
import {sessionKey} from '../../domain/multiplexer.ts';
import type {PortHolder, PortUse} from '../../domain/port.ts';
import type {Process} from '../../domain/process.ts';
import type {Service} from '../../domain/slot.ts';
import {groupBy, indexLook, type Look} from '../../look/index/look.ts';
import {portConflicts} from './port-conflicts.ts';
import {programOf} from './port-wishes.ts';

type Judged = Pick<Assessment, 'snapshot' | 'fleet' | 'services' | 'findings'>;

/** Whose a process is, as far as ports are concerned. */
interface Belonging {
  readonly agent: string | null;
  readonly session: string | null;
  readonly rig: string | null;
  /** What was found of it as left over. */
  readonly leftOver: Finding | null;
}

/** The agent whose program or pane is nearest above, else the one that its own marks name. */
const agentOf = (look: Look, fleet: Fleet): ((pid: number) => string | null) => {
  const panes = groupBy(
    look.panes.answered,
    ({session}) => sessionKey(session),
    ({pane}) => pane,
  );
  const roots = new Map<number, string>();
  for (const {ref, session, process} of fleet.agents) {
    for (const {pid, dead} of panes.get(session ?? '') ?? []) {
      if (!dead && !roots.has(pid)) {
        roots.set(pid, ref);
      }
    }
    if (process !== null) {
      roots.set(process.pid, ref);
    }
  }
  const above = nearestAbove(look.processes, pid => roots.get(pid));
  return pid => roots.get(pid) ?? above(pid) ?? fleet.processOwners.get(pid)?.agent ?? null;
};

/** What was found left over, by the processes involved and everything below them. */
const leftOverOf = (look: Look, findings: readonly Finding[]): ((pid: number) => Finding | null) => {
  const involved = new Map(
    findings
      .filter(({kind}) => kind.startsWith('orphan-'))
      .flatMap(finding =>
        finding.processes.flatMap(({pid, startTime}) =>
          look.processes.get(pid)?.startTime === startTime ? [[pid, finding] as const] : [],
        ),
      ),
  );
  const above = nearestAbove(look.processes, pid => involved.get(pid));
  return pid => involved.get(pid) ?? above(pid) ?? null;
};

const belongingOf = ({fleet, findings}: Judged, look: Look): ((pid: number) => Belonging) => {
  const agent = agentOf(look, fleet);
  const leftOver = leftOverOf(look, findings);
  const rigs = new Map(fleet.agents.map(({ref, rig}) => [ref, rig]));
  return pid => {
    const own = agent(pid);
    const placed = look.paneAround(pid);
    const session = placed === undefined ? null : sessionKey(placed.session);
    const found = leftOver(pid);
    return {
      agent: found === null ? own : null,
      session,
      rig: rigs.get(own ?? '') ?? fleet.processOwners.get(pid)?.rig ?? fleet.sessionOwners.get(session ?? '')?.rig ?? found?.rig ?? null,
      leftOver: found,
    };
  };
};

const holderOf = (process: Process): PortHolder => ({
  pid: process.pid,
  startTime: process.startTime,
  command: commandLine(process, 80),
  program: oneLine(programOf(process)),
});

const ownersOf = (listeners: readonly Listener[]): readonly number[] => [
  ...new Set(listeners.flatMap(({owners}) => knownValue(owners) ?? [])),
];

const addressesOf = (listeners: readonly Listener[]): readonly string[] =>
  [...new Set(listeners.map(({address}) => address))].toSorted(compareText);

/** What is the same of every port that these listen on together. */
const heldBy = (
  look: Look,
  listeners: readonly Listener[],
  first: number | undefined,
): Pick<PortUse, 'addresses' | 'holder' | 'pids' | 'cwd'> => {
  const pids = ownersOf(listeners);
  const process = look.processes.get(first ?? topmostOf(look.processes, pids)[0] ?? 0);
  return {
    addresses: addressesOf(listeners),
    holder: process === undefined ? null : holderOf(process),
    pids,
    cwd: process === undefined ? null : (knownValue(process.cwd) ?? null),
  };
};

const NOBODY: Pick<Belonging, 'agent' | 'session'> = {agent: null, session: null};

/** The port of a service, and the ones that it has moved to instead. */
const declaredUses = (look: Look, whose: (pid: number) => Belonging, service: Service, taken: ReadonlySet<number>): readonly PortUse[] => {
  const use = (port: number): PortUse => {
    const held = heldBy(look, look.listeners.get(port) ?? [], service.foreign?.[0]);
    const {agent, session} = held.holder === null ? NOBODY : whose(held.holder.pid);
    const {state, because, rig, ref} = service;
    return {port, ...held, agent, session, rig, service: ref, state, because, conflict: null};
  };
  const moved = service.state === 'wrong-port' ? service.actualPorts.filter(port => !taken.has(port)) : [];
  return [use(service.port), ...moved.map(use)];
};

/** Listeners on a port that nobody declares, those of one agent or one tree together. */
const undeclaredUses = (
  look: Look,
  whose: (pid: number) => Belonging,
  port: number,
  listeners: readonly Listener[],
): readonly PortUse[] => {
  const groups = groupBy(
    listeners,
    listener => {
      const first = topmostOf(look.processes, ownersOf([listener]))[0];
      return first === undefined || !look.processes.has(first) ? null : (whose(first).agent ?? first);
    },
    listener => listener,
  );
  return [...groups.values()].flatMap((own): readonly PortUse[] => {
    const held = heldBy(look, own, undefined);
    const {agent, session, rig, leftOver} = whose(held.holder?.pid ?? 0);
    if (agent === null && session === null && rig === null && leftOver === null) {
      return [];
    }
    const isOrphan = leftOver?.certainty === 'sure';
    return [
      {
        port,
        ...held,
        agent,
        session,
        rig,
        service: null,
        state: isOrphan ? 'orphan' : 'undeclared',
        because: leftOver === null ? 'declared nowhere' : `${isOrphan ? '' : 'perhaps left over: '}${leftOver.title}`,
        conflict: null,
      },
    ];
  });
};

/** So many ports are looked at between two pauses. */
const BREATH = 16;

/** Ascending by port; of one port, what is declared first. Pauses often. */
export const identifyingPorts = function* (judged: Judged): Generator<void, readonly PortUse[]> {
  const {snapshot, fleet, services} = judged;
  const look = indexLook(snapshot);
  const whose = belongingOf(judged, look);
  const declared = new Set(services.map(({port}) => port));
  const told = yield* everyFew(BREATH, services, service => declaredUses(look, whose, service, declared));
  const covered = new Set(told.map(({port}) => port));
  const rest = yield* everyFew(BREATH, look.listeners, ([port, listeners]) =>
    covered.has(port) ? [] : undeclaredUses(look, whose, port, listeners),
  );
  const uses = [...told, ...rest].toSorted((a, b) => a.port - b.port);
  yield;
  const conflicts = portConflicts(look, fleet, uses);
  return uses.map(use => {
    const conflict = conflicts.get(use);
    return conflict === undefined ? use : {...use, conflict};
  });
};
