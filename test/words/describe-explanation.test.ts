// One thing through every surface that explains it: command, panel and dialog say the same.
import {describe, expect, it} from 'vitest';
import {formatExplanation} from '../../src/cli/explain/format-explanation.ts';
import {isFailure} from '../../src/cli/failure.ts';
import {createPaint} from '../../src/cli/paint.ts';
import {resolveArgument} from '../../src/cli/resolve-argument.ts';
import {explainRow, type ShownExplanation} from '../../src/store/explain-row.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import type {Row} from '../../src/store/rows.ts';
import {fullExplanation} from '../../src/ui/dialogs/full-explanation.ts';
import {explainLines} from '../../src/ui/panels/text-panels.ts';
import {explain} from '../../src/words/explanation.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {buildFleet, buildPlan} from '../store/fleet.ts';

const WIDE = 400;
const assessment = buildFleet();
const index = indexFleet(assessment);
const view = viewFleet(assessment, EMPTY_VIEW);
const rows = [...view.orphans, ...view.agents, ...view.ports, ...view.rigs.filter(({ref}) => ref.startsWith('rig:'))];

const command = (ref: string): string => {
  const thing = resolveArgument(ref, assessment);
  if (isFailure(thing)) {
    throw new Error(thing.message);
  }
  const told = {explanation: explain(thing, index), snapshot: assessment.snapshot, unseen: [], stop: null};
  return formatExplanation(told, {paint: createPaint(false), unicode: true});
};

const shown = (row: Row): ShownExplanation => explainRow(index, row);

/** What the screen alone says: a sum in place of the plan that the command makes. */
const isSum = (text: string): boolean => text.startsWith('Stopping it ends ');

const SORTS: ReadonlySet<string> = new Set(['finding', 'agent', 'session', 'service', 'port', 'rig']);

describe('an explanation', () => {
  it('is told of every sort of thing', () => {
    expect(new Set(rows.map(({key}) => key.split(' ', 1)[0]))).toEqual(SORTS);
  });

  it.each(rows.map(row => [row.ref, row] as const))('of %s has the same lines in the command and on the screen', (ref, row) => {
    const {lines} = shown(row);
    const text = command(ref);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines.filter(one => !isSum(one.text))) {
      expect(text).toContain(line.text);
      expect(text).toContain(line.source ?? '');
    }
    const said = lines.filter(one => !isSum(one.text)).length;
    expect(text.split('\n').filter(line => line !== '')).toHaveLength(said + 1);
  });

  it.each(rows.map(row => [row.ref, row] as const))('of %s has the same lines in the panel and in the dialog', (_, row) => {
    const explanation = shown(row);
    const panel = explainLines(explanation.lines, WIDE).map(line => line.map(({text}) => text.trim()).join(''));
    const {lines, table} = fullExplanation({kind: 'explain', explanation, answer: null, scroll: 0}, WIDE);
    const dialog = [
      ...lines.map(line => line.map(({text}) => text.trim()).join('')),
      ...(table?.rows ?? []).map(cells => `${cells.evidence.trim()}(${cells['read from'].trim()})`),
    ];
    expect(panel.filter(line => !dialog.includes(line))).toEqual([]);
  });

  it('in full says what a plan would do, as the plan says it', () => {
    const [row] = view.orphans;
    const explanation = row === undefined ? null : shown(row);
    const lines = explanation === null ? [] : fullExplanation({kind: 'explain', explanation, answer: buildPlan(2), scroll: 0}, WIDE).lines;
    const texts = lines.map(line => line.map(({text}) => text).join(''));
    expect(texts.slice(texts.indexOf('What stopping it would do'))).toEqual(
      expect.arrayContaining(['  Stop 2 processes', '  Will end', '  Frees', '    port 3131']),
    );
  });
});
