// Structural sharing between looks: what is equal stays the same object, so that an unchanged look draws nothing. Pure.
import {finish, mapping} from '../core/domain/finish.ts';
import {type FleetView, LIST_PANELS, type Row} from './rows.ts';

/** Deep equality of plain data: primitives, arrays and plain objects. */
export const sameValue = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other)) {
    return true;
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return false;
  }
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((value, index) => sameValue(value, other[index]))
    );
  }
  const left = one as Record<string, unknown>;
  const right = other as Record<string, unknown>;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every(key => key in right && sameValue(left[key], right[key]));
};

/** The previous value where the next one is equal to it. */
export const share = <T>(previous: T, next: T): T => (sameValue(previous, next) ? previous : next);

/** Sort positions by number move with every look and show nothing: a row is the same row without them. */
const sameRow = (one: Row, other: Row): boolean =>
  one.key === other.key &&
  one.ref === other.ref &&
  one.problem === other.problem &&
  one.barred === other.barred &&
  one.unmarkable === other.unmarkable &&
  one.eligible === other.eligible &&
  one.declarable === other.declarable &&
  one.remedy === other.remedy &&
  one.depth === other.depth &&
  one.order.severity === other.order.severity &&
  sameValue(one.badge, other.badge) &&
  sameValue(one.cells, other.cells) &&
  sameValue(one.fields, other.fields);

const AGELESS = {age: '', idle: '', since: ''};
const withoutAges = (row: Row): Row => ({...row, cells: {...row.cells, ...AGELESS}});

/** Whether all that has changed is how long things have lasted: time passes over a machine on which nothing happens. */
export const onlyAged = (previous: FleetView, next: FleetView): boolean =>
  sameValue(previous.header, next.header) &&
  LIST_PANELS.every(
    panel =>
      previous[panel].length === next[panel].length &&
      previous[panel].every((row, at) => {
        const now = next[panel][at];
        return now === row || (now !== undefined && sameRow(withoutAges(row), withoutAges(now)));
      }),
  );

/** Rows of a new look, each the old object where nothing of it changed; the old list itself where none did. */
const sharingRows = function* (previous: readonly Row[], next: readonly Row[]): Generator<void, readonly Row[]> {
  const known = new Map(previous.map(row => [row.key, row]));
  const shared = yield* mapping(next, row => {
    const before = known.get(row.key);
    return before !== undefined && (before === row || sameRow(before, row)) ? before : row;
  });
  return shared.length === previous.length && shared.every((row, index) => row === previous[index]) ? previous : shared;
};

/** The previous view itself when a look changed nothing that is shown. Pauses after each row. */
export const sharingView = function* (previous: FleetView, next: FleetView): Generator<void, FleetView> {
  const shared: FleetView = {
    rigs: yield* sharingRows(previous.rigs, next.rigs),
    ports: yield* sharingRows(previous.ports, next.ports),
    agents: yield* sharingRows(previous.agents, next.agents),
    orphans: yield* sharingRows(previous.orphans, next.orphans),
    header: share(previous.header, next.header),
  };
  const same = (Object.keys(shared) as (keyof FleetView)[]).every(key => shared[key] === previous[key]);
  return same ? previous : shared;
};

/** The same in one go. */
export const shareView = (previous: FleetView, next: FleetView): FleetView => finish(sharingView(previous, next));
