// Every service that somebody declared for a slot in use, with what would make a process its rightful holder. Pure.

import type {Agent} from '../../domain/agent.ts';
import type {Fleet} from '../../domain/fleet.ts';
import type {Session} from '../../domain/multiplexer.ts';
import {sessionKey} from '../../domain/multiplexer.ts';
import {ownValue} from '../../domain/own-value.ts';
import {isInside} from '../../domain/paths.ts';
import {placeOf} from '../../domain/process.ts';
import type {Provenance} from '../../domain/provenance.ts';
import type {PidFile, SlotRecord, SlotRepo, SlotService} from '../../domain/repo.ts';
import {bearsName} from '../../domain/session-name.ts';
import type {ConfiguredRig, ConfiguredService, Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {overflows, slotPort} from './port-arithmetic.ts';
import {matchesStartToken} from './start-token.ts';

export interface DeclaredService {
  readonly origin: 'ecluse' | 'config';
  readonly rig: string;
  /** Top of the repository or rig: tells two of one name apart. */
  readonly rigPath: string;
  readonly provenance: Provenance;
  readonly slot: number;
  readonly slug: string | null;
  readonly service: string;
  readonly port: number;
  readonly base: number;
  readonly stride: number;
  readonly maxSlots: number;
  readonly declaredBy: string;
  /** Why the port cannot be judged at all (beyond 65535, operation pending); null when it can. */
  readonly undecidable: string | null;
  /** False for ports that are allocated but started by nobody. */
  readonly managed: boolean;
  readonly docker: boolean;
  /** Whether something shows that it was started: a pid file, a process manager, a window of its name. */
  readonly started: boolean;
  /** Milliseconds since the epoch of its start, as recorded; null when not. */
  readonly startedAt: number | null;
  readonly worktree: string | null;
  readonly session: Session | null;
  /** Pids whose trees are this service: the recorded process, else the pane of its window. */
  readonly roots: readonly number[];
  /** Pids whose trees belong to the slot as a whole: all live panes of its session, its agents. */
  readonly slotRoots: readonly number[];
  /** Pid that the pid file names and that is still the same process. */
  readonly recordedPid: number | null;
}

const livePanePids = (session: Session | null, windowName?: string): readonly number[] =>
  (session?.panes ?? []).filter(pane => !pane.dead && (windowName === undefined || pane.windowName === windowName)).map(pane => pane.pid);

const paneCwds = (snapshot: Snapshot, session: Session): readonly string[] =>
  livePanePids(session).flatMap(pid => {
    const process = snapshot.processes.get(pid);
    return process === undefined ? [] : (placeOf(process) ?? []);
  });

/** A session of that name counts only when one of its panes lives in the place: two repositories may use one name. */
const sessionIn = (snapshot: Snapshot, name: string, places: readonly string[]): Session | null =>
  snapshot.servers
    .flatMap(server => server.sessions)
    .find(
      session => bearsName(session.name, name) && paneCwds(snapshot, session).some(cwd => places.some(place => isInside(cwd, place))),
    ) ?? null;

/** The pid a pid file names, when it is alive and still the process that was recorded. */
const livePid = (snapshot: Snapshot, file: PidFile | undefined): number | null => {
  const process = file?.pid == null ? undefined : snapshot.processes.get(file.pid);
  if (file === undefined || process === undefined || process.state === 'Z') {
    return null;
  }
  return file.startToken === null || matchesStartToken(file.startToken, snapshot.bootedAt + process.bornMs) ? process.pid : null;
};

/** Operation ids begin with the pid of who began it. One that is gone left the operation half done; its own tool takes it over. */
const pendingText = ({processes}: Snapshot, {slug, pending}: SlotRecord): string => {
  const pid = /^(\d+)-/.exec(pending?.id ?? '')?.[1];
  const isGone = pid !== undefined && !processes.has(Number(pid));
  const whose = isGone ? `an operation of process ${pid}, which is gone,` : 'an operation of ecluse';
  const cure = isGone ? `; \`ecluse down ${slug}\` settles it` : '';
  return `${whose} is pending on it since ${pending?.since ?? 'some time'}${cure}`;
};

const ecluseService = (
  snapshot: Snapshot,
  repo: SlotRepo,
  session: SlotRecord,
  service: SlotService,
  stride: number,
  maxSlots: number,
): DeclaredService => {
  const places = [session.worktreeRealPath, session.worktreePath];
  const tmux = session.tmuxSession === null ? null : sessionIn(snapshot, session.tmuxSession, places);
  const files = session.pidFiles.known ? session.pidFiles.value : [];
  const file = files.find(candidate => candidate.service === service.name);
  const recordedPid = livePid(snapshot, file);
  // A pid file that fails its check gives no root; the window's pane is asked only where there is no pid file at all.
  const recorded = recordedPid === null ? [] : [recordedPid];
  const roots = file === undefined ? livePanePids(tmux, service.name) : recorded;
  const base = service.hostPort ?? service.basePort;
  const override = ownValue(session.portOverrides, service.name);
  const asked = session.servicesSubset === null || session.servicesSubset.includes(service.name);
  const pending = session.status === 'pending' ? pendingText(snapshot, session) : null;
  const tooHigh = override === undefined && overflows(base, session.slot, stride) ? 'the formula gives a port above 65535' : null;
  const startedAt = session.startedAt === null ? Number.NaN : Date.parse(session.startedAt);
  return {
    origin: 'ecluse',
    rig: repo.name,
    rigPath: repo.realRoot,
    provenance: repo.provenance,
    slot: session.slot,
    slug: session.slug,
    service: service.name,
    port: override ?? slotPort(base, session.slot, stride),
    base,
    stride,
    maxSlots,
    declaredBy:
      override === undefined
        ? `${slotPort(base, session.slot, stride)} = base ${base} + slot ${session.slot} × stride ${stride}`
        : `${override} is recorded for it in state.json`,
    undecidable: pending ?? tooHigh ?? (session.pidFiles.known ? null : session.pidFiles.because),
    managed: service.run === 'docker' || service.command !== null,
    docker: service.run === 'docker',
    started: session.status === 'active' && asked && (file !== undefined || roots.length > 0 || session.processManager !== null),
    startedAt: Number.isNaN(startedAt) ? null : startedAt,
    worktree: session.worktreeRealPath,
    session: tmux,
    roots,
    slotRoots: livePanePids(tmux),
    recordedPid,
  };
};

const ecluseServices = (snapshot: Snapshot, repo: SlotRepo): readonly DeclaredService[] => {
  const {config, sessions} = repo;
  if (!config.known || !sessions.known) {
    return [];
  }
  return sessions.value
    .filter(session => session.status !== 'stopped')
    .flatMap(session =>
      config.value.services.map(service => ecluseService(snapshot, repo, session, service, config.value.slotStride, config.value.maxSlots)),
    );
};

const fillIn = (pattern: string, rig: string, slot: number): string => pattern.replaceAll('{rig}', rig).replaceAll('{slot}', String(slot));

/** The one work tree that all panes of the slot's session live in; null when they are spread or in none. */
const worktreeOf = (snapshot: Snapshot, session: Session | null): string | null => {
  const roots = new Set((session === null ? [] : paneCwds(snapshot, session)).map(cwd => snapshot.checkouts.get(cwd)?.root ?? cwd));
  return roots.size === 1 ? ([...roots][0] ?? null) : null;
};

const agentsOfSlot = (fleet: Fleet, rig: string, slot: number): readonly Agent[] =>
  fleet.agents.filter(agent => agent.rig === rig && agent.slot === slot && agent.process !== null);

/** A service's ports over all slots of its rig, by the formula of whoever declares it. */
export type ServiceRange = Pick<DeclaredService, 'rig' | 'rigPath' | 'provenance' | 'service' | 'base' | 'stride' | 'maxSlots'>;

/** A service in a slot of which nothing is seen, as if it were declared there. */
export const vacantSlot = ({rig, rigPath, provenance, service, base, stride, maxSlots}: ServiceRange, slot: number): DeclaredService => {
  const port = slotPort(base, slot, stride);
  return {
    origin: 'config',
    rig,
    rigPath,
    provenance,
    slot,
    slug: null,
    service,
    port,
    base,
    stride,
    maxSlots,
    declaredBy: `${port} = base ${base} + slot ${slot} × stride ${stride}`,
    undecidable: overflows(base, slot, stride) ? 'the formula gives a port above 65535' : null,
    managed: true,
    docker: false,
    started: false,
    startedAt: null,
    worktree: null,
    session: null,
    roots: [],
    slotRoots: [],
    recordedPid: null,
  };
};

const vacant = (rig: ConfiguredRig, slot: number, {name, basePort}: ConfiguredService): DeclaredService =>
  vacantSlot(
    {rig: rig.name, rigPath: rig.path, provenance: 'named', service: name, base: basePort, stride: rig.slotStride, maxSlots: rig.slots},
    slot,
  );

/** What a rig's configuration says of a service in a slot that nobody uses now; null where it declares no such one. */
export const idleService = (rig: ConfiguredRig, slot: number, name: string): DeclaredService | null => {
  const service = rig.services.find(each => each.name === name);
  return service === undefined || slot < 1 || slot > rig.slots ? null : vacant(rig, slot, service);
};

const configuredServices = (snapshot: Snapshot, fleet: Fleet, rig: ConfiguredRig): readonly DeclaredService[] => {
  const places = [rig.path, ...snapshot.worktrees.filter(tree => isInside(rig.path, tree.mainRoot)).map(tree => tree.path)];
  const sessions = new Map(snapshot.servers.flatMap(server => server.sessions.map(session => [sessionKey(session), session])));
  // A town counts its slots from 0, and hands out more of them than anybody configured.
  const handedOut = fleet.agents.flatMap(agent => (agent.rig === rig.name && agent.slot !== null ? [agent.slot] : []));
  const slots = new Set([...Array.from({length: rig.slots}, (_, index) => index + 1), ...handedOut]);
  const main = slots.has(0) ? [] : mainTreeServices(snapshot, rig, [...slots]);
  const inSlots = [...slots].flatMap(slot => {
    const agents = agentsOfSlot(fleet, rig.name, slot);
    const named = rig.session === null ? null : sessionIn(snapshot, fillIn(rig.session, rig.name, slot), places);
    const session = named ?? agents.flatMap(agent => sessions.get(agent.session ?? '') ?? [])[0] ?? null;
    if (session === null && agents.length === 0) {
      return [];
    }
    const slotRoots = [...livePanePids(session), ...agents.flatMap(agent => agent.process?.pid ?? [])];
    return rig.services.map(service => {
      const roots = livePanePids(session, service.name);
      return {...vacant(rig, slot, service), started: roots.length > 0, worktree: worktreeOf(snapshot, session), session, roots, slotRoots};
    });
  });
  return [...inSlots, ...main];
};

/** Whether somebody who works in one of these places listens on a port. */
const isHeldFrom = (snapshot: Snapshot, port: number, places: readonly string[]): boolean =>
  snapshot.listeners.some(
    listener =>
      listener.port === port &&
      listener.owners.known &&
      listener.owners.value.some(pid => {
        const process = snapshot.processes.get(pid);
        const cwd = process === undefined ? undefined : placeOf(process);
        return cwd !== undefined && places.some(place => isInside(cwd, place));
      }),
  );

/**
 * The main work tree is slot 0: its ports are the bases themselves. It has a row where something works right in it, or where one of the
 * rig's own listens on its port.
 */
const mainTreeServices = (snapshot: Snapshot, rig: ConfiguredRig, slots: readonly number[]): readonly DeclaredService[] => {
  const places = [rig.path, ...snapshot.worktrees.filter(tree => isInside(rig.path, tree.mainRoot)).map(tree => tree.path)];
  const pattern = rig.session;
  const names = pattern === null ? [] : slots.map(slot => fillIn(pattern, rig.name, slot));
  const sessions = snapshot.servers
    .flatMap(server => server.sessions)
    .filter(session => !names.some(name => bearsName(session.name, name)) && worktreeOf(snapshot, session) === rig.path);
  const slotRoots = sessions.flatMap(session => livePanePids(session));
  return rig.services.flatMap(service => {
    const roots = sessions.flatMap(session => livePanePids(session, service.name));
    const idle = vacant(rig, 0, service);
    return roots.length > 0 || isHeldFrom(snapshot, idle.port, places)
      ? [{...idle, started: roots.length > 0, worktree: rig.path, session: sessions[0] ?? null, roots, slotRoots}]
      : [];
  });
};

/** Services of every slot in use. Stopped slots keep their number but expect nothing to run. */
export const declaredServices = (snapshot: Snapshot, fleet: Fleet, settings: Settings): readonly DeclaredService[] => [
  ...snapshot.repos.flatMap(repo => ecluseServices(snapshot, repo)),
  ...settings.rigs.flatMap(rig => configuredServices(snapshot, fleet, rig)),
];
