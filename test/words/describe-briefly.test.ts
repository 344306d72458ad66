// The explanation for who has two seconds: its order, what it leaves to the full one, and the keys that do what it says.
import {describe, expect, test} from 'vitest';
import type {Evidence} from '../../src/core/domain/agent.ts';
import {textsOf} from '../../src/core/judge/detect/detectors.ts';
import {explainRow} from '../../src/store/explain-row.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import {plain} from '../../src/ui/format.ts';
import {explainLines} from '../../src/ui/panels/text-panels.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {buildFleet} from '../store/fleet.ts';

const remedies = textsOf([], ({remedy}) => remedy);

const evidence: readonly Evidence[] = [
  {fact: 'GT_ROLE=checkout/polecats/amber', source: 'session environment'},
  {fact: 'GT_RIG=checkout', source: 'environment of 6000'},
  {fact: 'no agent program in its only pane, only zsh 6000', source: 'panes of default, process table'},
  {fact: 'works in /home/u/w', source: 'working directory'},
];

/** The panel’s lines for the first row whose reference this is. */
const panel = (ref: string, assessment = buildFleet()): readonly string[] => {
  const view = viewFleet(assessment, EMPTY_VIEW);
  const row = [...view.agents, ...view.orphans, ...view.ports, ...view.rigs].find(each => each.ref === ref);
  const brief = row === undefined ? [] : explainRow(indexFleet(assessment), row, remedies).brief;
  return explainLines(brief, 100, actions => actions.map(id => plain(`<${id}> `))).map(line =>
    line
      .map(({text}) => text)
      .join('')
      .trimEnd(),
  );
};

const withEvidence = () => {
  const fleet = buildFleet();
  return {
    ...fleet,
    findings: fleet.findings.map(each =>
      each.id === 'f-4' ? {...each, evidence, protectedBy: null, remedies: ['restart' as const, 'kill' as const]} : each,
    ),
  };
};

describe('a brief explanation', () => {
  test('is the verdict, what decides it, whose it is, what to do with its keys, and what is lost, in this order', () => {
    const lines = panel('f-4', withEvidence());
    const at = (text: string | RegExp): number =>
      lines.findIndex(line => (typeof text === 'string' ? line.includes(text) : text.test(line)));
    const order = [
      'ZOMBIE: ',
      'no agent program in its only pane',
      'GT_ROLE=',
      'What to do',
      'Restart the agent, or stop the session.',
      '<restart>',
      'Lost then',
    ];
    expect(order.map(at)).not.toContain(-1);
    expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
    expect(at('no agent program')).toBe(1);
  });

  test('folds whose it is into one line and leaves where things were read to the full one', () => {
    const lines = panel('f-4', withEvidence());
    expect(lines.filter(line => line.includes('GT_'))).toEqual([
      expect.stringMatching(/^ {2}GT_ROLE=checkout\/polecats\/amber, and \d facts more of whose it is$/),
    ]);
    expect(lines.join('\n')).not.toContain('process table');
  });

  test('names no command where a key does it, and no key for what may not be done', () => {
    const lines = panel('f-4', withEvidence()).join('\n');
    expect(lines).not.toContain('rigtop ');
    expect(lines).toContain('<restart> <stop> ');
    const unsure = panel('f-3').join('\n');
    expect(unsure).toContain('Not sure, so it is shown and never acted on.');
    expect(unsure).not.toContain('<stop>');
  });

  test('of an agent that asks is its question, and the way to it', () => {
    const fleet = buildFleet();
    const agents = fleet.fleet.agents.map(each =>
      each.name === 'max'
        ? {...each, hint: {state: 'asks' as const, since: null, text: 'Do you want to edit totals.ts?', source: 'screen' as const}}
        : each,
    );
    const lines = panel('agent:checkout/max', {...fleet, fleet: {...fleet.fleet, agents}});
    expect(lines[0]).toBe('ASKS: Do you want to edit totals.ts?');
    expect(lines.join('\n')).toMatch(/What to do\n {2}It waits for you: go to its pane\.\n {2}<attach> <peek> <explain>/);
  });

  test('of a rig is all that is said of it', () => {
    const fleet = buildFleet();
    const view = viewFleet(fleet, EMPTY_VIEW);
    const [rig] = view.rigs;
    const told = rig === undefined ? null : explainRow(indexFleet(fleet), rig, remedies);
    expect(told?.brief).toBe(told?.lines);
  });
});
