// The alerts of docs/metrics.md in a real Prometheus: "could not look" is told from "nothing there".
import {chmodSync, copyFileSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterEach, beforeAll, expect, test} from 'vitest';
import {builtBinary} from '../../support/built.ts';
import {privateTmux} from '../../support/private-tmux.ts';
import {startPrometheus} from '../../support/prometheus.ts';
import {createScope} from '../../support/scope.ts';
import {waitFor} from '../../support/wait-for.ts';
import {createRigtop} from '../rigtop.ts';

const scope = createScope();

beforeAll(builtBinary);
afterEach(scope.close);

const ALERTS = /```yaml\n(groups:[^`]*)```/.exec(readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8'))?.[1] ?? '';

test('blind sources fire the alert on blindness and not the one for zero agents; no agents the other way round', async () => {
  const tmux = await privateTmux(scope);
  const rigtop = await createRigtop(scope, tmux);
  const claude = join(rigtop.directory, 'claude');
  copyFileSync('/bin/sleep', claude);
  chmodSync(claude, 0o755);
  await tmux.newSession('agent', {command: [claude, '600']});
  const file = join(rigtop.directory, 'rigtop.prom');
  const write = (wanted: number) =>
    waitFor(`metrics with ${wanted}`, async () => (await rigtop.run(['metrics', '--textfile', file])).code === wanted);
  const agents = (): number =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => line.startsWith('rigtop_agents{'))
      .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);

  await write(0);
  const before = agents();
  expect(before).toBeGreaterThan(0);
  const prometheus = await startPrometheus(scope, file, ALERTS);
  const shows = (value: number) =>
    waitFor('Prometheus to show it', async () => (await prometheus.query('min(rigtop_source_known)')).includes(value));
  const settled = (names: readonly string[]) =>
    waitFor(`${names} to fire`, async () => JSON.stringify(await prometheus.firing()) === JSON.stringify(names), {
      describe: async () => JSON.stringify(await prometheus.firing()),
    });
  await shows(1);
  expect(await prometheus.query('sum(rigtop_agents)')).toEqual([before]);
  await settled([]);

  // No agent runs any more, and where it ran cannot be looked at.
  await tmux.killServer();
  chmodSync(dirname(tmux.socket), 0o777);
  await write(3);
  await shows(0);
  await settled(['RigtopBlind']);

  chmodSync(dirname(tmux.socket), 0o700);
  await write(0);
  await shows(1);
  // Beside this test others may run agents on this machine.
  await settled(agents() === 0 ? ['NoAgents'] : []);
});
