// A flush scope → the roots it ends: its sessions, whoever lives in its directories or carries its environment, whoever holds its ports. Pure.

import {commandLine} from '../domain/command-line.ts';
import {ancestorsOf, nearestAbove} from '../domain/forest.ts';
import {type Session, sessionKey} from '../domain/multiplexer.ts';
import {isInside} from '../domain/paths.ts';
import type {LeftOut} from '../domain/plan.ts';
import {type Process, placeOf} from '../domain/process.ts';
import {composeRef, portRef, processRef, sourceRef} from '../domain/reference.ts';
import type {DeclaredService} from '../domain/slot-place.ts';
import {type FlushScope, flushScope, type ScopeAnswer} from '../judge/slots/flush-scope.ts';
import {isInOthersPane} from '../judge/slots/others-pane.ts';
import {gateOfHolder} from '../judge/slots/port-gate.ts';
import {judgeHolder} from '../judge/slots/port-holders.ts';
import {describeSlot, indexSlots, type SlotIndex} from '../judge/slots/slot-index.ts';
import {namedInWords} from '../judge/slots/slot-marks.ts';
import type {Look} from '../look/index/look.ts';
import {ownWords} from '../look/index/own-environment.ts';
import {isMultiplexerServer} from '../look/index/program-kinds.ts';
import type {PlanWorld} from './plan-world.ts';
import {leave, notResolved, processRoot, type Resolved, type Root, sessionRoot} from './roots.ts';

/** The directory of the scope that a path lies in; null where it is none of its own. */
const livesIn = (scope: FlushScope, cwd: string): string | null => {
  const place = scope.directories.find(directory => isInside(cwd, directory));
  return place === undefined || scope.except.some(other => isInside(cwd, other)) ? null : place;
};

/**
 * Why a process belongs to the scope; null when nothing says so. A directory of its own inside a neighbour's work tree outweighs
 * the environment: two repositories may use one slug and slot. So does a pane of somebody else's session.
 */
const belongs = (look: Look, scope: FlushScope, process: Process): string | null => {
  const cwd = placeOf(process) ?? null;
  const place = cwd === null ? null : livesIn(scope, cwd);
  if (place !== null) {
    return `its working directory is in ${place}${process.cwdDeleted ? ' (deleted)' : ''}`;
  }
  const elsewhere = cwd !== null && scope.neighbours.some(service => service.worktree !== null && isInside(cwd, service.worktree));
  const named = elsewhere ? null : namedInWords(scope.environments, ownWords(look, process));
  return named !== null && cwd !== null && isHandedOn(look, scope, process) ? null : named;
};

/** Whether nothing but variables connects it with the scope, and those were handed to a pane of somebody else’s session. */
const isHandedOn = (look: Look, scope: FlushScope, {pid}: Process): boolean =>
  scope.directories.length > 0 &&
  isInOthersPane(look, pid, {
    sessions: scope.services.map(({session}) => session),
    environments: scope.environments,
    isHome: directory => livesIn(scope, directory) !== null,
  });

/** The neighbour whose rightful service would end with this process: it, or something below it, holds a port declared for it. */
const rightfulElsewhere = (index: SlotIndex, scope: FlushScope, pid: number): DeclaredService | null => {
  const {look} = index;
  const ports = look.portsBelow(pid);
  const holds = (holder: number): boolean => holder === pid || ancestorsOf(look.processes, holder).includes(pid);
  return (
    scope.neighbours.find(
      service =>
        ports.has(service.port) &&
        look.holdersOf(service.port).some(holder => holds(holder) && judgeHolder(index, service, holder).kind === 'ours'),
    ) ?? null
  );
};

const leaveNeighbour = (process: Process, {service, ...slot}: DeclaredService): LeftOut =>
  leave(processRef(process.pid), 'neighbour', `${commandLine(process, 60)} is the rightful ${service} of ${describeSlot(slot)}`);

/** Who only spells its directory as the scope's: of another mount namespace, or in one that was removed and made again since. */
const standsElsewhere = (scope: FlushScope, {pid, cwd, cwdApart, cwdRemade}: Process): readonly LeftOut[] => {
  if (!cwd.known) {
    return cwdApart !== undefined && livesIn(scope, cwdApart) !== null
      ? [leave(processRef(pid), 'unknown', `unknown: ${cwd.because}`)]
      : [];
  }
  const because = `it stands in a removed directory, and ${cwdRemade} is another one, made since`;
  return cwdRemade !== undefined && livesIn(scope, cwd.value) !== null ? [leave(processRef(pid), 'elsewhere', because)] : [];
};

/** Who bears the scope’s variables in somebody else’s pane, the topmost of each pane: named, because nothing else would say why it stays. */
const handedOn = (look: Look, scope: FlushScope): readonly LeftOut[] => {
  const bearing = new Set(
    [...look.processes.values()].flatMap(process =>
      belongs(look, scope, process) === null &&
      namedInWords(scope.environments, ownWords(look, process)) !== null &&
      isHandedOn(look, scope, process)
        ? [process.pid]
        : [],
    ),
  );
  const because = 'only variables name that slot, and it runs in a session that is none of it';
  return [...bearing].flatMap(pid =>
    bearing.has(look.processes.get(pid)?.ppid ?? 0) ? [] : [leave(processRef(pid), 'elsewhere', because)],
  );
};

interface Holders {
  readonly roots: readonly Root[];
  readonly leftOut: readonly LeftOut[];
}

/** Servers are nobody's inhabitants: what runs in their panes is looked at by itself, wherever the server was started. */
const leaveServer = (process: Process): LeftOut =>
  leave(
    processRef(process.pid),
    'multiplexer',
    `${commandLine(process, 60)} was started there, and is the server of a terminal multiplexer`,
  );

/**
 * Of the processes that belong, those with no ancestor that does: the rest hangs on these. A neighbour's rightful service stays
 * wherever it was started from.
 */
const inhabitants = (world: PlanWorld, index: SlotIndex, scope: FlushScope): Holders => {
  const reasons = new Map<number, string>();
  const leftOut: LeftOut[] = [];
  for (const process of world.look.processes.values()) {
    const because = belongs(world.look, scope, process);
    if (because !== null && isMultiplexerServer(process)) {
      leftOut.push(leaveServer(process));
    } else if (because !== null) {
      reasons.set(process.pid, because);
    }
  }
  const roots: Root[] = [];
  const above = nearestAbove(world.look.processes, pid => (reasons.has(pid) ? pid : undefined));
  for (const [pid, because] of reasons) {
    const process = world.look.processes.get(pid);
    const below = above(pid) !== undefined;
    const neighbour = process === undefined || below ? null : rightfulElsewhere(index, scope, pid);
    if (process !== undefined && neighbour !== null) {
      leftOut.push(leaveNeighbour(process, neighbour));
    } else if (process !== undefined && !below) {
      roots.push(processRoot(process, because));
    }
  }
  const apart = [...world.look.processes.values()].flatMap(process =>
    reasons.has(process.pid) || process.uid !== index.look.snapshot.self.uid ? [] : standsElsewhere(scope, process),
  );
  return {roots, leftOut: [...leftOut, ...apart, ...(scope.environments.length === 0 ? [] : handedOn(world.look, scope))]};
};

const holdersOfPort = (world: PlanWorld, index: SlotIndex, scope: FlushScope, port: number): Holders => {
  const roots: Root[] = [];
  const leftOut: LeftOut[] = [];
  for (const {owners} of index.look.listeners.get(port) ?? []) {
    if (!owners.known) {
      leftOut.push(leave(portRef(port), 'unknown', `who holds port ${port} could not be seen: ${owners.because}`));
      continue;
    }
    for (const pid of owners.value) {
      const process = world.look.processes.get(pid);
      const neighbour = rightfulElsewhere(index, scope, pid);
      if (process === undefined) {
        leftOut.push(leave(processRef(pid), 'unknown', `holds port ${port} and is not in the process table`));
        continue;
      }
      if (neighbour !== null) {
        leftOut.push(leaveNeighbour(process, neighbour));
        continue;
      }
      const stop = gateOfHolder(process, port, belongs(world.look, scope, process) !== null, world.guard.process(process) !== null);
      if (stop !== null) {
        leftOut.push(leave(processRef(pid), 'shared', stop));
      } else {
        const place = process.cwd.known ? `runs in ${process.cwd.value}` : 'runs in a directory that could not be read';
        roots.push(processRoot(process, `listens on port ${port} of ${scope.label}, and ${place}`));
      }
    }
  }
  return {roots, leftOut};
};

/** Whether every program that a session shows lives in the scope. */
const isWhole = (world: PlanWorld, scope: FlushScope, session: Session): boolean => {
  const heads = session.panes.filter(({dead}) => !dead).map(({pid}) => world.look.processes.get(pid));
  const places = heads.map(head => (head === undefined ? undefined : placeOf(head)));
  return places.length > 0 && places.every(place => place !== undefined && livesIn(scope, place) !== null);
};

/** The sessions of its services, and those of agents that live there as a whole. */
const sessionsOf = (world: PlanWorld, scope: FlushScope): readonly Root[] => {
  const {snapshot, fleet} = world.assessment;
  const agents = new Set(fleet.agents.flatMap(({session}) => session ?? []));
  const theirs = snapshot.servers
    .flatMap(({sessions}) => sessions)
    .filter(session => agents.has(sessionKey(session)) && isWhole(world, scope, session));
  const sessions = new Set([...scope.services.flatMap(service => service.session ?? []), ...theirs]);
  return [...sessions].flatMap(session => sessionRoot(snapshot, session, `the session of ${scope.label}`) ?? []);
};

const composeNotes = (scope: FlushScope): readonly LeftOut[] =>
  scope.composeProjects.map(project =>
    leave(composeRef(project), null, `containers of project ${project} stay; --docker brings them down, volumes kept`),
  );

/** What a flush resolves to: roots, and the places and projects that only a flush has. */
export interface ResolvedFlush extends Resolved {
  readonly vacates: readonly string[];
  readonly compose: readonly string[];
}

const noScope = (asked: string, answer: Exclude<ScopeAnswer, {readonly scope: FlushScope}>): LeftOut => {
  if ('tooWide' in answer) {
    return leave(asked, 'too-wide', answer.tooWide);
  }
  if ('ambiguous' in answer) {
    return leave(asked, 'ambiguous', answer.ambiguous);
  }
  return 'missing' in answer ? leave(asked, 'not-found', answer.missing) : leave(asked, 'unknown', `unknown: ${answer.unknown}`);
};

/** Whoever lives inside the directories, in a place that is another's: named, so that it is not taken for a survivor. */
const livingElsewhere = (world: PlanWorld, scope: FlushScope): readonly LeftOut[] =>
  scope.except.length === 0
    ? []
    : [...world.look.processes.values()].flatMap(({pid, cwd, state}) => {
        const place = cwd.known && state !== 'Z' ? scope.except.find(other => isInside(cwd.value, other)) : undefined;
        return place === undefined ? [] : [leave(processRef(pid), 'elsewhere', `it lives in ${place}, which is a place of its own`)];
      });

/**
 * Everything a flush of `asked` ends. A neighbour's rightful service is never among it; a stranger on one of the scope's ports is,
 * with the place it runs in, because the port is not its.
 */
export const resolveFlush = (world: PlanWorld, asked: string, docker: boolean): ResolvedFlush => {
  const {snapshot, fleet, slots} = world.assessment;
  const index = indexSlots(fleet, snapshot, slots);
  const answer = flushScope(index, asked);
  if (!('scope' in answer)) {
    return {...notResolved(noScope(asked, answer)), vacates: [], compose: []};
  }
  const {scope} = answer;
  const ports = scope.ports.map(port => holdersOfPort(world, index, scope, port));
  const blind = snapshot.sources.filter(status => status.source === 'listeners' && status.state === 'unknown');
  const living = inhabitants(world, index, scope);
  return {
    roots: [...sessionsOf(world, scope), ...living.roots, ...ports.flatMap(({roots}) => roots)],
    leftOut: [
      ...living.leftOut,
      ...ports.flatMap(({leftOut}) => leftOut),
      ...blind.map(status =>
        leave(sourceRef(status.source, status.target), 'unknown', `its ports could not be looked at: ${status.detail}`),
      ),
      ...(docker ? [] : composeNotes(scope)),
      ...livingElsewhere(world, scope),
    ],
    vacates: scope.directories,
    compose: docker ? scope.composeProjects : [],
  };
};
