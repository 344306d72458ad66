// Everything of most machines gone within one round of looks: more often the line or the observer is wrong than all those fleets. Pure.

/** How far apart looks of different machines may be that are one round: a line comes at least every ten seconds (cli/remote/heartbeat.ts). */
const ROUND_MS = 30_000;
/** As long as a mass death on one machine is shown (docs/safety.md, rule 2). */
const DOUBTED_MS = 10 * 60_000;
/** One machine whose sessions end is everyday life. */
const LEAST_MACHINES = 2;

/** Sessions and living agents of one machine, look by look. */
export interface Counted {
  /** Of its newest look. */
  readonly population: number;
  /** When it last went from some to none, by the clock that does not jump; null when it did not, or has some again. */
  readonly emptiedAt: number | null;
}

export type Census = ReadonlyMap<string, Counted>;

/** What is counted of a machine after a look at it. */
export const countMachine = (before: Counted | undefined, population: number, now: number): Counted => {
  const emptied = population === 0 && (before?.population ?? 0) > 0;
  const kept = population === 0 ? (before?.emptiedAt ?? null) : null;
  return {population, emptiedAt: emptied ? now : kept};
};

/** Machines whose emptiness is doubted: of all that had something, most lost all of it within one round. */
export const doubtedMachines = (census: Census, now: number): readonly string[] => {
  const emptied = [...census].flatMap(([name, {emptiedAt}]) =>
    emptiedAt === null || now - emptiedAt > DOUBTED_MS ? [] : [{name, emptiedAt}],
  );
  const populated = [...census.values()].filter(({population}) => population > 0).length;
  const together = emptied.filter(one => {
    const others = emptied.filter(other => Math.abs(other.emptiedAt - one.emptiedAt) <= ROUND_MS);
    return others.length >= LEAST_MACHINES && others.length > populated;
  });
  return together.map(({name}) => name);
};
