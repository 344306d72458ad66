// The planner of a slot's restart: end what runs of the service, then start it the proper way. Pure.
import type {LastSeat, PlanStart} from '../domain/plan.ts';
import {parseReference, slotRef} from '../domain/reference.ts';
import type {DeclaredService, Slots} from '../domain/slot-place.ts';
import type {Thing} from '../domain/thing.ts';
import {holdersOf} from '../judge/slots/port-holders.ts';
import {indexSlots, type SlotIndex} from '../judge/slots/slot-index.ts';
import {resolveReference} from '../look/index/resolve-reference.ts';
import type {PlanWorld} from './plan-world.ts';
import {noRestart, type ResolvedRestart} from './resolved-restart.ts';
import {leave, processRoot, type Root} from './roots.ts';
import {leaveUnresolved} from './thing-roots.ts';

const startOf = ({places}: Slots, service: DeclaredService, last: LastSeat | null): PlanStart | string =>
  places.find(place => place.tool === service.tool && place.path === service.rigPath)?.restart(service, last) ??
  'nothing says how it is started';

/** What runs of the service: its recorded process or window, and whoever of the slot holds its port. */
const runningRoots = (world: PlanWorld, index: SlotIndex, service: DeclaredService): readonly Root[] => {
  const holders = holdersOf(index, service, service.port).flatMap(holding => (holding.kind === 'ours' ? [holding.process.pid] : []));
  return [...new Set([...service.roots, ...holders])].flatMap(pid => {
    const process = world.look.processes.get(pid);
    return process === undefined ? [] : [processRoot(process, `runs ${service.service} of ${service.rig} slot ${service.slot}`)];
  });
};

const restartOne = (world: PlanWorld, index: SlotIndex, service: DeclaredService, last: LastSeat | null): ResolvedRestart => {
  const ref = slotRef(service.rig, service.slot, service.service);
  if (service.undecidable !== null) {
    return noRestart(leave(ref, 'unknown', `unknown: ${service.undecidable}`));
  }
  if (service.docker || !service.managed) {
    return noRestart(
      leave(ref, 'not-restartable', service.docker ? 'its container is docker’s to restart' : 'nothing is declared to start it'),
    );
  }
  const stranger = holdersOf(index, service, service.port).find(holding => holding.kind !== 'ours');
  if (stranger !== undefined) {
    const who = stranger.kind === 'unseen' ? stranger.because : `${stranger.process.pid} holds it`;
    return noRestart(leave(ref, 'port-held', `port ${service.port} is not its own (${who}); flush the slot first`));
  }
  const start = startOf(index.slots, service, last);
  return typeof start === 'string'
    ? noRestart(leave(ref, 'not-restartable', start))
    : {roots: runningRoots(world, index, service), leftOut: [], starts: [start]};
};

/** The slot whose session is gone, of a rig where only what runs tells of it: what is declared and where it was seen last say all that is needed. */
const idleOnes = ({places}: Slots, name: string, last: LastSeat | null): readonly DeclaredService[] =>
  last === null
    ? []
    : places.flatMap(place => {
        const [, slot, service] = name.startsWith(`${place.name}/`) ? (/^(\d+)\/(.+)$/.exec(name.slice(place.name.length + 1)) ?? []) : [];
        const idle = slot === undefined || service === undefined ? null : place.idleService(Number(slot), service);
        return idle === null ? [] : [{...idle, worktree: last.directory}];
      });

/** What is declared of a service, or of those of a whole slot that were started. */
const declaredOf = ({services}: SlotIndex, thing: Thing): readonly DeclaredService[] => {
  const meant = thing.sort === 'slot' ? thing.services : [];
  return services.filter(
    ({rig, rigPath, slot, service, started}) =>
      meant.some(each => each.rigPath === rigPath && each.slot === slot && each.service === service) &&
      (started || thing.ref === slotRef(rig, slot, service)),
  );
};

/**
 * `slot:RIG/N/SERVICE`, or `slot:RIG/N` for all of its services that were started. `last` says where a service of a configured rig
 * ran whose session is gone; without it only slots in use can be restarted.
 */
export const resolveServiceRestart = (world: PlanWorld, asked: string, last: LastSeat | null = null): ResolvedRestart => {
  const {snapshot, fleet, slots} = world.assessment;
  const index = indexSlots(fleet, snapshot, slots);
  const resolution = resolveReference(asked, world.assessment);
  const idle = resolution.answer === 'thing' ? [] : idleOnes(slots, parseReference(asked)?.name ?? '', last);
  if (resolution.answer !== 'thing' && idle.length === 0) {
    return noRestart(leaveUnresolved(asked, resolution));
  }
  const chosen = resolution.answer === 'thing' ? declaredOf(index, resolution.thing) : idle;
  if (chosen.length === 0) {
    return noRestart(leave(asked, 'not-found', 'no service of a slot in use has that name'));
  }
  const resolved = chosen.map(service => restartOne(world, index, service, last));
  // One call of the slot's tool may start everything of the slot; the proofs of the others follow from their own entries.
  return {
    roots: resolved.flatMap(({roots}) => roots),
    leftOut: resolved.flatMap(({leftOut}) => leftOut),
    starts: resolved.flatMap(({starts}) => starts),
  };
};
