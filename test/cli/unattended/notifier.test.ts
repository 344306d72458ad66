// What a notifier is told when more comes than its program takes.
import {expect, it} from 'vitest';
import {createNotifier} from '../../../src/cli/unattended/notifier.ts';
import type {CommandResult, Host} from '../../../src/core/os/host.ts';
import type {RoundNote} from '../../../src/supervise/record.ts';

const DONE: CommandResult = {stdout: '', stderr: '', exitCode: 0, trouble: null, tookMs: 1};

const note = (text: string, ref: string | null = 'agent:a'): RoundNote => ({at: '2026-11-20T00:00:00.000Z', what: 'said', text, ref});

/** A program that hangs until it is let go. */
const slow = () => {
  const told: string[] = [];
  let letGo = (): void => undefined;
  const held = new Promise<void>(resolve => {
    letGo = resolve;
  });
  const run: Host['run'] = async (_, __, options) => {
    await held;
    told.push((JSON.parse(String(options?.input)) as RoundNote).text);
    return DONE;
  };
  const host = {hostname: 'h', run, sleep: () => new Promise<void>(() => undefined)} as unknown as Host;
  const notifier = createNotifier({host, command: ['tell-me'], complain: () => undefined});
  return {notifier, told, letGo};
};

const numbers = (from: number, to: number): readonly string[] => Array.from({length: to - from + 1}, (_, index) => `n${from + index}`);

it('drops the oldest that wait, and says how many', async () => {
  const {notifier, told, letGo} = slow();
  for (const text of numbers(0, 25)) {
    notifier.send(note(text));
  }
  letGo();
  await notifier.close();
  expect(told).toEqual(['n0', ...numbers(6, 25), '5 more notes were left away: rigtop journal']);
});

it('delivers a mass death that comes when the queue is full, and whatever follows it', async () => {
  const {notifier, told, letGo} = slow();
  for (const text of numbers(0, 20)) {
    notifier.send(note(text));
  }
  notifier.send(note('mass death: all of them', null));
  for (const text of numbers(21, 60)) {
    notifier.send(note(text));
  }
  letGo();
  await notifier.close();
  expect(told.slice(0, 3)).toEqual(['n0', 'mass death: all of them', 'n42']);
  expect(told.at(-1)).toBe('41 more notes were left away: rigtop journal');
});
