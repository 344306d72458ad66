// Agents below launchers, several in one pane, and those that were handed to init.
import {describe, expect, test} from 'vitest';
import type {Process} from '../../../src/core/domain/process.ts';
import {identifyFleet} from '../../../src/core/judge/owners/identify.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {look, pane, process, server, session, settings} from '../../support/world.ts';

const agentsOf = (processes: readonly Process[], startCommand = '') =>
  identifyFleet(
    look({
      servers: [server('default', [session('a', [pane('%1', 4001, {startCommand})])])],
      processes,
      checkouts: {'/w/a': '/w/a', '/w/b': '/w/b'},
    }),
    settings,
    SOURCES,
  ).agents.map(({ref, state, runtime, process: own}) => `${ref} ${state} ${runtime} ${own?.pid ?? '-'}`);

const at = (pid: number, ppid: number, command: string | readonly string[], more = {}) =>
  process(pid, ppid, command, {tty: 'pts/1', cwd: '/w/a', pgid: 4001, ...more});
const shell = at(4001, 700, '-bash');

describe('the agent is the one that works, not what launched it', () => {
  test.each<[string, readonly Process[]]>([
    ['npm exec', [at(10, 4001, ['npm exec claude'], {comm: 'npm exec claude'}), at(11, 10, ['sh', '-c', 'claude']), at(12, 11, 'claude')]],
    ['a script and its native program', [at(10, 4001, 'node /x/bin/codex'), at(12, 10, '/x/vendor/codex', {state: 'T'})]],
    [
      'a script that starts itself again, twice',
      [at(10, 4001, 'node /x/bin/qwen'), at(11, 10, 'node /x/bin/qwen'), at(12, 11, 'node /x/bin/qwen')],
    ],
    ['npx above all of it', [at(9, 4001, ['npm exec @openai/codex']), at(10, 9, 'node /x/bin/codex'), at(12, 10, '/x/vendor/codex')]],
  ])('%s', (_, tree) => {
    const found = agentsOf([shell, ...tree]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^agent:a\/a (?:running|stopped) \w+ 12$/);
    expect(found[0]?.includes('stopped')).toBe(tree.some(each => each.state === 'T'));
  });

  test('but an agent that an agent started stays a part of it', () => {
    expect(agentsOf([shell, at(10, 4001, 'claude'), at(12, 10, 'claude -p hi')])).toEqual(['agent:a/a running claude 10']);
    const own = at(12, 10, 'node /x/bin/gemini -p hi', {pgid: 12, tty: null});
    expect(agentsOf([shell, at(10, 4001, 'node /x/bin/gemini'), own])).toEqual(['agent:a/a running gemini 10']);
  });

  test('a runner that has not started it yet is no agent, and its session no zombie', () => {
    const runner = at(10, 4001, ['pnpm', 'exec', 'claude']);
    expect(agentsOf([shell, runner])).toEqual([]);
    expect(agentsOf([shell, runner], 'pnpm exec claude')).toEqual(['agent:a/a unknown null -']);
  });
});

describe('every agent of a pane', () => {
  test('jobs of one shell, each in its own work tree', () => {
    expect(agentsOf([shell, at(10, 4001, 'claude', {state: 'T'}), at(12, 4001, 'claude', {cwd: '/w/b', pgid: 12})])).toEqual([
      'agent:a/a stopped claude 10',
      'agent:b/a.12 running claude 12',
    ]);
  });

  test('handed to init on the pane’s terminal, with its tools none of them', () => {
    const left = at(12, 1, 'claude -p long', {pgid: 12});
    expect(agentsOf([shell, left, at(13, 12, 'claude -p nested', {pgid: 13})])).toEqual(['agent:a/a running claude 12']);
    expect(agentsOf([shell, at(10, 4001, 'claude'), left])).toEqual(['agent:a/a running claude 10', 'agent:a/a.12 running claude 12']);
  });
});
