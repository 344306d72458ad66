// A printed plan is carried out once, however many rigtops want to.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {createPlanStore} from '../../../src/core/act/plan-store.ts';
import {createHost} from '../../../src/core/os/real-host.ts';
import {MARKERS} from '../../../src/sources/sources.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

test('of twelve that claim a plan at the same time exactly one has it', async () => {
  const directory = await scope.tempDir();
  mkdirSync(join(directory, 'plans'), {mode: 0o700});
  writeFileSync(join(directory, 'plans', 'c41f.json'), '{}', {mode: 0o600});
  const host = createHost({markers: MARKERS});
  scope.add(() => host.close());
  const stores = Array.from({length: 12}, () => createPlanStore(host, directory));
  const claims = await Promise.all(stores.map(store => store.claim('c41f')));
  expect(claims.filter(({ok}) => ok)).toHaveLength(1);
  expect(claims.filter(({ok}) => !ok)).toEqual(Array.from({length: 11}, () => ({ok: false, because: 'it was taken just now'})));
  expect(await createPlanStore(host, directory).claim('../x')).toMatchObject({ok: false});
});
