// One conversation in two living processes, and what only looks like it.
import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import type {RuntimeRecord, RuntimeStore} from '../../../src/core/domain/runtime-record.ts';
import {conversationOf} from '../../../src/core/judge/programs/conversation-argument.ts';
import {facts, look, ofKind, pane, process, server, session, settled} from '../../support/world.ts';

const ID = '7c0a6b1e-4b7e-4f2c-9a55-2b8f0f1d9c01';
const named = (...argv: readonly string[]) => conversationOf({argv});

describe('the conversation that arguments name', () => {
  test.each<readonly string[]>([
    ['claude', '--dangerously-skip-permissions', '--resume', ID],
    ['claude', `--resume=${ID}`],
    ['claude', '-r', ID.toUpperCase().toLowerCase()],
    ['/x/versions/2.1.267', '--session-id', ID, 'a prompt'],
    ['claude.exe', '--resume', `/home/u/.claude/projects/-w-a/${ID}.jsonl`],
    ['node', '/x/bin/codex', 'resume', ID],
    ['codex', 'exec', 'resume', ID],
    ['codex', '--yolo', 'resume', ID],
    ['codex', '-m', 'x', 'resume', ID],
  ])('%j %j %j %j', (...argv) => {
    expect(named(...argv)).toBe(ID);
  });

  test('of other forms', () => {
    expect(named('opencode', '-s', 'ses_4f1a2b3c4d5e6f7a8b9c0d1e2f')).toBe('ses_4f1a2b3c4d5e6f7a8b9c0d1e2f');
    expect(named('amp', 'threads', 'continue', `T-${ID}`)).toBe(`t-${ID}`);
  });

  test.each<readonly string[]>([
    ['claude', '--resume'],
    ['claude', '--continue'],
    ['gemini', '--resume', 'latest'],
    ['claude', '--resume', 'my-name'],
    ['claude', '--fork-session', '--resume', ID],
    ['claude', `look at ${ID}`],
    ['claude', '-p', 'resume', ID],
  ])('none: %j %j %j %j', (...argv) => {
    expect(named(...argv)).toBe(null);
  });
});

describe('two agents with one conversation', () => {
  const at = (pid: number, ppid: number, argv: readonly string[], more = {}) =>
    process(pid, ppid, argv, {tty: `pts/${pid % 10}`, cwd: '/w/a', ...more});
  const doubles = (...processes: readonly ReturnType<typeof process>[]) => doublesWith([], ...processes);
  const doublesWith = (runtimeStores: readonly RuntimeStore[], ...processes: readonly ReturnType<typeof process>[]) =>
    ofKind(
      settled(
        look({
          servers: [server('default', [session('one', [pane('%1', 4001)]), session('two', [pane('%2', 4002)])])],
          processes,
          runtimeStores,
          checkouts: {'/w/a': '/w/a'},
        }),
      ),
      'doubled-agent',
    );

  test('are one finding that names both, and ends neither', () => {
    const found = doubles(at(4001, 700, ['claude', '--resume', ID]), at(4002, 700, ['claude.exe', `--resume=${ID}`]));
    expect(found).toMatchObject([{certainty: 'unknown', subject: 'agent:a/one', remedies: []}]);
    expect(found[0]?.processes.map(({pid}) => pid)).toEqual([4001, 4002]);
    expect(found[0]?.title).toContain('agent:a/one, agent:a/two');
  });

  test('by what their programs record, which counts for more than how they were started', () => {
    const record = (pid: number, conversation: string): RuntimeRecord => ({
      program: 'claude',
      file: `/home/u/.claude/sessions/${pid}.json`,
      role: 'session',
      background: false,
      pid,
      startTime: pid * 10,
      domain: {bootId: null, namespace: null, machine: null},
      locked: false,
      conversation,
      directory: '/w/a',
      state: 'idle',
      question: null,
      stateSince: null,
    });
    const recorded = (one: string, two: string, argv: readonly string[] = ['claude']) =>
      doublesWith(
        [{program: 'claude', place: '/home/u/.claude', records: known([record(4001, one), record(4002, two)]), unreadable: []}],
        at(4001, 700, argv),
        at(4002, 700, argv),
      );
    const other = ID.replace('7c', '7d');
    const found = recorded(ID, ID);
    expect(found).toMatchObject([{certainty: 'unknown', subject: 'agent:a/one', remedies: []}]);
    expect(facts(found[0])).toContain('4002 is recorded with it: claude');
    expect(recorded(ID, other)).toEqual([]);
    expect(recorded(ID, other, ['claude', '--resume', ID])).toEqual([]);
  });

  test('are not a launcher and its agent, a host and its session, nor two conversations', () => {
    const launcher = at(4001, 700, ['node', '/x/bin/codex', 'resume', ID]);
    expect(doubles(launcher, at(4011, 4001, ['/x/vendor/codex', 'resume', ID], {pgid: 4001}))).toEqual([]);
    const host = process(30, 1, ['/h/claude/versions/2.1.267', '--bg-pty-host', '/t/s', '120', '36', '--', '/h/x', '--resume', ID]);
    expect(doubles(host, process(31, 30, ['/h/claude/versions/2.1.267', '--resume', ID]))).toEqual([]);
    expect(doubles(at(4001, 700, ['claude', '--resume', ID]), at(4002, 700, ['claude', '--resume', ID.replace('7c', '7d')]))).toEqual([]);
    expect(doubles(at(4001, 700, ['claude', '--resume', ID]), at(4002, 700, ['vim', ID]))).toEqual([]);
  });
});
