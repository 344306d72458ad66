// How much a rig adds to every look. Pure.

/** Each service of each slot; the slot itself where it has none. */
export const slotServices = ({
  slots = 0,
  services = [],
}: {
  readonly slots?: number | undefined;
  readonly services?: readonly unknown[] | undefined;
}): number => (slots + 1) * Math.max(1, services.length);
