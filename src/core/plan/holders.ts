// Holders of a port → roots, through the one gate that every way to them shares. Pure.
import type {Process} from '../domain/process.ts';
import {processRef} from '../domain/reference.ts';
import {gateOfHolder, isOfFleet} from '../judge/slots/port-gate.ts';
import type {PlanWorld} from './plan-world.ts';
import {leave, processRoot, type Resolved} from './roots.ts';

interface Holder {
  readonly process: Process;
  readonly port: number;
}

/** Whether a service of the fleet is up with this very process. */
const isRightful = ({assessment: {services}}: PlanWorld, {process, port}: Holder): boolean =>
  services.some(service => service.port === port && service.state === 'up' && service.listeners.some(({pid}) => pid === process.pid));

/** Each holder as a root, or left out with the reason why its port is not enough to end it. */
export const holderRoots = (world: PlanWorld, holders: readonly Holder[], because: (holder: Holder) => string): Resolved => {
  const judged = holders.map(holder => {
    const belongs = isOfFleet(world.assessment.fleet, holder.process.pid) || isRightful(world, holder);
    return {holder, stop: gateOfHolder(holder.process, holder.port, belongs, world.guard.process(holder.process) !== null)};
  });
  return {
    roots: judged.flatMap(({holder, stop}) => (stop === null ? [processRoot(holder.process, because(holder))] : [])),
    leftOut: judged.flatMap(({holder, stop}) => (stop === null ? [] : [leave(processRef(holder.process.pid), 'shared', stop)])),
  };
};
