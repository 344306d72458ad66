// A tmux server that stands still is not asked, and whatever happens in it is seen at the next look.

import {readFileSync} from 'node:fs';
import {afterEach, describe, expect, test} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {Session} from '../../src/core/domain/multiplexer.ts';
import type {Snapshot} from '../../src/core/domain/snapshot.ts';
import {type Collector, createCollector} from '../../src/core/look/collector.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS, SOURCES} from '../../src/sources/sources.ts';
import {signalTo} from '../support/marked.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {pause, waitFor} from '../support/wait-for.ts';

const scope = createScope();
afterEach(scope.close);

interface Watch {
  readonly tmux: PrivateTmux;
  readonly collector: Collector;
  /** Programs run since the last call. */
  asked(): number;
  /** Looks until one asks nobody. */
  settle(): Promise<Snapshot>;
}

const open = async (over: (real: Host) => Partial<Host> = () => ({})): Promise<Watch> => {
  const tmux = await privateTmux(scope);
  await tmux.newSession('one', {command: ['sleep', '86400']});
  const real = createHost({markers: MARKERS, env: {...tmux.env, TMUX: undefined}});
  scope.add(real.close);
  let count = 0;
  const run: Host['run'] = (file, args, options) => {
    count += 1;
    return real.run(file, args, options);
  };
  const collector = createCollector({...real, run, ...over(real)}, {...DEFAULT_SETTINGS, sockets: [tmux.socket]}, SOURCES, {
    deadlineMs: 5000,
  });
  const asked = (): number => {
    const seen = count;
    count = 0;
    return seen;
  };
  const settle = (): Promise<Snapshot> =>
    waitFor('a look that asks nobody', async () => {
      asked();
      const seen = await collector.look();
      return asked() === 0 ? seen : null;
    });
  return {tmux, collector, asked, settle};
};

const sessionsOf = ({servers}: Snapshot): readonly Session[] => servers.flatMap(({sessions}) => sessions);

describe('a server that has not run', () => {
  test('is not asked, and the age of its answer is told', async () => {
    const {settle} = await open();
    const seen = await settle();
    expect(sessionsOf(seen).map(({name}) => name)).toEqual(['one']);
    expect(seen.sources.find(({source}) => source === 'tmux')?.ageMs).toBeGreaterThan(0);
  });

  test('is asked by a whole look', async () => {
    const {collector, settle, asked} = await open();
    await settle();
    const seen = await collector.look({whole: true});
    expect(asked()).toBeGreaterThan(0);
    expect(seen.sources.find(({source}) => source === 'tmux')).not.toHaveProperty('ageMs');
  });

  test('and whatever is done to it is seen at the next look', async () => {
    const {tmux, collector, settle} = await open();
    const [before] = sessionsOf(await settle());
    await tmux.run('rename-session', '-t', 'one', 'other');
    expect(sessionsOf(await collector.look()).map(({name}) => name)).toEqual(['other']);
    await settle();
    await tmux.newSession('more', {command: ['sleep', '86400']});
    expect(sessionsOf(await collector.look()).map(({name}) => name)).toEqual(['more', 'other']);
    await settle();
    const pid = before?.panes[0]?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    await waitFor('the pane to be gone', async () => (await tmux.panes()).every(pane => pane.pid !== pid));
    expect(sessionsOf(await collector.look()).map(({name}) => name)).toEqual(['more']);
  });

  test('nor one that is stopped: that is said instead', async () => {
    const {tmux, collector, settle} = await open();
    await settle();
    const server = await tmux.serverProcess();
    await settle();
    signalTo(server, 'SIGSTOP');
    try {
      // The table may be older than the signal by a moment: then the look after it tells.
      await waitFor(
        'the server to be found stopped',
        async () => (await collector.look()).servers[0]?.because.includes('is stopped') === true,
        {deadlineMs: 30_000},
      );
    } finally {
      signalTo(server, 'SIGCONT');
    }
  });
});

test.each([
  ['a kernel that counts no runs', {pulses: {read: () => null, excuse: async () => undefined}}],
  ['a system that never tells, as macOS', {pulses: undefined}],
])('%s: every look asks', async (_, over) => {
  const {collector, asked} = await open(() => over as Partial<Host>);
  for (let look = 0; look < 4; look += 1) {
    asked();
    await collector.look();
    expect(asked()).toBeGreaterThan(0);
  }
});

test('a server that runs all the time is asked at every look, once', async () => {
  const {tmux, collector, asked} = await open();
  await tmux.newSession('busy', {command: ['sh', '-c', 'while :; do echo x; sleep 0.01; done']});
  const pid = (await collector.look()).servers[0]?.pid ?? 0;
  const runs = (): string => readFileSync(`/proc/${pid}/schedstat`, 'utf8');
  for (let look = 0; look < 4; look += 1) {
    const before = runs();
    await waitFor('the server to run', () => runs() !== before);
    asked();
    await collector.look();
    expect(asked()).toBe(1);
  }
});

test('what a server that has not run has in its environments is left alone for longer, and asked for again as soon as it has run', async () => {
  let later = 0;
  const {tmux, collector, asked, settle} = await open(real => ({monotonicMs: () => real.monotonicMs() + later}));
  await tmux.newSession('gt-rig-ann', {command: ['sleep', '86400']});
  // Half a second after a pane has come up tmux looks what its window is to be called: what is read before is read again.
  const {pid} = await tmux.serverProcess();
  await waitFor('the server to rest', async () => {
    const before = readFileSync(`/proc/${pid}/schedstat`, 'utf8');
    await pause(800);
    return readFileSync(`/proc/${pid}/schedstat`, 'utf8') === before;
  });
  await settle();
  // On a busy machine our own client goes too late to be told from others, and then the server counts as having run.
  await waitFor('its environments to be left alone', async () => {
    later += 31_000;
    asked();
    await collector.look();
    return asked() === 1;
  });
  await tmux.run('set-environment', '-t', 'gt-rig-ann', 'GT_RIG', 'elsewhere');
  const seen = await collector.look();
  expect(asked()).toBe(2);
  expect(sessionsOf(seen)[0]?.env).toEqual({GT_RIG: 'elsewhere'});
});

test('another server with the same pid is asked, whatever it has counted', async () => {
  let start = '1';
  const {collector, asked, settle} = await open(({pulses}) => ({
    pulses: {
      read: pid => {
        const pulse = pulses?.read(pid) ?? null;
        return pulse === null ? null : `${start} ${pulse.slice(pulse.indexOf(' ') + 1)}`;
      },
      excuse: async (pid, before) => pulses?.excuse(pid, before === null ? null : pulses.read(pid)),
    },
  }));
  await settle();
  start = '2';
  await collector.look();
  expect(asked()).toBe(1);
});

test('a server in the place of another is another', async () => {
  const {tmux, collector, settle} = await open();
  await settle();
  await tmux.killServer();
  await tmux.newSession('new', {command: ['sleep', '86400']});
  expect(sessionsOf(await collector.look()).map(({name}) => name)).toEqual(['new']);
});
