// What a flush is about: the directories, ports and sessions of one slot, rig, repository or work tree. Pure.
import type {Fleet} from '../../domain/fleet.ts';
import {ownValue} from '../../domain/own-value.ts';
import {isInside} from '../../domain/paths.ts';
import {parseReference, rigRef} from '../../domain/reference.ts';
import type {SlotRecord, SlotRepo} from '../../domain/repo.ts';
import type {ConfiguredRig, Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {type DeclaredService, declaredServices} from './declared-services.ts';
import {slotPort} from './port-arithmetic.ts';
import {tooWide} from './wide-directories.ts';

export interface FlushScope {
  /** `shop slot 2 (feat-a)`, `work tree /w/shop`. */
  readonly label: string;
  /** Absolute, links resolved. No process may live in them afterwards. */
  readonly directories: readonly string[];
  /** Directories inside those that are somebody else's: the linked work trees of other slots. */
  readonly except: readonly string[];
  /** Declared and extra ports. */
  readonly ports: readonly number[];
  /** Services of the slots concerned; all others are neighbours. */
  readonly services: readonly DeclaredService[];
  readonly neighbours: readonly DeclaredService[];
  /** What the environment of a process says when it belongs here: all pairs of one entry must match. */
  readonly environments: readonly Readonly<Record<string, string>>[];
  readonly composeProjects: readonly string[];
}

export type ScopeAnswer =
  | {readonly scope: FlushScope}
  | {readonly missing: string}
  | {readonly unknown: string}
  /** Two things bear that name. */
  | {readonly ambiguous: string}
  /** It would take whatever a person runs, whoever it belongs to. */
  | {readonly tooWide: string};

const sameSlot = (service: DeclaredService, rigPath: string, slot: number | null): boolean =>
  service.rigPath === rigPath && (slot === null || service.slot === slot);

const strictlyInside = (paths: readonly string[], directories: readonly string[]): readonly string[] =>
  [...new Set(paths)].filter(path => !directories.includes(path) && directories.some(directory => isInside(path, directory)));

/** Work trees and rigs strictly inside `directories` that are none of them: each is a place of its own. */
const nestedElsewhere = (snapshot: Snapshot, rigs: readonly string[], directories: readonly string[]): readonly string[] =>
  strictlyInside(
    [...snapshot.worktrees.map(tree => tree.path), ...[...snapshot.checkouts.values()].map(checkout => checkout.root), ...rigs],
    directories,
  );

interface Parts {
  readonly label: string;
  readonly directories: readonly string[];
  readonly ports: readonly number[];
  readonly rigPath: string | null;
  readonly slot: number | null;
  readonly environments: FlushScope['environments'];
  readonly composeProjects: readonly string[];
  /** Whether everything below the directories is meant, work trees of its own included. */
  readonly whole: boolean;
  /** Directories of all other rigs. */
  readonly otherRigs: readonly string[];
}

const assemble = (snapshot: Snapshot, declared: readonly DeclaredService[], parts: Parts): ScopeAnswer => {
  for (const directory of parts.directories) {
    const because = tooWide(directory, snapshot.self.home ?? null);
    if (because !== null) {
      return {tooWide: because};
    }
  }
  const services = parts.rigPath === null ? [] : declared.filter(service => sameSlot(service, parts.rigPath ?? '', parts.slot));
  return {
    scope: {
      label: parts.label,
      directories: parts.directories,
      except: parts.whole
        ? strictlyInside(parts.otherRigs, parts.directories)
        : nestedElsewhere(snapshot, parts.otherRigs, parts.directories),
      ports: [...new Set([...parts.ports, ...services.filter(service => service.undecidable === null).map(service => service.port)])],
      services,
      neighbours: declared.filter(service => !services.includes(service)),
      environments: parts.environments,
      composeProjects: parts.composeProjects,
    },
  };
};

const ecluseSlotPorts = (repo: SlotRepo, slot: number, session: SlotRecord | undefined): readonly number[] => {
  const config = repo.config.known ? repo.config.value : null;
  return (config?.services ?? [])
    .filter(service => service.run === 'native')
    .flatMap(service => [
      (session === undefined ? undefined : ownValue(session.portOverrides, service.name)) ??
        slotPort(service.hostPort ?? service.basePort, slot, config?.slotStride ?? 1),
      ...service.extraPorts.map(extra => slotPort(extra.basePort, slot, config?.slotStride ?? 1)),
    ]);
};

const ecluseSlot = (snapshot: Snapshot, declared: readonly DeclaredService[], repo: SlotRepo, slot: number): ScopeAnswer => {
  if (!repo.sessions.known || !repo.config.known) {
    return {unknown: repo.sessions.known ? 'its .ecluse.toml could not be read' : repo.sessions.because};
  }
  const session = repo.sessions.value.find(candidate => candidate.slot === slot);
  const label = `${repo.name} slot ${slot}${session === undefined ? '' : ` (${session.slug})`}`;
  return assemble(snapshot, declared, {
    label,
    directories: session === undefined ? [] : [session.worktreeRealPath],
    ports: ecluseSlotPorts(repo, slot, session),
    rigPath: repo.realRoot,
    slot,
    environments: session === undefined ? [] : [{ECLUSE_SLUG: session.slug, ECLUSE_SLOT: String(slot)}],
    composeProjects: session?.composeProject == null ? [] : [session.composeProject],
    whole: false,
    otherRigs: [],
  });
};

const configuredSlot = (snapshot: Snapshot, declared: readonly DeclaredService[], rig: ConfiguredRig, slot: number): ScopeAnswer => {
  const services = declared.filter(service => sameSlot(service, rig.path, slot));
  // The main work tree is everybody's: a slot that works right in it has no directory of its own to be cleared.
  const directories = [...new Set(services.flatMap(service => service.worktree ?? []))].filter(path => path !== rig.path);
  return assemble(snapshot, declared, {
    label: `${rig.name} slot ${slot}`,
    directories,
    ports: rig.services.map(service => slotPort(service.basePort, slot, rig.slotStride)),
    rigPath: rig.path,
    slot,
    environments: [{GT_RIG: rig.name, POLECAT_SLOT: String(slot)}],
    composeProjects: [],
    whole: false,
    otherRigs: [],
  });
};

const scopeOfSlot = (snapshot: Snapshot, declared: readonly DeclaredService[], settings: Settings, name: string): ScopeAnswer => {
  const [, rigName = '', slotText = ''] = /^(.+)\/(\d+)$/.exec(name) ?? [];
  const slot = Number(slotText);
  const [repo, ...namesakes] = snapshot.repos.filter(candidate => candidate.name === rigName);
  const rig = settings.rigs.find(candidate => candidate.name === rigName);
  const isApart = repo !== undefined && rig !== undefined && rig.path !== repo.root && rig.path !== repo.realRoot;
  if (isApart || namesakes.length > 0) {
    const paths = [repo, ...namesakes].flatMap(each => each?.realRoot ?? []);
    return {ambiguous: `${[...paths, ...(rig === undefined ? [] : [rig.path])].join(' and ')} are both called ${rigName}`};
  }
  if (repo !== undefined) {
    return ecluseSlot(snapshot, declared, repo, slot);
  }
  return rig === undefined
    ? {missing: 'no such rig declares slots; a slot is slot:RIG/NUMBER'}
    : configuredSlot(snapshot, declared, rig, slot);
};

const scopeOfRig = (snapshot: Snapshot, fleet: Fleet, declared: readonly DeclaredService[], name: string): ScopeAnswer => {
  const [rig, ...twins] = fleet.rigs.filter(candidate => candidate.name === name || (candidate.path !== '' && candidate.path === name));
  if (rig === undefined) {
    return {missing: 'no such rig is known'};
  }
  if (twins.length > 0) {
    return {ambiguous: `${[rig, ...twins].map(({path}) => rigRef(path)).join(' and ')} are both called ${name}`};
  }
  const repo = snapshot.repos.find(candidate => candidate.realRoot === rig.path || candidate.root === rig.path);
  const others = rigPaths(fleet).filter(path => path !== rig.path);
  const sessions = repo?.sessions.known ? repo.sessions.value : [];
  return assemble(snapshot, declared, {
    label: `rig ${rig.name}`,
    directories: [...new Set([rig.path, ...sessions.map(session => session.worktreeRealPath), ...linkedTrees(snapshot, rig.path, others)])],
    ports: sessions.flatMap(session => (repo === undefined ? [] : ecluseSlotPorts(repo, session.slot, session))),
    rigPath: repo?.realRoot ?? rig.path,
    slot: null,
    environments: sessions.map(session => ({ECLUSE_SLUG: session.slug, ECLUSE_SLOT: String(session.slot)})),
    composeProjects: sessions.flatMap(session => session.composeProject ?? []),
    whole: true,
    otherRigs: others,
  });
};

const rigPaths = ({rigs}: Fleet): readonly string[] => rigs.flatMap(({path}) => (path === '' ? [] : [path]));

/**
 * Linked work trees of a repository: those that it lists, and those that somebody stands in. One that lies in another rig is that rig's; one
 * whose directory is everybody's (a home under version control) is not cleared with its repository.
 */
const linkedTrees = (snapshot: Snapshot, mainRoot: string, otherRigs: readonly string[]): readonly string[] => {
  const elsewhere = otherRigs.filter(other => !isInside(mainRoot, other));
  return [...snapshot.worktrees.map(({path, mainRoot: main}) => ({root: path, mainRoot: main})), ...snapshot.checkouts.values()]
    .filter(tree => tree.mainRoot === mainRoot)
    .map(({root}) => root)
    .filter(root => !elsewhere.some(other => isInside(root, other)) && tooWide(root, snapshot.self.home ?? null) === null);
};

/** A directory: the slot that lives there when one does, else the directory alone. */
const scopeOfPath = (snapshot: Snapshot, fleet: Fleet, declared: readonly DeclaredService[], path: string): ScopeAnswer => {
  for (const repo of snapshot.repos) {
    const session = (repo.sessions.known ? repo.sessions.value : []).find(
      candidate => candidate.worktreeRealPath === path || candidate.worktreePath === path,
    );
    if (session !== undefined) {
      return ecluseSlot(snapshot, declared, repo, session.slot);
    }
  }
  const parts = {label: `directory ${path}`, directories: [path], ports: [], rigPath: null, slot: null, whole: false};
  return assemble(snapshot, declared, {...parts, environments: [], composeProjects: [], otherRigs: rigPaths(fleet)});
};

/** The scope that `slot:RIG/N`, `slot:RIG/N/SERVICE` (its whole slot), `rig:NAME` or an absolute path stands for. */
export const flushScope = (snapshot: Snapshot, fleet: Fleet, settings: Settings, asked: string): ScopeAnswer => {
  const declared = declaredServices(snapshot, fleet, settings);
  if (asked.startsWith('/')) {
    return scopeOfPath(snapshot, fleet, declared, asked.replace(/\/+$/, '') || '/');
  }
  const reference = parseReference(asked);
  switch (reference?.sort) {
    case 'slot':
      return scopeOfSlot(snapshot, declared, settings, reference.name.replace(/^(.+\/\d+)\/[^/]+$/, '$1'));
    case 'rig':
      return scopeOfRig(snapshot, fleet, declared, reference.name);
    default:
      return {missing: 'a flush takes slot:RIG/NUMBER, rig:NAME or a directory'};
  }
};
