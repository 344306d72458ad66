// Slots of the rigs that a person configured: their services and sessions, told by names and work trees, for want of a record. Pure.

import type {Agent} from '../../core/domain/agent.ts';
import {oneLine} from '../../core/domain/command-line.ts';
import {type Session, sessionKey} from '../../core/domain/multiplexer.ts';
import {isInside} from '../../core/domain/paths.ts';
import type {LastSeat, PlanStart} from '../../core/domain/plan.ts';
import {placeOf} from '../../core/domain/process.ts';
import {bearsName, tmuxName} from '../../core/domain/session-name.ts';
import type {ConfiguredRig, ConfiguredService} from '../../core/domain/settings.ts';
import type {DeclaredService, ServiceRange, SlotPlace} from '../../core/domain/slot-place.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {OwningSource} from '../../core/judge/owners/owning-source.ts';
import type {SeenSession} from '../../core/judge/owners/session-claims.ts';
import {type SessionContext, type SessionIdentity, slotIdentity} from '../../core/judge/owners/session-identity.ts';
import {vacantSlot} from '../../core/judge/slots/declared-services.ts';
import {slotPort} from '../../core/judge/slots/port-arithmetic.ts';
import {startInWindow} from '../../core/judge/slots/service-start.ts';
import {livePanePids, paneCwds, sessionIn} from '../../core/judge/slots/slot-sessions.ts';
import {defaultTmuxServer} from '../../core/look/index/tmux-servers.ts';

const TOOL = 'config';

const rangeOf = (rig: ConfiguredRig, {name, basePort}: ConfiguredService): ServiceRange => ({
  tool: TOOL,
  rig: rig.name,
  rigPath: rig.path,
  provenance: 'named',
  service: name,
  base: basePort,
  stride: rig.slotStride,
  maxSlots: rig.slots,
  baseIsSlot: true,
});

const fillIn = (pattern: string, rig: string, slot: number): string => pattern.replaceAll('{rig}', rig).replaceAll('{slot}', String(slot));

/** The one work tree that all panes of the slot's session live in; null when they are spread or in none. */
const worktreeOf = (snapshot: Snapshot, session: Session | null): string | null => {
  const roots = new Set((session === null ? [] : paneCwds(snapshot, session)).map(cwd => snapshot.checkouts.get(cwd)?.root ?? cwd));
  return roots.size === 1 ? ([...roots][0] ?? null) : null;
};

const agentsOfSlot = (all: readonly Agent[], rig: string, slot: number): readonly Agent[] =>
  all.filter(agent => agent.rig === rig && agent.slot === slot && agent.process !== null);

/** The rig's directory and its work trees, wherever they lie. */
const directoriesOf = ({worktrees}: Snapshot, {path}: ConfiguredRig): readonly string[] => [
  path,
  ...worktrees.filter(tree => isInside(path, tree.mainRoot)).map(tree => tree.path),
];

/** Whether somebody who works in one of these directories listens on a port. */
const isHeldFrom = (snapshot: Snapshot, port: number, directories: readonly string[]): boolean =>
  snapshot.listeners.some(
    listener =>
      listener.port === port &&
      listener.owners.known &&
      listener.owners.value.some(pid => {
        const process = snapshot.processes.get(pid);
        const cwd = process === undefined ? undefined : placeOf(process);
        return cwd !== undefined && directories.some(directory => isInside(cwd, directory));
      }),
  );

/**
 * The main work tree is slot 0: its ports are the bases themselves. It has a row where something works right in it, or where one of the
 * rig's own listens on its port.
 */
const mainTreeServices = (snapshot: Snapshot, rig: ConfiguredRig, slots: readonly number[]): readonly DeclaredService[] => {
  const directories = directoriesOf(snapshot, rig);
  const pattern = rig.session;
  const names = pattern === null ? [] : slots.map(slot => fillIn(pattern, rig.name, slot));
  const sessions = snapshot.servers
    .flatMap(server => server.sessions)
    .filter(session => !names.some(name => bearsName(session.name, name)) && worktreeOf(snapshot, session) === rig.path);
  const slotRoots = sessions.flatMap(session => livePanePids(session));
  return rig.services.flatMap(service => {
    const roots = sessions.flatMap(session => livePanePids(session, service.name));
    const idle = vacantSlot(rangeOf(rig, service), 0);
    return roots.length > 0 || isHeldFrom(snapshot, idle.port, directories)
      ? [{...idle, started: roots.length > 0, worktree: rig.path, session: sessions[0] ?? null, roots, slotRoots}]
      : [];
  });
};

const servicesOf = (snapshot: Snapshot, all: readonly Agent[], rig: ConfiguredRig): readonly DeclaredService[] => {
  const directories = directoriesOf(snapshot, rig);
  const sessions = new Map(snapshot.servers.flatMap(server => server.sessions.map(session => [sessionKey(session), session])));
  // A town counts its slots from 0, and hands out more of them than anybody configured.
  const handedOut = all.flatMap(agent => (agent.rig === rig.name && agent.slot !== null ? [agent.slot] : []));
  const slots = new Set([...Array.from({length: rig.slots}, (_, index) => index + 1), ...handedOut]);
  const main = slots.has(0) ? [] : mainTreeServices(snapshot, rig, [...slots]);
  const inSlots = [...slots].flatMap(slot => {
    const agents = agentsOfSlot(all, rig.name, slot);
    const named = rig.session === null ? null : sessionIn(snapshot, fillIn(rig.session, rig.name, slot), directories);
    const session = named ?? agents.flatMap(agent => sessions.get(agent.session ?? '') ?? [])[0] ?? null;
    if (session === null && agents.length === 0) {
      return [];
    }
    const slotRoots = [...livePanePids(session), ...agents.flatMap(agent => agent.process?.pid ?? [])];
    const worktree = worktreeOf(snapshot, session);
    return rig.services.map(service => {
      const roots = livePanePids(session, service.name);
      return {...vacantSlot(rangeOf(rig, service), slot), started: roots.length > 0, worktree, session, roots, slotRoots};
    });
  });
  return [...inSlots, ...main];
};

const fillInService = (pattern: string, {rig, slot, service, port}: DeclaredService): string =>
  fillIn(pattern, rig, slot).replaceAll('{service}', service).replaceAll('{port}', String(port));

const restart = (snapshot: Snapshot, rig: ConfiguredRig, service: DeclaredService, last: LastSeat | null): PlanStart | string => {
  const command = rig.services.find(each => each.name === service.service)?.command ?? null;
  if (command === null) {
    return `no command is configured for ${service.service}: set rigs.services.command`;
  }
  const socket = service.session?.socket ?? last?.socket ?? defaultTmuxServer(snapshot)?.socket ?? null;
  const session = service.session?.name ?? last?.session ?? (rig.session === null ? null : fillInService(rig.session, service));
  return socket === null || session === null
    ? 'there is no tmux server or session name to start it in: set rigs.session'
    : startInWindow(service, {
        because: 'its configured command',
        socket,
        session,
        directory: rig.path,
        command: fillInService(command, service),
      });
};

/** Only sessions tell which of its slots are in use: behind a server that does not answer there may be any. */
const unsureBecause = ({servers}: Snapshot): string | null => {
  const silent = servers.find(server => server.state === 'unknown');
  return silent === undefined ? null : `whether the slot is in use is unknown: ${silent.name} ${silent.because}`;
};

const placeOfRig = (snapshot: Snapshot, rig: ConfiguredRig): SlotPlace => ({
  tool: TOOL,
  name: rig.name,
  path: rig.path,
  paths: [rig.path],
  provenance: 'named',
  recordFile: null,
  ranges: rig.services.map(service => rangeOf(rig, service)),
  unsure: unsureBecause(snapshot),
  recorded: [],
  services: agents => servicesOf(snapshot, agents, rig),
  groundOf: (slot, services) => ({
    slot,
    slug: null,
    // The main work tree is everybody's: a slot that works right in it has no directory of its own to be cleared.
    directories: [...new Set(services.flatMap(service => service.worktree ?? []))].filter(path => path !== rig.path),
    ports: rig.services.map(service => slotPort(service.basePort, slot, rig.slotStride)),
    composeProjects: [],
  }),
  idleService: (slot, name) => {
    const service = rig.services.find(each => each.name === name);
    return service === undefined || slot < 1 || slot > rig.slots ? null : vacantSlot(rangeOf(rig, service), slot);
  },
  restart: (service, last) => restart(snapshot, rig, service, last),
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Slot that a configured pattern (`search-{slot}`) reads from a session's name: null where it does not match, 0 without a slot. */
const slotByPattern = (rig: ConfiguredRig, name: string): number | null => {
  if (rig.session === null) {
    return null;
  }
  const wanted = rig.session.replaceAll('{rig}', rig.name);
  const match = [wanted, tmuxName(wanted)]
    .map(each => new RegExp(`^${escaped(each).replace('\\{slot\\}', '(\\d+)')}$`).exec(name))
    .find(found => found !== null);
  return match == null ? null : Number(match[1] ?? 0);
};

/** A name that fits a configured pattern, with a pane in the rig. */
const identify = ({session, programs, cwds}: SeenSession, {rigs, settings}: SessionContext): SessionIdentity | null => {
  for (const rig of settings.rigs) {
    const slot = slotByPattern(rig, session.name);
    const cwd = cwds.find(each => rigs.declaredAt(each)?.path === rig.path);
    if (slot !== null && cwd !== undefined) {
      return slotIdentity({
        // Configured sessions may hold agents or services: which, is told by what runs in them.
        why: programs.runtimes.length === 0 && programs.companions.length > 0 ? 'services' : 'configured',
        name: oneLine(session.name),
        rig: rigs.declaredAt(cwd),
        slot: slot === 0 ? null : slot,
        evidence: [
          {fact: `its name fits ${rig.session}`, source: `configured rig ${rig.name}`},
          {fact: `a pane works in ${cwd}`, source: 'working directory'},
        ],
      });
    }
  }
  return null;
};

export const configuredSlots: Required<Pick<OwningSource, 'slots' | 'sessionClaims'>> = {
  slots: {places: (snapshot, {rigs}) => rigs.map(rig => placeOfRig(snapshot, rig))},
  sessionClaims: [{rank: 'pattern', identify}],
};
