// Port arithmetic of slots, forwards and backwards: a base, a stride, a number. Pure.

const MAX_PORT = 65_535;

/** `base + slot × stride`, stride at least 1, saturating at 65535 as an unsigned 16-bit number does. */
export const slotPort = (base: number, slot: number, stride: number): number => Math.min(MAX_PORT, base + slot * Math.max(1, stride));

/** Whether the formula leaves the range of ports: the saturated value is then no port that anybody declared. */
export const overflows = (base: number, slot: number, stride: number): boolean => base + slot * Math.max(1, stride) > MAX_PORT;

/** The slot in 1..max that `port` belongs to, or null: the offset must divide by the stride, and the base itself is no slot. */
export const owningSlot = (port: number, base: number, stride: number, max: number): number | null => {
  const step = Math.max(1, stride);
  const offset = port - base;
  const slot = offset / step;
  return Number.isInteger(slot) && slot >= 1 && slot <= max ? slot : null;
};
