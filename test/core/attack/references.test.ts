// References that could mean another thing than the one a person saw: ids as names, shared windows, lifted rules.
import {describe, expect, test} from 'vitest';
import {requestOf} from '../../../src/core/act/confirm.ts';
import {isRefusal, type Plan, type PlanRequest, type Refusal} from '../../../src/core/domain/plan.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, inPane, listener, look, pane, process, server, session, settings, silentServer} from '../../support/world.ts';

const ask = (snapshot: Snapshot, asked: readonly string[], more: Partial<PlanRequest> = {}): Plan | Refusal =>
  makePlan({action: 'kill', asked, ...more}, assessAll([snapshot]).assessment, settings, {id: 'p1', now: 1, sources: SOURCES});

const pids = (answer: Plan | Refusal): readonly number[] => (isRefusal(answer) ? [] : answer.targets.map(({pid}) => pid));
const names = (answer: Plan | Refusal): readonly string[] => (isRefusal(answer) ? [] : answer.sessions.map(({name}) => name));

const shell = (pid: number, paneId: string) => process(pid, 700, 'node x.js', {tty: `pts/${paneId.slice(1)}`, env: inPane(paneId)});

describe('a session that is called like another’s id', () => {
  const victim = session('victim', [pane('%1', 4001)], {id: '$7'});
  const hostile = session('$7', [pane('%2', 4002, {windowId: '@2'})], {id: '$8'});
  const snapshot = look({processes: [shell(4001, '%1'), shell(4002, '%2')], servers: [server('default', [victim, hostile])]});

  test('is never taken for the other', () => {
    expect(names(ask(snapshot, ['session:default/$7']))).toEqual(['$7']);
    expect(names(ask(snapshot, ['session:default/victim']))).toEqual(['victim']);
  });

  test('and a confirmed plan keeps to its session', () => {
    const plan = ask(snapshot, ['session:default/victim']) as Plan;
    expect(names(ask(snapshot, requestOf(plan).asked))).toEqual(['victim']);
  });
});

test('hostile names stay text: nothing of them becomes a command or another reference', () => {
  for (const name of [
    '-t',
    'a;kill-server',
    '$(reboot)',
    '`x`',
    'tab\there',
    'new\nline',
    '‮gnp',
    '=main',
    '%1',
    '@1',
    'a/b',
    '{last}',
    '!',
  ]) {
    const held = session(name, [pane('%1', 4001)]);
    const answer = ask(look({processes: [shell(4001, '%1')], servers: [server('default', [held])]}), [`session:default/${name}`]);
    expect(names(answer)).toEqual([name]);
    expect(pids(answer)).toEqual([4001]);
  }
});

describe('a window that two sessions show', () => {
  const shared = pane('%1', 4001);
  const snapshot = look({
    processes: [
      process(4001, 700, 'claude', {tty: 'pts/1', env: {...inPane('%1')}}),
      process(4002, 4001, 'node tool.js', {tty: 'pts/1', sid: 4001, env: inPane('%1')}),
    ],
    servers: [server('default', [session('plain', [shared]), session('watched', [shared], {attached: 1})])],
  });

  test('protects its processes whichever session is looked at', () => {
    for (const asked of ['session:default/plain', 'pane:default/%1', 'process:4001', 'process:4002']) {
      expect(ask(snapshot, [asked]), asked).toMatchObject({refused: true, rule: 'attached'});
    }
  });

  test('until that one rule is lifted', () => {
    expect(pids(ask(snapshot, ['process:4002'], {unlocks: ['attached']}))).toEqual([4002]);
    expect(ask(snapshot, ['process:4002'], {unlocks: ['crew', 'shell', 'editor']})).toMatchObject({refused: true, rule: 'attached'});
  });
});

describe('ports', () => {
  test('are promised only where every holder is seen and ends', () => {
    const processes = [process(5000, 1, 'vite'), process(5001, 1, 'other')];
    const hidden = {...listener(3000), owners: {known: false as const, because: 'EACCES'}};
    expect(ask(look({processes, listeners: [listener(3000, 5000)]}), ['process:5000'])).toMatchObject({frees: [3000]});
    expect(ask(look({processes, listeners: [listener(3000, 5000, 5001)]}), ['process:5000'])).toMatchObject({frees: []});
    expect(ask(look({processes, listeners: [listener(3000, 5000), hidden]}), ['process:5000'])).toMatchObject({frees: []});
    expect(ask(look({processes, listeners: [listener(3000, 5000), hidden]}), ['port:3000'])).toMatchObject({
      refused: true,
      rule: 'unknown',
    });
  });
});

test('nothing on a silent server is missing', () => {
  const snapshot = look({servers: [server('default', []), silentServer('work')]});
  for (const asked of ['session:work/x', 'session:other/x', 'pane:work/%1']) {
    expect(ask(snapshot, [asked]), asked).toMatchObject({refused: true, rule: 'unknown'});
  }
});
