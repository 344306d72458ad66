// Every service that somebody declared for a slot in use, and what one in a free slot would be. Pure.
import type {Fleet} from '../../domain/fleet.ts';
import type {DeclaredService, ServiceRange, Slots} from '../../domain/slot-place.ts';
import {overflows, slotPort} from './port-arithmetic.ts';

/** How a port follows from its formula, in words. */
export const formulaText = (base: number, slot: number, stride: number): string =>
  `${slotPort(base, slot, stride)} = base ${base} + slot ${slot} × stride ${stride}`;

/** Why the formula gives no port; null where it does. */
export const overflowText = (base: number, slot: number, stride: number): string | null =>
  overflows(base, slot, stride) ? 'the formula gives a port above 65535' : null;

/** A service in a slot of which nothing is seen, as if it were declared there. */
export const vacantSlot = (
  {tool, rig, rigPath, provenance, service, base, stride, maxSlots, baseIsSlot}: ServiceRange,
  slot: number,
): DeclaredService => ({
  tool,
  rig,
  rigPath,
  provenance,
  slot,
  slug: null,
  service,
  port: slotPort(base, slot, stride),
  base,
  stride,
  maxSlots,
  baseIsSlot,
  declaredBy: formulaText(base, slot, stride),
  undecidable: overflowText(base, slot, stride),
  managed: true,
  docker: false,
  started: false,
  startedAt: null,
  worktree: null,
  session: null,
  roots: [],
  slotRoots: [],
  recordedPid: null,
});

/** Services of every slot in use, of every tool. */
export const declaredServices = ({places}: Slots, fleet: Fleet): readonly DeclaredService[] =>
  places.flatMap(place => place.services(fleet.agents));
