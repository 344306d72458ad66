// The explanation for who has two seconds: its order, what it leaves to the full one, and the keys that do what it says.
import {describe, expect, test} from 'vitest';
import type {Agent, Evidence} from '../../src/core/domain/agent.ts';
import type {Remedy} from '../../src/core/domain/finding.ts';
import {sessionKey} from '../../src/core/domain/multiplexer.ts';
import {textsOf} from '../../src/core/judge/detect/detectors.ts';
import {explainRow} from '../../src/store/explain-row.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import {fullExplanation} from '../../src/ui/dialogs/full-explanation.ts';
import {plain} from '../../src/ui/format.ts';
import {drawExplainPanel, explainLines} from '../../src/ui/panels/text-panels.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {withoutCommands} from '../../src/words/describe-briefly.ts';
import {indexFleet} from '../../src/words/fleet-index.ts';
import {buildFleet, finding} from '../store/fleet.ts';

const remedies = textsOf([], ({remedy}) => remedy);

const evidence: readonly Evidence[] = [
  {fact: 'GT_ROLE=checkout/polecats/amber', source: 'session environment'},
  {fact: 'GT_RIG=checkout', source: 'environment of 6000'},
  {fact: 'no agent program in its only pane, only zsh 6000', source: 'panes of default, process table'},
  {fact: 'works in /home/u/w', source: 'working directory'},
];

/** The panel’s lines for the first row whose reference this is. */
const panel = (ref: string, assessment = buildFleet(), width = 100): readonly string[] => {
  const view = viewFleet(assessment, EMPTY_VIEW);
  const row = [...view.agents, ...view.orphans, ...view.ports, ...view.rigs].find(each => each.ref === ref);
  const brief = row === undefined ? [] : explainRow(indexFleet(assessment), row, remedies).brief;
  return explainLines(brief, width, actions => actions.map(id => plain(`<${id}> `))).map(line =>
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

test('what an agent’s state rests on is said once', () => {
  const because = 'claude 4388 runs in %3';
  const fleet = buildFleet();
  const agents = fleet.fleet.agents.map(each => ({
    ...each,
    because,
    evidence: [
      {fact: because, source: 'environment of 4388'},
      {fact: because, source: 'panes of default'},
    ],
  }));
  const lines = panel('agent:checkout/max', {...fleet, fleet: {...fleet.fleet, agents}, findings: []});
  expect(lines.filter(line => line.includes(because))).toEqual([`running: ${because}`]);
});

test('what nothing is offered for has no losses: of a dead pane, what lives beside it stays', () => {
  const fleet = buildFleet();
  const [of] = fleet.snapshot.servers.flatMap(({sessions}) => sessions);
  const dead = (remedies: readonly Remedy[]) =>
    panel('f-dead', {
      ...fleet,
      findings: [finding('f-dead', 'pane:default/%3', {kind: 'dead-pane', session: of === undefined ? null : sessionKey(of), remedies})],
    }).join('\n');
  expect(dead(['kill'])).toMatch(/Lost then\s+\d process.*scrollback/);
  expect(dead([])).not.toContain('Lost then');
});

describe('a brief explanation', () => {
  test('is the verdict, what decides it, what to do with its keys, what is lost, and whose it is, in this order', () => {
    const lines = panel('f-4', withEvidence());
    const at = (text: string | RegExp): number =>
      lines.findIndex(line => (typeof text === 'string' ? line.includes(text) : text.test(line)));
    const order = [
      'ZOMBIE: ',
      'no agent program in its only pane',
      /^What to do {3}Restart the agent, or stop the session\. {2}<restart> <stop>/,
      /^Lost then {4}.*the scrollback of 1 pane, unsent input/,
      'GT_ROLE=',
    ];
    expect(order.map(at)).not.toContain(-1);
    expect(order.map(at)).toEqual(order.map(at).toSorted((a, b) => a - b));
    expect(at('no agent program')).toBe(1);
  });

  test('tells how a verdict becomes sure as long as it is not', () => {
    const rule = {fact: 'a second look decides', source: 'rules of certainty'};
    const fleet = withEvidence();
    const of = (certainty: 'sure' | 'unknown'): string =>
      panel('f-4', {...fleet, findings: fleet.findings.map(each => ({...each, certainty, evidence: [...each.evidence, rule]}))}).join('\n');
    expect(of('unknown')).toContain('a second look decides');
    expect(of('sure')).not.toContain('a second look decides');
  });

  test('folds whose it is into one line and leaves where things were read to the full one', () => {
    const lines = panel('f-4', withEvidence());
    expect(lines.filter(line => line.includes('GT_'))).toEqual([
      expect.stringMatching(/^Whose it is {2}GT_ROLE=checkout\/polecats\/amber, and \d facts more {2}<explain>$/),
    ]);
    expect(lines.join('\n')).not.toContain('process table');
  });

  test('finds the question in its frame, and what it is about before it', () => {
    const text = 'git push: △ Permission required';
    const fleet = asking(['┃  △ Permission required', '┃  $ git push', '┃   Allow once   Reject', '┃']);
    const agents = fleet.fleet.agents.map(each => (each.hint === undefined ? each : {...each, hint: {...each.hint, text}}));
    expect(panel('agent:checkout/max', {...fleet, fleet: {...fleet.fleet, agents}}).slice(0, 2)).toEqual([
      `ASKS: ${text}`,
      'To answer    $ git push   Allow once   Reject',
    ]);
  });

  test('of two verdicts has the facts of the first', () => {
    const fleet = buildFleet();
    const process = fleet.findings.find(({id}) => id === 'f-5')?.processes ?? [];
    const orphan = finding('f-6', 'process:5120', {
      title: 'vite 5120 was left behind',
      processes: process,
      evidence: [{fact: 'its pane is gone', source: 'tmux'}],
    });
    const lines = panel('slot:checkout/2/web', {...fleet, findings: [...fleet.findings, orphan]});
    expect(lines.slice(0, 4)).toEqual([
      'WRONG-OWNER: port 3102 of checkout slot 2 is held by vite 5120 of search',
      '  3102 = base 3100 + slot 2 × stride 1',
      'ORPHAN: vite 5120 was left behind',
      expect.stringMatching(/^What to do/),
    ]);
  });

  test('names no command where a key does it, and no key for what may not be done', () => {
    const lines = panel('f-4', withEvidence()).join('\n');
    expect(lines).not.toContain('rigtop ');
    expect(lines).toContain('<restart> <stop>');
    const unsure = panel('f-3').join('\n');
    expect(unsure).toContain('Not sure, so it is shown and never acted on.');
    expect(unsure).not.toContain('<stop>');
  });

  const asking = (tail: readonly string[]) => {
    const fleet = buildFleet();
    const since = fleet.snapshot.takenAt - 60_000;
    const hint = {state: 'asks' as const, since, text: 'Do you want to edit totals.ts?', source: 'screen' as const};
    const max = fleet.fleet.agents.find(({name}) => name === 'max');
    const socket = fleet.snapshot.servers[0]?.socket ?? '';
    const screen = {socket, paneId: '%1', runtime: 'claude', working: false, question: hint.text, tail};
    return {
      ...fleet,
      snapshot: {...fleet.snapshot, screens: [screen]},
      fleet: {...fleet.fleet, agents: fleet.fleet.agents.map(each => (each === max ? {...each, hint, pane: '%1'} : each))},
    } as unknown as ReturnType<typeof buildFleet>;
  };

  test('of an agent that asks is its question, what may be answered, and the way to it', () => {
    const lines = panel(
      'agent:checkout/max',
      asking(['src/totals.ts', '───────', 'Do you want to edit totals.ts?', '❯ 1. Yes', '2. No', '───────']),
    );
    expect(lines.slice(0, 3)).toEqual([
      'ASKS: Do you want to edit totals.ts?',
      'To answer    ❯ 1. Yes   2. No',
      'What to do   It waits for you: go to its pane.  <attach> <peek>',
    ]);
    expect(lines.at(-1)).toBe('Last output  src/totals.ts');
    expect(lines.join('\n')).not.toMatch(/───|\dT\d/);
  });

  test.each(['agent:checkout/max', 'f-4'])('of what has lost its agent (%s) ends with what its screen said last', ref => {
    const fleet = withEvidence();
    const max = fleet.fleet.agents.find(({name}) => name === 'max');
    const session = indexFleet(fleet).sessions.get(max?.session ?? '');
    const socket = session?.socket ?? '';
    const screens = [
      {socket, paneId: session?.panes[0]?.id ?? '', state: 'unknown' as const, text: null, since: null, tail: ['● Working…', '$']},
    ];
    const zombie = (each: Agent): Agent => {
      const {pane: _, ...rest} = each;
      return {...rest, state: 'zombie'};
    };
    const lines = panel(ref, {
      ...fleet,
      snapshot: {...fleet.snapshot, screens},
      fleet: {...fleet.fleet, agents: fleet.fleet.agents.map(each => (each === max ? zombie(each) : each))},
      findings: fleet.findings.map(each => (each.id === 'f-4' ? {...each, session: max?.session ?? null} : each)),
    });
    expect(lines.at(-1)).toBe('Last output  ● Working…');
  });

  test('has its labels above their texts where there is little room', () => {
    expect(panel('agent:checkout/max', asking(['Do you want to edit totals.ts?', '❯ 1. Yes', '2. No']), 40).slice(0, 3)).toEqual([
      'ASKS: Do you want to edit totals.ts?',
      'To answer',
      '  ❯ 1. Yes   2. No',
    ]);
  });

  test('unfolds whose it is where the panel has room for all of it', () => {
    const fleet = withEvidence();
    const row = viewFleet(fleet, EMPTY_VIEW).orphans.find(each => each.ref === 'f-4');
    const explanation = row === undefined ? null : explainRow(indexFleet(fleet), row, remedies);
    const shown = (height: number): string =>
      drawExplainPanel(
        {explanation, explainScroll: 0, focus: 'agents'},
        {rect: {left: 0, top: 0, width: 100, height}, theme: resolveTheme('mono', {NO_COLOR: '1'}, 'never'), bare: false},
      ).lines.join('\n');
    expect(shown(8)).toContain('and 2 facts more');
    expect(shown(8)).not.toContain('GT_RIG=checkout');
    expect(shown(14)).toMatch(/GT_ROLE=[\s\S]*GT_RIG=checkout/);
    expect(shown(14)).not.toContain('facts more');
  });

  test('shows as much of the end of a screen as there is room for, and all of it to who reads it', () => {
    const fleet = asking([...Array.from({length: 20}, (_, at) => `line ${at + 1}`), 'Do you want to edit totals.ts?', '1. Yes']);
    const row = viewFleet(fleet, EMPTY_VIEW).agents.find(({ref}) => ref === 'agent:checkout/max');
    const explanation = row === undefined ? null : explainRow(indexFleet(fleet), row, remedies);
    const shown = (height: number, focus: 'agents' | 'explain'): readonly string[] =>
      drawExplainPanel(
        {explanation, explainScroll: 0, focus},
        {rect: {left: 0, top: 0, width: 100, height}, theme: resolveTheme('mono', {NO_COLOR: '1'}, 'never'), bare: false},
      ).lines.flatMap(line => /line \d+/.exec(line)?.[0] ?? []);
    expect(shown(7, 'agents')).toEqual([]);
    expect(shown(9, 'agents')).toEqual(['line 19', 'line 20']);
    expect(shown(40, 'agents')).toHaveLength(20);
    expect(shown(9, 'explain')).toEqual(['line 1', 'line 2']);
  });

  test('of a session without an agent begins with a sentence, too', () => {
    expect(panel('session:default/notes')[0]).toBe('A session without an agent that is known, and nothing is found of it.');
  });

  test('names the key for output only where there is a pane to look into', () => {
    const fleet = buildFleet();
    const stopped = (agent: Agent): Agent => ({...agent, state: 'stopped', session: null, sessionRef: null});
    const agents = fleet.fleet.agents.map(each => (each.ref === 'agent:checkout/max' ? stopped(each) : each));
    expect(panel('agent:checkout/max').join(' ')).toContain('<peek>');
    expect(panel('agent:checkout/max', {...fleet, fleet: {...fleet.fleet, agents}}).join(' ')).not.toContain('<peek>');
  });

  test('of a rig says each trouble once, under how many there are', () => {
    const fleet = buildFleet();
    const agents = fleet.fleet.agents.map(each => (each.ref === 'agent:checkout/max' ? {...each, state: 'zombie' as const} : each));
    const zombie = finding('f-7', 'session:default/checkout', {
      rig: 'checkout',
      title: 'session checkout is there, agent:checkout/max is not',
    });
    const lines = panel('rig:checkout', {...fleet, fleet: {...fleet.fleet, agents}, findings: [zombie]});
    expect(lines[0]).toBe('Rig checkout: 1 agent, 1 finding');
    expect(lines.filter(line => line.includes('agent:checkout/max'))).toHaveLength(1);
  });

  test('of a rig is all that is said of it', () => {
    const fleet = buildFleet();
    const view = viewFleet(fleet, EMPTY_VIEW);
    const [rig] = view.rigs;
    const told = rig === undefined ? null : explainRow(indexFleet(fleet), rig, remedies);
    expect(told?.brief).toBe(told?.lines);
  });
});

test.each(Object.entries(remedies))('the remedy of %s is a sentence without its commands, too', (_, remedy) => {
  expect(remedy).not.toMatch(/`rigtop [^`]*`\)? \w/);
  expect(withoutCommands(remedy)).toMatch(/^[A-Z].*\.$/s);
});

test('in full it is a table where that is wide enough for paths, else each fact with where it was read below it', () => {
  const fleet = withEvidence();
  const row = viewFleet(fleet, EMPTY_VIEW).orphans.find(each => each.ref === 'f-4');
  const explanation = row === undefined ? null : explainRow(indexFleet(fleet), row, remedies);
  const full = (width: number) =>
    explanation === null ? null : fullExplanation({kind: 'explain', explanation, answer: null, scroll: 0}, width);
  expect(full(100)?.tables[0]?.rows.length).toBeGreaterThan(0);
  const narrow = full(56);
  expect(narrow?.tables).toEqual([]);
  expect(narrow?.lines.map(line => line.map(({text}) => text).join(''))).toContain(
    '  GT_ROLE=checkout/polecats/amber  (session environment)',
  );
});

test('keys without words stand right behind their label', () => {
  const [line] = explainLines(
    [{kind: 'row', label: 'What to do', form: 'text', texts: [], unfolded: [], actions: ['copy'], tone: 'plain'}],
    80,
    () => [plain('c', 'key'), plain(' copy')],
  );
  expect(line?.map(({text}) => text).join('')).toBe('What to do   c copy');
});
