import {describe, expect, it} from 'vitest';
import {overflows, owningSlot, slotPort} from '../../../../src/core/judge/slots/port-arithmetic.ts';

describe('slotPort', () => {
  it.each([
    [3000, 1, 1, 3001],
    [3000, 3, 10, 3030],
    [3000, 2, 0, 3002],
    [65_530, 9, 1, 65_535],
  ])('base %i, slot %i, stride %i is port %i', (base, slot, stride, port) => {
    expect(slotPort(base, slot, stride)).toBe(port);
  });

  it('says when the formula leaves the range of ports', () => {
    expect(overflows(65_530, 5, 1)).toBe(false);
    expect(overflows(65_530, 6, 1)).toBe(true);
  });
});

describe('owningSlot', () => {
  it.each([
    [3001, 3000, 1, 8, 1],
    [3030, 3000, 10, 8, 3],
    [3015, 3000, 10, 8, null],
    [3000, 3000, 1, 8, null],
    [3009, 3000, 1, 8, null],
    [2999, 3000, 1, 8, null],
    [3008, 3000, 1, 8, 8],
    [3002, 3000, 0, 8, 2],
  ])('port %i with base %i, stride %i and %i slots belongs to %s', (port, base, stride, max, slot) => {
    expect(owningSlot(port, base, stride, max)).toBe(slot);
  });
});
