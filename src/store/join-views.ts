// Rows of all machines in the same panels: each with its machine, what is lost greyed with its age, and a row for every machine. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import {type HintCounts, needYou} from '../core/domain/hint.ts';
import {remembered} from '../core/domain/remember.ts';
import type {Badge} from '../words/badges.ts';
import {countOf} from '../words/counts.ts';
import {type BadgeCount, byWeight} from '../words/describe-finding.ts';
import {needWords} from '../words/hints.ts';
import {EMPTY_VIEW} from './fleet-view.ts';
import type {MachineStand} from './machine-stand.ts';
import type {FleetView, HeaderView, ListPanel, Row} from './rows.ts';
import {shownOnce} from './seen-twice.ts';

/** This machine among others. */
const HERE = 'here';

/** The key that a row has on its own machine. */
export const ownKey = ({key, machine}: Row): string => (machine === undefined ? key : key.slice(machine.length + 2));

const isBelieved = ({line}: MachineStand): boolean => line === 'live' || line === 'looking';

/** `40s`, `3m`: steps that change seldom, because what changes all the time makes an idle screen noisy. */
const ageWords = (seconds: number): string => (seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m`);

/** How long ago it was seen; null while it is believed. */
const agedOf = (stand: MachineStand): string | null => {
  if (isBelieved(stand)) {
    return null;
  }
  return stand.ageSeconds === null ? 'before' : `${ageWords(stand.ageSeconds)} ago`;
};

const sentence = (row: Row): string => row.cells.why ?? row.cells.evidence ?? '';

const greyed = (row: Row, aged: string): Pick<Row, 'badge' | 'cells' | 'eligible' | 'problem'> => {
  const words = `seen ${aged}${sentence(row) === '' ? '' : `: ${sentence(row)}`}`;
  return {
    badge: {word: row.badge.word, tone: 'quiet'},
    cells: {...row.cells, ...(row.cells.why === undefined ? {evidence: words} : {why: words})},
    eligible: false,
    problem: row.problem,
  };
};

const onMachine = (row: Row, panel: ListPanel, name: string, aged: string | null): Row => {
  const {cells, ...rest} = aged === null ? row : {...row, ...greyed(row, aged)};
  return {
    ...rest,
    key: `@${name} ${row.key}`,
    machine: name,
    cells: {...cells, machine: name},
    fields: {...row.fields, machine: [name.toLowerCase()]},
    depth: panel === 'rigs' ? row.depth + 1 : row.depth,
  };
};

const atHome = (row: Row, panel: ListPanel): Row => ({
  ...row,
  cells: {...row.cells, machine: HERE},
  fields: {...row.fields, machine: [HERE]},
  depth: panel === 'rigs' ? row.depth + 1 : row.depth,
});

const NO_MEASURES = {cpu: null, memory: null};

const plainRow = (
  over: Pick<Row, 'key' | 'badge' | 'cells' | 'fields' | 'order' | 'problem' | 'barred' | 'unmarkable'> & {machine?: string},
): Row => ({
  ref: '',
  measures: NO_MEASURES,
  eligible: false,
  remedy: 'kill',
  depth: 0,
  session: null,
  ...over,
});

const orderOf = (severity: number, name: string): Row['order'] => ({severity, name, age: 0, cpu: 0, memory: 0, idle: 0, pid: 0, port: 0});

/** After everything sure, with what is unknown. */
const LOST_RANK = 30;

const UNKNOWN: Badge = {word: 'UNKNOWN', tone: 'unknown'};

const calmBadge = ({counts, doing}: HeaderView): Badge => {
  const [worst] = counts;
  if (worst !== undefined) {
    return {word: `${worst.word} ${worst.count}`, tone: worst.tone};
  }
  if (doing.asks > 0) {
    return {word: `ASKS ${doing.asks}`, tone: 'warning'};
  }
  return doing.done > 0 ? {word: `DONE ${doing.done}`, tone: 'good'} : {word: 'ok', tone: 'good'};
};

const badgeOf = (stand: MachineStand): Badge => {
  if (!isBelieved(stand)) {
    return UNKNOWN;
  }
  return stand.view === null ? {word: 'looking', tone: 'quiet'} : calmBadge(stand.view.header);
};

const lineWords = (stand: MachineStand): string => {
  if (stand.line === 'looking') {
    return '…';
  }
  if (isBelieved(stand)) {
    return 'live';
  }
  return stand.ageSeconds === null ? stand.line : ageWords(stand.ageSeconds);
};

/** The row of a machine in the first panel, above its rigs. */
const machineRow = (name: string, {header}: FleetView, stand: MachineStand | null): Row => {
  const badge = stand === null ? calmBadge(header) : badgeOf(stand);
  const {agents} = header;
  return plainRow({
    key: stand === null ? HERE : `@${name}`,
    ...(stand === null ? {} : {machine: name}),
    badge,
    cells: {
      name,
      machine: name,
      count: agents === 0 ? '-' : String(agents),
      needs: needWords(header.doing),
      line: stand === null ? 'live' : lineWords(stand),
      why: oneLine(stand?.because ?? ''),
    },
    fields: {machine: [name.toLowerCase()], state: [badge.word.toLowerCase().replace(/ \d+$/, '')]},
    order: orderOf(0, name),
    problem: badge.tone !== 'good' && badge.tone !== 'quiet',
    barred: 'not one rig: choose from Agents or Orphans',
    unmarkable: 'marks are for single things',
  });
};

/** A machine that cannot be seen is one row that is unknown: what it says stays until it can be. */
const lostRow = (stand: MachineStand): Row =>
  plainRow({
    key: `@${stand.name} lost`,
    machine: stand.name,
    badge: UNKNOWN,
    cells: {
      what: `machine ${stand.name}`,
      pid: '-',
      age: stand.ageSeconds === null ? '-' : ageWords(stand.ageSeconds),
      holds: '-',
      mem: '-',
      cpu: '-',
      rig: '-',
      machine: stand.name,
      evidence: oneLine(stand.because),
    },
    fields: {machine: [stand.name.toLowerCase()], state: ['unknown', 'lost'], kind: ['blind-spot']},
    order: orderOf(LOST_RANK, stand.name),
    problem: true,
    barred: `unknown, so never acted on: ${oneLine(stand.because)}`,
    unmarkable: 'unknown, so never acted on',
  });

/** After everything that has a row. */
const LAST_RANK = 100;

const worstOf = remembered(({agents, orphans}: FleetView): number =>
  [...agents, ...orphans].reduce((least, row) => Math.min(least, Number(row.order.severity)), LAST_RANK),
);

const rankOf = (stand: MachineStand): number => Math.min(worstOf(stand.view ?? EMPTY_VIEW), isBelieved(stand) ? LAST_RANK : LOST_RANK);

const addCounts = (all: readonly (readonly BadgeCount[])[], lost: number): readonly BadgeCount[] => {
  const sums = new Map<string, BadgeCount>();
  for (const each of [...all.flat(), ...(lost === 0 ? [] : [{...UNKNOWN, count: lost}])]) {
    sums.set(each.word, {...each, count: each.count + (sums.get(each.word)?.count ?? 0)});
  }
  return [...sums.values()].toSorted(byWeight);
};

const addDoing = (all: readonly HintCounts[]): HintCounts =>
  all.reduce((sum, one) => ({
    asks: sum.asks + one.asks,
    done: sum.done + one.done,
    busy: sum.busy + one.busy,
    stuck: sum.stuck + one.stuck,
    idle: sum.idle + one.idle,
  }));

const joinHeaders = (here: HeaderView, stands: readonly MachineStand[], troubles: readonly string[]): HeaderView => {
  const headers = [here, ...stands.flatMap(({view}) => view?.header ?? [])];
  const lost = stands.filter(stand => !isBelieved(stand));
  const total = (count: (header: HeaderView) => number): number => headers.reduce((sum, header) => sum + count(header), 0);
  return {
    ...here,
    rigs: total(({rigs}) => rigs),
    agents: total(({agents}) => agents),
    counts: addCounts(
      headers.map(({counts}) => counts),
      lost.length,
    ),
    doing: addDoing(headers.map(({doing}) => doing)),
    machines: {all: stands.length + 1, lost: lost.length},
    reach: `${here.reach} here; ${countOf(stands.length, 'other machine')}`,
    blind: [
      ...here.blind,
      ...lost.map(({name, because}) => `${name}: ${oneLine(because)}`),
      ...troubles.map(trouble => `machines: ${oneLine(trouble)}`),
      ...stands.filter(isBelieved).flatMap(({name, view}) => (view?.header.blind ?? []).map(words => `${name}: ${words}`)),
    ],
  };
};

/** Whether anybody there needs a person, for the order of machines: who asks, then who has finished. */
const needsOf = ({view}: MachineStand): number => (view === null ? 0 : needYou(view.header.doing));

const inOrder = (stands: readonly MachineStand[]): readonly MachineStand[] =>
  stands
    .map(stand => ({stand, rank: rankOf(stand)}))
    .toSorted(
      (one, other) => one.rank - other.rank || needsOf(other.stand) - needsOf(one.stand) || (one.stand.name < other.stand.name ? -1 : 1),
    )
    .map(({stand}) => stand);

/** Every process once: of a host and its containers, and of one system that is reached by two names. */
const withoutTwins = (
  here: FleetView,
  stands: readonly MachineStand[],
): {readonly here: FleetView; readonly stands: readonly MachineStand[]} => {
  const views = [here, ...stands.map(({view}) => view ?? EMPTY_VIEW)];
  const old = new Set(stands.flatMap(stand => (stand.view === null || isBelieved(stand) ? [] : [stand.view])));
  const shown = shownOnce(views, old);
  return shown === views
    ? {here, stands}
    : {
        here: shown[0] ?? here,
        stands: stands.map((stand, at) => (stand.view === null ? stand : {...stand, view: shown[at + 1] ?? stand.view})),
      };
};

export interface Joiner {
  /** The view of this machine alone where there is no other. */
  join(here: FleetView, stands: readonly MachineStand[], troubles: readonly string[]): FleetView;
}

/** What was made of a thing, again as long as it is to be the same. */
const createKeep = <From extends WeakKey, To>() => {
  const made = new WeakMap<From, {readonly as: string; readonly value: To}>();
  return (from: From, as: string, make: () => To): To => {
    const before = made.get(from);
    if (before?.as === as) {
      return before.value;
    }
    const value = make();
    made.set(from, {as, value});
    return value;
  };
};

/** Remembers the rows that it made: what did not change stays the same object, and costs nothing. */
export const createJoiner = (): Joiner => {
  const keepRow = createKeep<Row, Row>();
  const keepRows = createKeep<readonly Row[], readonly Row[]>();
  const rowsAs = (rows: readonly Row[], as: string, make: (row: Row) => Row): readonly Row[] =>
    keepRows(rows, as, () => rows.map(row => keepRow(row, as, () => make(row))));
  return {
    join: (whole, all, troubles) => {
      if (all.length === 0 && troubles.length === 0) {
        return whole;
      }
      const {here, stands} = withoutTwins(whole, all);
      const rowsOf = (stand: MachineStand, panel: ListPanel): readonly Row[] => {
        const aged = agedOf(stand);
        const rows = (stand.view ?? EMPTY_VIEW)[panel];
        return rowsAs(rows, `${panel} ${stand.name} ${aged ?? ''}`, row => onMachine(row, panel, stand.name, aged));
      };
      const home = (panel: ListPanel): readonly Row[] => rowsAs(here[panel], panel, row => atHome(row, panel));
      const ordered = inOrder(stands);
      const joined = (panel: ListPanel): readonly Row[] => [...home(panel), ...ordered.flatMap(stand => rowsOf(stand, panel))];
      return {
        ports: joined('ports'),
        agents: joined('agents'),
        rigs: [
          machineRow(HERE, here, null),
          ...home('rigs'),
          ...ordered.flatMap(stand => [machineRow(stand.name, stand.view ?? EMPTY_VIEW, stand), ...rowsOf(stand, 'rigs')]),
        ],
        orphans: [...joined('orphans'), ...ordered.filter(stand => !isBelieved(stand)).map(lostRow)],
        header: joinHeaders(here.header, ordered, troubles),
      };
    },
  };
};
