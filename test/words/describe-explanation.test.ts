// One thing through every surface that explains it: command, panel and dialog say the same.
import {describe, expect, it} from 'vitest';
import {formatExplanation} from '../../src/cli/explain/format-explanation.ts';
import {isFailure} from '../../src/cli/failure.ts';
import {createPaint} from '../../src/cli/paint.ts';
import {resolveArgument} from '../../src/cli/resolve-argument.ts';
import type {Plan} from '../../src/core/domain/plan.ts';
import {explainRow, type ShownExplanation} from '../../src/store/explain-row.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import type {Row} from '../../src/store/rows.ts';
import {fullExplanation} from '../../src/ui/dialogs/full-explanation.ts';
import {explainLines} from '../../src/ui/panels/text-panels.ts';
import {describeExplanation, explainLine} from '../../src/words/describe-explanation.ts';
import {explain} from '../../src/words/explanation.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {buildFleet, buildPlan, finding} from '../store/fleet.ts';

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

const SORTS: ReadonlySet<string> = new Set(['finding', 'agent', 'session', 'service', 'port', 'rig']);

describe('an explanation', () => {
  it('is told of every sort of thing', () => {
    expect(new Set(rows.map(({key}) => key.split(' ', 1)[0]))).toEqual(SORTS);
  });

  it.each(rows.map(row => [row.ref, row] as const))('of %s has the same lines in the command and on the screen', (ref, row) => {
    const {lines} = shown(row);
    const text = command(ref);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(text).toContain(line.text);
      expect(text).toContain(line.source ?? '');
    }
    expect(text.split('\n').filter(line => line !== '')).toHaveLength(lines.length + 1);
  });

  it.each(rows.map(row => [row.ref, row] as const))('of %s has the same lines in the panel and in the dialog', (_, row) => {
    const explanation = shown(row);
    const panel = explainLines(explanation.lines, WIDE).map(line => line.map(({text}) => text.trim()).join(''));
    const {lines, tables} = fullExplanation({kind: 'explain', explanation, answer: null, scroll: 0}, WIDE);
    const dialog = [
      ...lines.map(line => line.map(({text}) => text.trim()).join('')),
      ...tables.flatMap(table => table.rows).map(cells => `${cells.evidence.trim()}(${cells['read from'].trim()})`),
    ];
    expect(panel.filter(line => !dialog.includes(line))).toEqual([]);
  });

  it('says each fact once, what decides before what somebody calls itself, and no state that a verdict tells already', () => {
    const because = 'no agent program in its only pane, only zsh 6000';
    const names = [
      {fact: 'GT_ROLE=checkout/polecats/amber', source: 'session environment'},
      {fact: 'GT_RIG=checkout', source: 'session environment'},
    ];
    const decides = {fact: because, source: 'panes of default, process table'};
    const zombie = finding('f-9', 'agent:checkout/max', {kind: 'zombie-session', evidence: [...names, decides]});
    const {agents} = assessment.fleet;
    const [thing] = agents.flatMap(agent =>
      agent.name === 'max'
        ? [{sort: 'agent' as const, ref: agent.ref, agent: {...agent, state: 'zombie' as const, because, evidence: names}}]
        : [],
    );
    const explanation = thing === undefined ? null : {...explain(thing, index), findings: [zombie]};
    const lines = explanation === null ? [] : describeExplanation(explanation, assessment.snapshot);
    expect(lines.filter(({kind}) => kind === 'fact').map(({text}) => text)).toEqual([
      because,
      'GT_ROLE=checkout/polecats/amber',
      'GT_RIG=checkout',
    ]);
    expect(lines.map(({text}) => text)).not.toContain(`zombie: ${because}`);
  });

  it('of a rig leaves away the state of an agent only where something is found of that one', () => {
    const rig = rows.find(({ref}) => ref === 'rig:checkout');
    const agents = ['feat-1', 'feat-10'].map(name => ({
      ...(assessment.fleet.agents[0] as (typeof assessment.fleet.agents)[number]),
      ref: `agent:checkout/${name}`,
      rig: 'checkout',
      name,
      state: 'stopped' as const,
      because: 'nothing of it runs',
    }));
    const zombie = finding('f-9', 'session:default/feat-10', {
      kind: 'zombie-session',
      rig: 'checkout',
      title: 'session feat-10 is there, agent:checkout/feat-10 is not',
    });
    const fleet = {...assessment, fleet: {...assessment.fleet, agents}, findings: [zombie]};
    const lines = rig === undefined ? [] : explainRow(indexFleet(fleet), rig).lines.map(({text}) => text);
    expect(lines).toContain('stopped  agent:checkout/feat-1  nothing of it runs');
    expect(lines).not.toContain('stopped  agent:checkout/feat-10  nothing of it runs');
  });

  it('in full has the facts of each verdict below it', () => {
    const row = view.orphans.find(({ref}) => ref === 'f-1');
    const told = row === undefined ? null : shown(row);
    const two = {
      ...told,
      lines: [
        explainLine('head', 'WRONG-OWNER: a'),
        explainLine('fact', 'one', 'plain', 'x'),
        explainLine('head', 'ORPHAN: b'),
        explainLine('fact', 'two', 'plain', 'y'),
        explainLine('text', 'in /w'),
      ],
    } as ShownExplanation;
    const {lines, tables} = fullExplanation({kind: 'explain', explanation: two, answer: null, scroll: 0}, WIDE);
    const texts = lines.map(line => line.map(({text}) => text.trim()).join(''));
    expect(texts.slice(0, 7)).toEqual(['WRONG-OWNER: a', '', '', 'ORPHAN: b', '', '', 'in /w']);
    expect(tables.map(({at, rows: cells}) => [at, cells.map(({evidence}) => evidence.trim())])).toEqual([
      [1, ['one']],
      [4, ['two']],
    ]);
  });

  it('in full tells what stopping would end once: by the plan where there is one, else by a sum', () => {
    const row = view.agents.find(({ref}) => ref === 'agent:checkout/max');
    const explanation = row === undefined ? null : shown(row);
    const sums = (answer: Plan | null): number =>
      explanation === null
        ? 0
        : fullExplanation({kind: 'explain', explanation, answer, scroll: 0}, WIDE).lines.filter(line =>
            line.some(({text}) => text.includes('Stopping it ends ')),
          ).length;
    expect([sums(null), sums(buildPlan(2))]).toEqual([1, 0]);
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
