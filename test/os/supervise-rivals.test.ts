// Two that would start the same thing at the same moment, as built programs: it is started once.
import {copyFileSync, existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, beforeEach, expect, test} from 'vitest';
import {parseRecord} from '../../src/supervise/record.ts';
import {supervisePlaces} from '../../src/supervise/supervisor-files.ts';
import {builtBinary} from '../support/built.ts';
import {signalTo} from '../support/marked.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {buildKeepFleet, type KeepFleet} from './supervise-fleet.ts';

let scope: Scope;
let fleet: KeepFleet;

beforeAll(builtBinary);
beforeEach(async () => {
  scope = createScope();
  fleet = await buildKeepFleet(scope);
});
afterEach(() => scope.close());

const REF = 'slot:search/1/web';

/** Until the supervisor of that configuration has looked so often with the service up in the last look. */
const looked = (config: string, times: number) =>
  waitFor(`${times} looks`, () => {
    const path = supervisePlaces(fleet.state, [config]).record;
    const record = existsSync(path) ? parseRecord(readFileSync(path, 'utf8')) : null;
    return (
      record !== null && record.heartbeat.count >= times && record.kept.some(({ref, state}) => ref === REF && state === 'up') && record
    );
  });

test('two supervisors of two configurations', async () => {
  await fleet.openSlot(1);
  const other = join(fleet.rigtop.directory, 'other.toml');
  copyFileSync(fleet.config, other);
  await Promise.all([fleet.start(), fleet.start(['--act'], other)]);
  await Promise.all([looked(fleet.config, 1), looked(other, 1)]);
  const before = fleet.service(1);
  expect(fleet.starts(1)).toBe(1);
  if (before !== null) {
    signalTo(before, 'SIGKILL');
  }
  await fleet.newService(1, before);
  const counts = await Promise.all([looked(fleet.config, 2), looked(other, 2)]);
  await Promise.all([looked(fleet.config, counts[0].heartbeat.count + 3), looked(other, counts[1].heartbeat.count + 3)]);
  expect(fleet.starts(1)).toBe(2);
  expect(fleet.journal().filter(line => line.type === 'outcome' && line.outcome.started.some(({result}) => result === 'up'))).toHaveLength(
    1,
  );
});

test('a supervisor and a person whose plan is from before', async () => {
  await fleet.openSlot(1);
  await fleet.start();
  await looked(fleet.config, 1);
  const before = fleet.service(1);
  expect((await fleet.rigtop.run(['supervise', 'pause'])).code).toBe(0);
  await fleet.recorded('the pause', ({paused}) => paused);
  // What is started again waits behind the gate for its port: both are at it at once.
  fleet.gate(false);
  if (before !== null) {
    signalTo(before, 'SIGKILL');
  }
  await fleet.recorded('the death', ({kept}) => kept.some(({ref, state}) => ref === REF && state === 'down'));
  const {document: plan} = await fleet.rigtop.seen<{id: string}>(['restart', REF, '--dry-run']);
  expect((await fleet.rigtop.run(['supervise', 'resume'])).code).toBe(0);
  await waitFor('the supervisor’s start', () => fleet.starts(1) === 2);
  const late = await fleet.rigtop.run(['apply', plan.id, '--yes']);
  expect(late.code).not.toBe(0);
  fleet.gate(true);
  await fleet.recorded('it up again', ({kept}) => kept.some(({ref, state}) => ref === REF && state === 'up'));
  expect(fleet.starts(1)).toBe(2);
});
