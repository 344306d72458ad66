// A slot tool that nobody has, on real processes: its wrong owner seen, ended and started again by its own program.
import {chmod, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {performWithHands} from '../../src/cli/acting/perform-with-hands.ts';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {markersOf} from '../../src/core/domain/markers.ts';
import {createEngine} from '../../src/core/engine.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {SOURCES} from '../../src/sources/sources.ts';
import {berth} from '../sources/made-up/berth.ts';
import {isAlive, MARKER} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {startOne, startOrphan} from '../support/throwaway.ts';
import {verdicts} from '../support/world.ts';
import {freeBase, perform, planOf} from './slots-fleet.ts';

let scope: Scope;
beforeEach(() => {
  scope = createScope();
});
afterEach(() => scope.close());

const listening = (port: number, cwd: string) => ({cwd, listen: {host: '127.0.0.1', port}});

/** `berth serve NUMBER PORT`, as such a tool may do it: a server of its own, in the directory it is called in. */
const installTool = async (bin: string, marker: string): Promise<void> => {
  const serve = "require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1')";
  const script = `#!/bin/sh\n${MARKER}=${marker} ${process.execPath} -e "${serve}" "$3" </dev/null >/dev/null 2>&1 &\n`;
  await writeFile(join(bin, 'berth'), script);
  await chmod(join(bin, 'berth'), 0o755);
};

it('sees the wrong owner of a port, frees the berth, and starts it again through its tool', async () => {
  const home = await scope.tempDir();
  const [root = '', alpha = '', beta = '', bin = ''] = ['dock', 'alpha', 'beta', 'bin'].map(name => join(home, name));
  await Promise.all([root, alpha, beta, bin].map(path => mkdir(path)));
  await installTool(bin, scope.marker());
  const base = await freeBase(20);
  const own = await startOne(scope, {name: 'own', cwd: alpha});
  await writeFile(join(root, '.berths'), `service web ${base}\nberth 1 alpha ${alpha} ${own.pid}\nberth 2 beta ${beta}\n`);
  const squatter = await startOrphan(scope, {name: 'squatter', ...listening(base + 10, home)});
  // What it starts bears its marks: this one lives elsewhere and listens nowhere.
  const helper = await startOrphan(scope, {name: 'helper', cwd: home, env: {BERTH_NUMBER: '1', BERTH_NAME: 'alpha'}});
  const neighbour = await startOne(scope, {name: 'neighbour', ...listening(base + 20, beta)});
  const engine = createEngine({
    host: createHost({
      markers: markersOf([...SOURCES, berth]),
      env: {HOME: home, XDG_STATE_HOME: join(home, 'state'), PATH: bin},
      cwd: root,
    }),
    settings: {...DEFAULT_SETTINGS, repos: [root], orphanMinAgeMs: 0, termGraceMs: 2000},
    sources: [...SOURCES, berth],
    makePerform: performWithHands,
  });
  scope.add(() => engine.close());
  const stateOf = ({services}: Assessment, slot: number) => services.find(service => service.slot === slot)?.state;

  const before = await engine.refreshUntilSettled();
  expect([stateOf(before, 1), stateOf(before, 2)]).toEqual(['wrong-owner', 'up']);
  expect(verdicts(before.findings, 'wrong-owner')).toEqual(['sure slot:dock/1/web']);

  await perform(engine, planOf(engine, {action: 'flush', asked: ['slot:dock/1']}));
  expect([squatter, own, helper, neighbour].map(isAlive)).toEqual([false, false, false, true]);
  expect(stateOf(await engine.refresh(), 1)).toBe('down');

  const outcome = await perform(engine, planOf(engine, {action: 'restart', asked: ['slot:dock/1/web']}));
  expect(outcome.started).toMatchObject([{result: 'up'}]);
  expect(stateOf(await engine.refresh(), 1)).toBe('up');
});
