// The planner of a slot's restart: end what runs of the service, then start it the proper way. Pure.
import type {LastSeat, PlanStart} from '../domain/plan.ts';
import {parseReference, slotRef} from '../domain/reference.ts';
import type {SlotRepo} from '../domain/repo.ts';
import type {ConfiguredRig, Settings} from '../domain/settings.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import {type DeclaredService, declaredServices, idleService} from '../judge/slots/declared-services.ts';
import {holdersOf, type Landscape, surveyLand} from '../judge/slots/port-holders.ts';
import type {PlanWorld} from './plan-world.ts';
import {noRestart, type ResolvedRestart} from './resolved-restart.ts';
import {leave, processRoot, type Root} from './roots.ts';

/** Variables that say who called: a starter must not take them for its own. */
const CALLERS = ['GT_*', 'CLAUDECODE', 'TMUX*', 'ECLUSE_*', 'ZELLIJ*'];
const STARTER_MS = 120_000;
const UP_WITHIN_MS = 60_000;

const defaultSocket = (snapshot: Snapshot): string | null =>
  snapshot.servers.find(server => server.kind === 'tmux' && server.name === 'default')?.socket ?? null;

const proofOf = (service: DeclaredService, socket: string | null, session: string | null): PlanStart['proof'] => ({
  port: service.port,
  session: socket === null || session === null ? null : {socket, name: session},
  runtime: false,
  cwd: service.worktree,
  withinMs: UP_WITHIN_MS,
});

/** What ecluse runs for the slot, as the repository declares it. */
const declaredCommands = ({config}: SlotRepo): string =>
  (config.known ? config.value.services : []).flatMap(({name, command}) => (command === null ? [] : `${name}: ${command}`)).join('; ');

/** Through ecluse itself when it is there; else the command that its window was started with, in the same place. */
const startOfEcluse = (snapshot: Snapshot, service: DeclaredService, repo: SlotRepo): PlanStart | string => {
  const ref = slotRef(service.rig, service.slot, service.service);
  const isFound = repo.provenance === 'found';
  const ecluse = snapshot.programs.get('ecluse');
  if (ecluse !== undefined && service.slug !== null) {
    const way = {kind: 'command', file: ecluse, args: ['up', service.slug], cwd: service.worktree ?? repo.realRoot} as const;
    return {
      ref,
      because: `ecluse starts what of the slot is not running${isFound ? `, as ${repo.realRoot} says, which nobody named: ${declaredCommands(repo)}` : ''}`,
      ...(isFound ? {claimOf: repo.realRoot} : {}),
      way: {...way, without: CALLERS, timeoutMs: STARTER_MS},
      proof: proofOf(service, null, null),
    };
  }
  const pane = service.session?.panes.find(candidate => candidate.windowName === service.service);
  if (service.session === null || pane === undefined || pane.startCommand === '') {
    return 'ecluse is not on PATH, and no window of the slot tells how the service was started; run `ecluse up` for it';
  }
  return {
    ref,
    because: 'ecluse is not on PATH; this is what its window was started with',
    way: {
      kind: 'window',
      socket: service.session.socket,
      session: service.session.name,
      id: {socket: service.session.socket, id: service.session.id, created: service.session.created},
      window: service.service,
      cwd: service.worktree ?? repo.realRoot,
      command: pane.startCommand,
      env: {},
    },
    proof: proofOf(service, service.session.socket, service.session.name),
  };
};

const fillIn = (pattern: string, service: DeclaredService): string =>
  pattern
    .replaceAll('{rig}', service.rig)
    .replaceAll('{slot}', String(service.slot))
    .replaceAll('{service}', service.service)
    .replaceAll('{port}', String(service.port));

/** `last`: where it ran when it was seen, for a service whose session is gone. */
const startOfConfigured = (snapshot: Snapshot, service: DeclaredService, rig: ConfiguredRig, last: LastSeat | null): PlanStart | string => {
  const command = rig.services.find(each => each.name === service.service)?.command ?? null;
  if (command === null) {
    return `no command is configured for ${service.service}: set rigs.services.command`;
  }
  const socket = service.session?.socket ?? last?.socket ?? defaultSocket(snapshot);
  const name = service.session?.name ?? last?.session ?? (rig.session === null ? null : fillIn(rig.session, service));
  if (socket === null || name === null) {
    return 'there is no tmux server or session name to start it in: set rigs.session';
  }
  return {
    ref: slotRef(service.rig, service.slot, service.service),
    because: 'its configured command',
    way: {
      kind: 'window',
      socket,
      session: name,
      id: service.session === null ? null : {socket, id: service.session.id, created: service.session.created},
      window: service.service,
      cwd: service.worktree ?? rig.path,
      command: fillIn(command, service),
      env: {},
    },
    proof: proofOf(service, socket, name),
  };
};

const startOf = (snapshot: Snapshot, settings: Settings, service: DeclaredService, last: LastSeat | null): PlanStart | string => {
  const repo = snapshot.repos.find(candidate => candidate.realRoot === service.rigPath);
  if (service.origin === 'ecluse' && repo !== undefined) {
    return startOfEcluse(snapshot, service, repo);
  }
  const rig = settings.rigs.find(candidate => candidate.path === service.rigPath);
  return rig === undefined ? 'nothing says how it is started' : startOfConfigured(snapshot, service, rig, last);
};

/** What runs of the service: its recorded process or window, and whoever of the slot holds its port. */
const runningRoots = (world: PlanWorld, land: Landscape, service: DeclaredService): readonly Root[] => {
  const holders = holdersOf(land, service, service.port).flatMap(holding => (holding.kind === 'ours' ? [holding.process.pid] : []));
  return [...new Set([...service.roots, ...holders])].flatMap(pid => {
    const process = world.processes.get(pid);
    return process === undefined ? [] : [processRoot(process, `runs ${service.service} of ${service.rig} slot ${service.slot}`)];
  });
};

const restartOne = (
  world: PlanWorld,
  settings: Settings,
  land: Landscape,
  service: DeclaredService,
  last: LastSeat | null,
): ResolvedRestart => {
  const ref = slotRef(service.rig, service.slot, service.service);
  if (service.undecidable !== null) {
    return noRestart(leave(ref, 'unknown', `unknown: ${service.undecidable}`));
  }
  if (service.docker || !service.managed) {
    return noRestart(
      leave(ref, 'not-restartable', service.docker ? 'its container is docker’s to restart' : 'nothing is declared to start it'),
    );
  }
  const stranger = holdersOf(land, service, service.port).find(holding => holding.kind !== 'ours');
  if (stranger !== undefined) {
    const who = stranger.kind === 'unseen' ? stranger.because : `${stranger.process.pid} holds it`;
    return noRestart(leave(ref, 'port-held', `port ${service.port} is not its own (${who}); flush the slot first`));
  }
  const start = startOf(world.assessment.snapshot, settings, service, last);
  return typeof start === 'string'
    ? noRestart(leave(ref, 'not-restartable', start))
    : {roots: runningRoots(world, land, service), leftOut: [], starts: [start]};
};

/** The slot of a configured rig whose session is gone: its configuration and where it was seen last say all that is needed. */
const idleOnes = (settings: Settings, name: string, last: LastSeat | null): readonly DeclaredService[] =>
  last === null
    ? []
    : settings.rigs.flatMap(rig => {
        const [, slot, service] = name.startsWith(`${rig.name}/`) ? (/^(\d+)\/(.+)$/.exec(name.slice(rig.name.length + 1)) ?? []) : [];
        const idle = slot === undefined || service === undefined ? null : idleService(rig, Number(slot), service);
        return idle === null ? [] : [{...idle, worktree: last.directory}];
      });

/**
 * `slot:RIG/N/SERVICE`, or `slot:RIG/N` for all of its services that were started. `last` says where a service of a configured rig
 * ran whose session is gone; without it only slots in use can be restarted.
 */
export const resolveServiceRestart = (
  world: PlanWorld,
  settings: Settings,
  asked: string,
  last: LastSeat | null = null,
): ResolvedRestart => {
  const {snapshot, fleet} = world.assessment;
  const declared = declaredServices(snapshot, fleet, settings);
  const land = surveyLand(snapshot, fleet, declared);
  const name = parseReference(asked)?.name ?? '';
  const used = declared.filter(service => name === `${service.rig}/${service.slot}/${service.service}`);
  const one = used.length > 0 ? used : idleOnes(settings, name, last);
  const all = declared.filter(service => name === `${service.rig}/${service.slot}` && service.started);
  const chosen = one.length > 0 ? one : all;
  if (chosen.length === 0) {
    return noRestart(leave(asked, 'not-found', 'no service of a slot in use has that name'));
  }
  const resolved = chosen.map(service => restartOne(world, settings, land, service, last));
  // One call of ecluse starts everything of the slot; the proofs of the others follow from their own entries.
  return {
    roots: resolved.flatMap(({roots}) => roots),
    leftOut: resolved.flatMap(({leftOut}) => leftOut),
    starts: resolved.flatMap(({starts}) => starts),
  };
};
