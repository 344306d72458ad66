// Another machine with a connection that is a value: what is tried again and what is not, and what is told of it.
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {jsonLine} from '../../../src/cli/documents/json-text.ts';
import {snapshotDocument} from '../../../src/cli/documents/snapshot-document.ts';
import {createGates} from '../../../src/cli/remote/gates.ts';
import {createRemoteMachine, type News} from '../../../src/cli/remote/remote-machine.ts';
import {describeSshEnd, sshArguments} from '../../../src/cli/remote/ssh.ts';
import type {Way} from '../../../src/cli/remote/way.ts';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {machineNameTrouble} from '../../../src/core/domain/machine-name.ts';
import type {LineOptions, LinesEnd} from '../../../src/core/os/line-program.ts';
import {inPane, listener, look, pane, process, server, session} from '../../support/world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const observer = {version: '1.0.0', settings: DEFAULT_SETTINGS};
const looked = (monotonicMs = 1000): string =>
  jsonLine(
    snapshotDocument(
      look({monotonicMs, processes: [process(4100, 700, 'claude')], servers: [server('default', [session('work', [pane('%1', 4100)])])]}),
      observer,
    ),
  ).trimEnd();

/** `judgeMs`: as long as dealing with a look takes. */
const connect = (judgeMs = 0, more: Partial<Way> = {}) => {
  const connections: Pick<LineOptions, 'onLines' | 'onEnd'>[] = [];
  const news: News[] = [];
  let ended = 0;
  let now = 0;
  const machine = createRemoteMachine({
    gates: createGates(),
    version: '1.0.0',
    epochMs: () => 0,
    monotonicMs: () => now,
    share: isInFront => (isInFront ? 0.05 : 0.01),
    way: {
      name: 'box',
      through: 'ssh box',
      ...more,
      describeEnd: (end, begun) => describeSshEnd('box', end, begun),
      spot: () => ({because: 'not here'}),
      connect: options => {
        connections.push(options);
        return {
          end: () => {
            ended += 1;
          },
        };
      },
    },
  });
  machine.listen(each => {
    news.push(each);
    now += 'look' in each ? judgeMs : 0;
  });
  const end = (exitCode: number | null, stderr = '', trouble: LinesEnd['trouble'] = null): void =>
    connections.at(-1)?.onEnd({exitCode, signal: null, trouble, stderr});
  const troubles = (): readonly string[] =>
    news.flatMap(each => ('trouble' in each ? [`${each.trouble.because} (${each.trouble.hint})`] : []));
  return {
    machine,
    connections,
    news,
    end,
    troubles,
    ended: () => ended,
    say: (...lines: readonly string[]): number => connections.at(-1)?.onLines(lines) ?? 0,
  };
};

test('a look is judged here, by the settings that came with it', () => {
  const {say, news, machine} = connect();
  say('Welcome to box!', '', looked());
  const [first] = news;
  expect(first !== undefined && 'look' in first && first.look.snapshot.hostname).toBe('box');
  expect(machine.plan({action: 'kill', asked: ['process:999999']})).toHaveProperty('because');
});

test('nobody over there can be asked who uses what listens: never surely left over', () => {
  const {say, news} = connect();
  const vite = process(5000, 1, 'vite', {env: inPane('%12')});
  const left = (monotonicMs: number): string => {
    const snapshot = look({processes: [vite], listeners: [listener(5173, 5000)]});
    return jsonLine(
      snapshotDocument({...snapshot, monotonicMs, uptimeMs: snapshot.uptimeMs - snapshot.monotonicMs + monotonicMs}, observer),
    ).trimEnd();
  };
  say(left(1000));
  say(left(4000));
  const last = news.at(-1);
  const findings = last !== undefined && 'look' in last ? last.look.findings : [];
  expect(findings).toMatchObject([{kind: 'orphan-helper', certainty: 'unknown', subject: 'process:5000'}]);
  expect(findings[0]?.evidence.at(-1)?.fact).toContain('listens on port 5173, and who is connected to it cannot be asked from here');
});

test('a lost connection is tried again, ever more slowly, until it holds', () => {
  const {say, end, connections, troubles} = connect();
  say(looked());
  end(255, 'client_loop: send disconnect: Broken pipe');
  expect(troubles()).toEqual([expect.stringContaining('the connection was lost')]);
  const waits: number[] = [];
  for (let round = 0; round < 80; round += 1) {
    const before = connections.length;
    let waited = 0;
    while (connections.length === before) {
      vi.advanceTimersByTime(1000);
      waited += 1;
    }
    waits.push(waited);
    end(255, 'ssh: connect to host box port 22: Connection refused');
  }
  expect(waits.slice(0, 6)).toEqual([1, 2, 4, 8, 8, 8]);
  expect(waits.slice(-3)).toEqual([60, 60, 60]);
});

test.each([
  ['a refused key', 255, 'me@box: Permission denied (publickey).'],
  ['another host key', 255, 'Host key verification failed.'],
  ['no rigtop', 127, 'sh: 1: rigtop: not found'],
  ['an old rigtop', 2, 'rigtop: unknown flag --follow: rigtop snapshot --help lists its flags'],
  ['no ssh', null, ''],
])('%s waits for a person', (_, code, stderr) => {
  const {machine, end, connections, news} = connect();
  end(code, stderr, code === null ? 'missing' : null);
  vi.advanceTimersByTime(3_600_000);
  expect(connections).toHaveLength(1);
  const [told] = news;
  expect(told).toHaveProperty('trouble.because');
  expect(machine.world()).toBeNull();
  machine.retry();
  expect(connections).toHaveLength(2);
});

test('silence is told, and is over with the next line', () => {
  const {say, troubles, news} = connect();
  say(looked());
  vi.advanceTimersByTime(24_000);
  expect(troubles()).toEqual([]);
  vi.advanceTimersByTime(2000);
  expect(troubles()).toEqual([expect.stringContaining('nothing was heard from it')]);
  say(looked(30_000));
  expect(news.at(-1)).toHaveProperty('look');
});

test('what waits here is no silence of the machine', () => {
  let isWaiting = true;
  const {say, troubles} = connect(0, {isWaiting: () => isWaiting});
  say(looked());
  vi.advanceTimersByTime(26_000);
  expect(troubles()).toEqual([expect.stringContaining('this screen is behind')]);
  say(looked(30_000));
  isWaiting = false;
  vi.advanceTimersByTime(26_000);
  expect(troubles()[1]).toContain('nothing was heard from it');
});

test('a line with nothing but clocks is no new look, until its age may have changed a verdict', () => {
  const {say, news} = connect();
  say(looked());
  const beat = (ms: number): string => JSON.stringify({schema: 'rigtop/snapshot-change@1', monotonicMs: [ms], uptimeMs: [ms], tookMs: [7]});
  say(beat(11_000));
  expect(news.at(-1)).toEqual({quiet: true});
  say(beat(21_000), beat(31_000));
  expect(news.at(-1)).toEqual({quiet: true});
  say(beat(61_500));
  expect(news.at(-1)).toHaveProperty('look.snapshot.monotonicMs', 61_500);
});

test('whoever looks into it finds the same look, however long it was let rest, and in the new connection until that has one', () => {
  const {say, machine, news, end} = connect();
  say(looked());
  const [first] = news;
  const told = first !== undefined && 'look' in first ? first.look : null;
  expect(machine.world()).toEqual(told);
  expect(machine.world()).toBe(machine.world());
  end(255);
  vi.advanceTimersByTime(1000);
  expect(machine.world()?.snapshot.processes.get(4100)?.comm).toBe('claude');
  expect(machine.plan({action: 'kill', asked: ['process:999999']})).toHaveProperty('because');
});

test('once seen, what was seen stays', () => {
  const {say, end, machine} = connect();
  say(looked());
  const seen = machine.world();
  end(255);
  expect(seen).not.toBeNull();
  expect(machine.world()).toBe(seen);
});

test('what it cost is waited for by its share, more shortly while somebody looks into it, and never longer than a calm machine is silent', () => {
  const {say, machine} = connect(12);
  expect(say(looked())).toBe(1_200);
  expect(machine.world()).not.toBeNull();
  expect(say(looked(3_000))).toBe(240);
  expect(say(looked(5_000))).toBe(1_200);
  expect(say(JSON.stringify({schema: 'rigtop/snapshot-change@1', monotonicMs: [6_000]}))).toBe(0);
  expect(connect(3_000).say(looked())).toBe(10_000);
});

test('a look that nobody looks into is let go of: what is kept of it is made into a look again when it is asked for', () => {
  const {say, machine, news} = connect();
  say(looked());
  const [first] = news;
  const judged = first !== undefined && 'look' in first ? first.look : null;
  expect(machine.world()).not.toBe(judged);
  expect(machine.world()).toEqual(judged);
});

const NONSENSE = '{"schema":"rigtop/snapshot-change@1","servers":7}';

test('nonsense ends the connection; the look before it stays, however it came, until a good one comes', () => {
  const {say, ended, troubles, connections, news, machine} = connect();
  say(looked(), NONSENSE);
  expect(news).toMatchObject([{look: {snapshot: {hostname: 'box'}}}, {trouble: {because: expect.stringContaining('cannot read')}}]);
  expect(machine.world()?.snapshot.processes.get(4100)?.comm).toBe('claude');
  expect(troubles()).toEqual([expect.stringContaining('asked again by itself')]);
  expect(ended()).toBe(1);
  vi.advanceTimersByTime(2_000);
  expect(connections).toHaveLength(2);
  say(looked(5_000));
  expect(news.at(-1)).toHaveProperty('look');
});

test('whoever spoils every good look with a bad line is asked ever more seldom', () => {
  const {say, connections} = connect();
  for (let minute = 0; minute < 60; minute += 1) {
    for (let second = 0, before = 0; second < 60; second += 1) {
      if (connections.length > before) {
        before = connections.length;
        say(looked(), NONSENSE);
      }
      vi.advanceTimersByTime(1_000);
    }
  }
  expect(connections.length).toBeLessThan(150);
});

test('what cannot be read from the first line on is another version: it waits for a person', () => {
  const {say, troubles, connections} = connect();
  say('{"schema":"rigtop/snapshot@9"}');
  expect(troubles()).toEqual([expect.stringContaining('update the older one')]);
  vi.advanceTimersByTime(3_600_000);
  expect(connections).toHaveLength(1);
});

test('where lines are kept on their way, those are let go of and others waited for, for as long as none can be read', () => {
  const forgotten: number[] = [];
  const {say, troubles, connections, news} = connect(0, {forget: () => forgotten.push(news.length)});
  say('{"schema":"rigtop/snapshot@9"}');
  expect(forgotten).toEqual([0]);
  vi.advanceTimersByTime(60_000);
  expect(connections).toHaveLength(2);
  // Not that it is silent: that is not what is wrong.
  expect(troubles().filter(words => !words.includes('cannot read'))).toEqual([]);
  say(looked());
  expect(news.at(-1)).toHaveProperty('look');
});

test('a login that never ends greeting is no look', () => {
  const {say, troubles} = connect();
  say(...Array.from({length: 300}, () => 'Welcome!'));
  expect(troubles()).toEqual([expect.stringContaining('cannot read')]);
});

test('a conversation that has gone on for long is begun anew', () => {
  const {say, connections, ended, troubles} = connect();
  const megabyte = looked().padEnd(1024 * 1024);
  for (let round = 0; round < 70 && connections.length === 1; round += 1) {
    say(megabyte);
  }
  expect([connections.length, ended(), troubles().length]).toEqual([2, 1, 0]);
});

test('closed, it is silent', () => {
  const {machine, end, news, connections} = connect();
  machine.close();
  end(255);
  machine.retry();
  vi.advanceTimersByTime(3_600_000);
  expect([news.length, connections.length]).toEqual([0, 1]);
});

test('a host is a host', () => {
  expect(['-oProxyCommand=x', '', 'a b', 'a\nb', 'a\u202eb'].map(machineNameTrouble).every(trouble => trouble !== null)).toBe(true);
  expect(['devbox', 'me@devbox.example', 'ssh://me@devbox:2222', '::1'].map(machineNameTrouble)).toEqual([null, null, null, null]);
  expect(sshArguments('devbox', 2000).slice(-7)).toEqual(['--', 'devbox', 'rigtop', 'snapshot', '--follow', '--interval', '2000ms']);
});
