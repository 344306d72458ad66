// The slots of one look, indexed: their declared services, the panes and agents that are theirs, the directories. Pure.
import type {Fleet} from '../../domain/fleet.ts';
import {nearestAbove} from '../../domain/forest.ts';
import {isInside} from '../../domain/paths.ts';
import {rememberedTogether} from '../../domain/remember.ts';
import type {DeclaredService, Slots} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {indexLook, type Look} from '../../look/index/look.ts';
import {declaredServices} from './declared-services.ts';

/** A directory that belongs to one slot or rig: a work tree, a repository, an agent's place. */
interface OwnedDirectory {
  readonly path: string;
  readonly label: string;
}

/** What every holder of a port is judged against. */
export interface SlotIndex {
  readonly look: Look;
  readonly fleet: Fleet;
  readonly slots: Slots;
  readonly services: readonly DeclaredService[];
  /** The slot whose pane or agent a pid is. */
  readonly slotOfRoot: ReadonlyMap<number, DeclaredService>;
  /** The slot of the nearest such pid above another. */
  slotAbove(pid: number): DeclaredService | undefined;
  readonly directories: readonly OwnedDirectory[];
}

export const describeSlot = (service: Pick<DeclaredService, 'rig' | 'slot' | 'slug'>): string =>
  service.slug === null ? `${service.rig} slot ${service.slot}` : `${service.rig}/${service.slug} (slot ${service.slot})`;

const listDirectories = (snapshot: Snapshot, fleet: Fleet, services: readonly DeclaredService[]): readonly OwnedDirectory[] => {
  const labels = new Map<string, string>();
  for (const [path, label] of [
    ...services.map(service => [service.worktree, describeSlot(service)] as const),
    ...snapshot.worktrees.map(tree => [tree.path, `work tree ${tree.path}`] as const),
    ...fleet.rigs.map(rig => [rig.path, `rig ${rig.name}`] as const),
  ]) {
    if (path !== null && !labels.has(path)) {
      labels.set(path, label);
    }
  }
  // Longest first, so that the first match is the innermost.
  return [...labels].map(([path, label]) => ({path, label})).toSorted((a, b) => b.path.length - a.path.length);
};

/** The slots of a look: the same index whenever it is asked for, by the verdicts and by plans. */
export const indexSlots = rememberedTogether((fleet: Fleet, snapshot: Snapshot, slots: Slots): SlotIndex => {
  const services = declaredServices(slots, fleet);
  const slotOfRoot = new Map(services.flatMap(service => service.slotRoots.map(pid => [pid, service] as const)));
  return {
    look: indexLook(snapshot),
    fleet,
    slots,
    services,
    slotOfRoot,
    slotAbove: nearestAbove(snapshot.processes, pid => slotOfRoot.get(pid)),
    directories: listDirectories(snapshot, fleet, services),
  };
});

/** The innermost owned directory that a path lies in. */
export const innermost = ({directories}: SlotIndex, path: string): OwnedDirectory | null =>
  directories.find(directory => isInside(path, directory.path)) ?? null;
