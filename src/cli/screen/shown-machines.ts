// The other machines of a screen: one connection for each name that there is, as long as it is there.
import {keepGarbageSmall} from '../../core/os/small-heap.ts';
import type {FollowMachines} from '../../store/machine-stand.ts';
import {type EveryWayParts, followEveryWay} from '../remote/every-way.ts';
import {createGates} from '../remote/gates.ts';
import {createRemoteMachine, type RemoteMachine} from '../remote/remote-machine.ts';
import {VERSION} from '../version.ts';

export const shownMachines =
  (parts: EveryWayParts, epochMs: () => number): FollowMachines =>
  told => {
    keepGarbageSmall();
    const gates = createGates();
    const made = new Map<string, RemoteMachine>();
    return followEveryWay(parts, ({ways, troubles}) => {
      const named = new Set(ways.map(({name}) => name));
      for (const way of ways.filter(({name}) => !made.has(name))) {
        made.set(way.name, createRemoteMachine({way, gates, version: VERSION, epochMs}));
      }
      for (const name of [...made.keys()].filter(each => !named.has(each))) {
        made.delete(name);
      }
      told([...made.values()], troubles);
    });
  };
