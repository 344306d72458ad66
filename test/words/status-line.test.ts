import {describe, expect, test} from 'vitest';
import type {HintState} from '../../src/core/domain/hint.ts';
import {forStatusBar, statusLine, withAge} from '../../src/words/status-line.ts';
import {agent, buildFleet, finding} from '../store/fleet.ts';

const doing = (name: string, state: HintState) => ({
  ...agent('shop', name, null),
  hint: {state, since: null, text: 'Do you want to proceed?', source: 'screen'} as const,
});

const lineOf = (states: readonly (readonly [string, HintState])[], more: Parameters<typeof buildFleet>[0] = {}): string => {
  const fleet = buildFleet({findings: [], ...more});
  const agents = states.map(([name, state]) => doing(name, state));
  return statusLine({...fleet, fleet: {...fleet.fleet, agents}, snapshot: {...fleet.snapshot, sources: [], ...more.snapshot}});
};

describe('the line of a status bar', () => {
  test('who asks comes first and by name, then what others do, then what is wrong, the worst first', () => {
    const findings = [
      finding('f-1', 'process:1', {kind: 'orphan-process', certainty: 'sure'}),
      finding('f-2', 'process:2', {kind: 'orphan-process', certainty: 'sure'}),
      finding('f-3', 'slot:a/1/b', {kind: 'wrong-owner', certainty: 'sure'}),
    ];
    const states = [
      ['max', 'asks'],
      ['joe', 'asks'],
      ['eve', 'asks'],
      ['ann', 'done'],
      ['bob', 'busy'],
      ['ida', 'idle'],
    ] as const;
    expect(lineOf(states, {findings})).toBe('3 ask: max, joe and 1 more | 1 done | 1 busy | 1 WRONG-OWNER, 2 ORPHAN');
    expect(lineOf([['max', 'asks']])).toBe('1 asks: max');
  });

  test('nothing to say is how many there are; blindness is always said', () => {
    expect(lineOf([])).toBe('0 agents');
    expect(lineOf([['ida', 'idle']])).toBe('1 agent');
    const {snapshot} = buildFleet();
    const sources = [{source: 'tmux', target: 'main', state: 'unknown', detail: 'silent', tookMs: 1}] as const;
    expect(lineOf([], {snapshot: {...snapshot, sources}})).toBe('BLIND tmux');
  });

  test('names are short, without anything that a terminal acts on; the whole is bounded', () => {
    const line = lineOf([
      [`\u001b]0;title\u0007${'x'.repeat(500)}`, 'asks'],
      ['日本'.repeat(50), 'asks'],
    ]);
    expect(line).not.toMatch(/\p{Cc}/u);
    expect([...line].length).toBeLessThanOrEqual(120);
  });

  test('a # is doubled for tmux, an age stands behind', () => {
    expect(forStatusBar('#[fg=red]#{pid}##')).toBe('##[fg=red]##{pid}####');
    expect(withAge('2 busy', 125_000)).toBe('2 busy (2m old)');
  });
});
