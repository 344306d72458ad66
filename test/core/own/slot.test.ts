// The slot of an agent: its services are the agent's own while it is the only agent in it, and only where a person has named the slot.
import {describe, expect, it} from 'vitest';
import {listener, process} from '../../support/world.ts';
import {askedBy, ownOf} from './own-fleet.ts';
import {inSlot, rigs, twoSlots} from './two-slots.ts';

const own = (snapshot: ReturnType<typeof twoSlots>, pid: number): string =>
  ownOf(askedBy(snapshot, 1001, undefined, {rigs}), snapshot, pid);

describe('the slot of an agent', () => {
  it('makes what holds its port its own, not the neighbour’s', () => {
    expect(own(twoSlots(), 1011)).toBe('yes by slot');
    expect(own(twoSlots(), 2010)).toMatch(/^(?:no|unknown)$/);
  });

  it('is nobody’s alone where a second agent is in it', () => {
    expect(own(twoSlots([process(3000, 700, 'gemini', inSlot(1, '%9'))]), 1011)).not.toContain('yes');
  });

  it('not a holder that another agent has started', () => {
    const stolen = twoSlots([process(2020, 2000, 'node node_modules/.bin/vite --port 5391', inSlot(1, '%3'))]);
    expect(own({...stolen, listeners: [listener(5391, 2020)]}, 2020)).toBe('no');
  });

  it('nothing without the person’s word for the slot', () => {
    const snapshot = twoSlots();
    expect(ownOf(askedBy(snapshot, 1001), snapshot, 1011)).toBe('unknown');
  });
});
