// A restart of own things alone: it starts nothing but services of a slot that is the caller's alone, also where there is nothing to end.
import {describe, expect, it} from 'vitest';
import {isRefusal} from '../../../src/core/domain/plan.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {ownParts} from '../../../src/core/plan/own-only.ts';
import {listener, process} from '../../support/world.ts';
import {askedBy, plannedFor} from './own-fleet.ts';
import {inSlot, rigs, twoSlots} from './two-slots.ts';

/** What the agent of slot 1 gets: whom it would end and what it would start, or by which rule it is refused. */
const restart = (snapshot: Snapshot, ref: string, settings: Partial<Settings> = {rigs}) => {
  const plan = plannedFor(snapshot, 1001, {action: 'restart', asked: [ref]}, settings);
  return isRefusal(plan)
    ? {rule: plan.rule}
    : {ends: plan.targets.map(({pid}) => pid).toSorted(), starts: plan.starts.map(each => each.ref)};
};

/** The same look after everything but the agents and who asks has ended. */
const idle = (): Snapshot => {
  const snapshot = twoSlots();
  const gone = new Set([1010, 1011, 2010]);
  return {...snapshot, processes: new Map([...snapshot.processes].filter(([pid]) => !gone.has(pid))), listeners: []};
};

describe('a restart for an agent', () => {
  it('ends and starts the service of its own slot', () => {
    expect(restart(twoSlots(), 'slot:app/1/web')).toEqual({ends: [1011], starts: ['slot:app/1/web']});
  });

  it('nothing of the neighbour’s', () => {
    expect(restart(twoSlots(), 'slot:app/2/web')).toEqual({rule: 'not-mine'});
  });

  it('starts where nothing runs only what is of its own slot', () => {
    expect(restart(idle(), 'slot:app/1/web')).toEqual({ends: [], starts: ['slot:app/1/web']});
    expect(restart(idle(), 'slot:app/2/web')).toEqual({rule: 'not-mine'});
  });

  it('not in a slot in which a second agent is', () => {
    const shared = twoSlots([process(3000, 700, 'gemini', inSlot(1, '%9'))]);
    expect(restart(shared, 'slot:app/1/web')).toEqual({rule: 'not-mine'});
    const sharedIdle = idle();
    const guest = process(3000, 700, 'gemini', inSlot(1, '%9'));
    expect(restart({...sharedIdle, processes: new Map([...sharedIdle.processes, [3000, guest]])}, 'slot:app/1/web')).toEqual({
      rule: 'not-mine',
    });
  });

  it('not beside a stranger at its port', () => {
    const taken = twoSlots([process(2020, 2000, 'node vite --port 5391', inSlot(2, '%3'))]);
    expect(restart({...taken, listeners: [listener(5391, 2020)]}, 'slot:app/1/web')).toEqual({rule: 'port-held'});
  });

  it('starts nothing that is no service, whatever a planner says', () => {
    const plan = plannedFor(twoSlots(), 1001, {action: 'restart', asked: ['slot:app/1/web']}, {rigs});
    const own = askedBy(twoSlots(), 1001, undefined, {rigs});
    const [start] = isRefusal(plan) ? [] : plan.starts;
    if (isRefusal(plan) || 'refused' in own || start === undefined) {
      throw new Error('there is such a plan');
    }
    expect(ownParts(plan, own)).toMatchObject({starts: [{ref: 'slot:app/1/web'}]});
    expect(ownParts({...plan, starts: [start, {...start, ref: 'agent:app/max'}]}, own)).toMatchObject({
      rule: 'not-mine',
      because: expect.stringContaining('agent:app/max'),
    });
  });
});
