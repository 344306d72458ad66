import {describe, expect, it} from 'vitest';
import type {Finding} from '../../src/core/domain/finding.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {known, unknown} from '../../src/core/domain/known.ts';
import type {TownRecords} from '../../src/core/domain/town.ts';
import {townInCharge, townsOf} from '../../src/sources/gastown/daemon-duties.ts';
import {townRecord} from '../sources/gastown/town-record.ts';
import {assessAll, look} from '../support/world.ts';

const REF = 'agent:app/fury';

const orphan: Finding = {
  id: 'f-1',
  kind: 'orphan-process',
  severity: 'high',
  certainty: 'sure',
  subject: 'process:77',
  title: '',
  evidence: [],
  processes: [],
  protectedBy: null,
  remedies: ['kill'],
  rig: 'app',
  session: null,
  holds: [],
};

const within = (records: Partial<TownRecords>): Assessment => {
  const town = townRecord({name: 'home', rigs: {app: {prefix: 'ap', polecats: ['fury']}}, records});
  const {assessment} = assessAll([look({towns: [town]})]);
  return {...assessment, findings: [orphan]};
};

const daemonBy = (lockHolder: TownRecords['daemon']['lockHolder']): Partial<TownRecords> => ({
  daemon: {pid: known(null), pidWrittenAt: null, lockHolder, state: known(null), restarts: known([])},
});

describe('a town that has nobody else', () => {
  it('is looked after', () => {
    expect(townInCharge(within({}), REF)).toBeNull();
    expect(townInCharge(within({}), 'process:77', 'f-1')).toBeNull();
  });

  it('so is what is in no town', () => {
    expect(townInCharge(within(daemonBy(known(41))), 'slot:shop/1/web')).toBeNull();
  });
});

describe.each([
  ['its daemon runs', daemonBy(known(41)), 'the daemon 41 of home is in charge'],
  ['nobody knows whether its daemon runs', daemonBy(unknown('/proc/locks: permission denied')), 'unknown: /proc/locks'],
  ['an emergency stop', {estop: known({path: '', trigger: 'manual', at: 0, reason: ''})}, 'emergency stop'],
  ['a shutdown', {shutdown: known(9)}, 'being shut down by 9'],
  ['an unreadable emergency stop', {estop: unknown('permission denied')}, 'unknown'],
])('%s', (_, records, reason) => {
  it('its agents are left to it, and its leftovers too', () => {
    expect(townInCharge(within(records), REF)).toContain(reason);
    expect(townInCharge(within(records), 'process:77', 'f-1')).toContain(reason);
  });
});

it('a mass death concerns the towns of the dead only', () => {
  const assessment = within({});
  expect(townsOf(assessment, [orphan]).map(({name}) => name)).toEqual(['home']);
  expect(townsOf(assessment, [{...orphan, rig: 'elsewhere'}])).toEqual([]);
});
