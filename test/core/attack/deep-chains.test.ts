// Chains of processes as nobody runs them: what a look costs grows with the table, not with its square.
import {expect, test} from 'vitest';
import {nearestAbove} from '../../../src/core/domain/forest.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {assessAll, type LookFacts, listener, look, pane, process, server, session} from '../../support/world.ts';

/** A process table that counts how often it is asked: a duration would say how busy the machine is. */
class CountingMap extends Map<number, Process> {
  asked = 0;

  override get(pid: number): Process | undefined {
    this.asked += 1;
    return super.get(pid);
  }
}

/** The first one is a child of init, or of the server whose pane it leads. */
const chain = (length: number, program: string, parent = 1): readonly Process[] =>
  Array.from({length}, (_, index) => process(10_000 + index, index === 0 ? parent : 9_999 + index, program, {cwd: '/w/x'}));

const asked = (length: number, program: string, facts: LookFacts): number => {
  const snapshot = look({processes: chain(length, program, facts.servers === undefined ? 1 : 700), ...facts});
  const processes = new CountingMap(snapshot.processes);
  assessAll([{...snapshot, processes}]);
  return processes.asked;
};

const PLACES: readonly (readonly [string, LookFacts])[] = [
  ['adrift', {}],
  ['in a pane', {servers: [server('default', [session('x', [pane('%1', 10_000)])])]}],
  ['holding ports', {listeners: Array.from({length: 200}, (_, index) => listener(3000 + index, 10_000 + index * 5))}],
];

test.each(PLACES.flatMap(([where, facts]) => ['claude', 'bash', 'vite', 'python3'].map(program => [program, where, facts] as const)))(
  'a chain of %s, %s',
  (program, _where, facts) => {
    expect(asked(2_000, program, facts)).toBeLessThan(2.5 * asked(1_000, program, facts));
  },
);

test('twenty thousand agents, each started by the one before, are one', () => {
  const {assessment} = assessAll([
    look({processes: chain(20_000, 'claude', 700), servers: [server('default', [session('x', [pane('%1', 10_000)])])]}),
  ]);
  expect(assessment.fleet.agents).toHaveLength(1);
});

test('the nearest above: never itself, through gaps, loops and processes that are their own parent', () => {
  const table = new Map(
    [process(2, 1, 'a'), process(3, 2, 'b'), process(4, 3, 'c'), process(7, 8, 'd'), process(8, 7, 'e'), process(9, 9, 'f')].map(each => [
      each.pid,
      each,
    ]),
  );
  const of = nearestAbove(table, pid => (pid === 2 || pid === 4 || pid === 9 ? `p${pid}` : undefined));
  expect([4, 3, 2, 4, 99, 7, 8, 9].map(of)).toEqual(['p2', 'p2', undefined, 'p2', undefined, undefined, undefined, undefined]);
});
