// The other machines of a screen: one connection for each name that there is, as long as it is there.
import type {Host} from '../../core/os/host.ts';
import {expectWork, keepGarbageSmall} from '../../core/os/small-heap.ts';
import type {FollowMachines} from '../../store/machine-stand.ts';
import {type EveryWayParts, followEveryWay} from '../remote/every-way.ts';
import {shareOf} from '../remote/fair-share.ts';
import {createGates} from '../remote/gates.ts';
import {createRemoteMachine, type RemoteMachine} from '../remote/remote-machine.ts';
import {VERSION} from '../version.ts';

/**
 * What may wait for its collection, in percent of what is held. Each collection goes through all that is held: at a thousand machines a
 * fifth took a quarter of the time until the table was full.
 */
const garbagePercent = (machines: number): number => (machines > 300 ? 40 : 20);

export const shownMachines =
  (parts: EveryWayParts, {epochMs, monotonicMs}: Pick<Host, 'epochMs' | 'monotonicMs'>): FollowMachines =>
  told => {
    const gates = createGates();
    const made = new Map<string, RemoteMachine>();
    const share = (isInFront: boolean): number => shareOf(made.size, isInFront);
    return followEveryWay(parts, ({ways, troubles}) => {
      const named = new Set(ways.map(({name}) => name));
      for (const way of ways.filter(({name}) => !made.has(name))) {
        made.set(way.name, createRemoteMachine({way, gates, version: VERSION, epochMs, monotonicMs, share}));
      }
      for (const name of [...made.keys()].filter(each => !named.has(each))) {
        made.delete(name);
      }
      keepGarbageSmall(garbagePercent(made.size));
      expectWork({machines: made.size});
      told([...made.values()], troubles);
    });
  };
