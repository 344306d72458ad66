import {describe, expect, it} from 'vitest';
import type {ConfiguredRig} from '../../../../src/core/domain/settings.ts';
import {identifyServices} from '../../../../src/core/judge/slots/services.ts';
import {
  assessAll,
  type LookFacts,
  listener,
  look,
  ofKind,
  pane,
  process,
  server,
  session,
  settings,
  slotsOf,
} from '../../../support/world.ts';

/** Two claude agents of one rig, told apart by their environment only. */
const polecats = (firstSlot: string, secondSlot: string): LookFacts => ({
  servers: [
    server('default', [
      session('gt-fury', [pane('%1', 100)], {env: {GT_RIG: 'shop', GT_POLECAT: 'fury', POLECAT_SLOT: firstSlot}}),
      session('gt-nux', [pane('%2', 200)], {env: {GT_RIG: 'shop', GT_POLECAT: 'nux', POLECAT_SLOT: secondSlot}}),
    ]),
  ],
  processes: [
    process(100, 700, 'claude --continue', {
      cwd: '/w/shop',
      env: {GT_RIG: 'shop', GT_POLECAT: 'fury', POLECAT_SLOT: firstSlot},
      tty: 'pts/1',
    }),
    process(200, 700, 'claude --continue', {
      cwd: '/w/shop',
      env: {GT_RIG: 'shop', GT_POLECAT: 'nux', POLECAT_SLOT: secondSlot},
      tty: 'pts/2',
    }),
    process(201, 200, 'vite', {cwd: '/w/shop'}),
  ],
  listeners: [listener(3100, 201)],
  checkouts: {'/w/shop': '/w/shop'},
});

const rig: ConfiguredRig = {
  name: 'shop',
  path: '/w/shop',
  session: null,
  slots: 2,
  slotStride: 1,
  services: [{name: 'web', basePort: 3100, command: null}],
};

describe('slots that a town hands out', () => {
  it('are shared when two live agents of one rig have the same', () => {
    const {findings} = assessAll([look(polecats('1', '1'))]).assessment;
    expect(ofKind(findings, 'shared-slot')).toMatchObject([
      {subject: 'slot:shop/1', certainty: 'sure', processes: [{pid: 100}, {pid: 200}]},
    ]);
  });

  it('are not shared when they differ', () => {
    expect(ofKind(assessAll([look(polecats('0', '1'))]).assessment.findings, 'shared-slot')).toEqual([]);
  });

  it('count from 0, and the agent’s own server is its rightful holder', () => {
    const snapshot = look(polecats('1', '0'));
    const {fleet} = assessAll([snapshot]).assessment;
    const services = identifyServices(snapshot, fleet, slotsOf(snapshot, {...settings, rigs: [rig]}));
    expect(services.find(({slot}) => slot === 0)).toMatchObject({port: 3100, state: 'up'});
    expect(services.find(({slot}) => slot === 1)).toMatchObject({port: 3101, state: 'free'});
  });

  it('show a wrong owner when the neighbour’s server has taken the port', () => {
    const snapshot = look(polecats('0', '1'));
    const {fleet} = assessAll([snapshot]).assessment;
    const services = identifyServices(snapshot, fleet, slotsOf(snapshot, {...settings, rigs: [rig]}));
    expect(services.find(({slot}) => slot === 0)).toMatchObject({state: 'wrong-owner', because: expect.stringContaining('shop slot 1')});
  });
});
