// A report on a host and its container counts each process once, and agrees with the screen over the same looks.
import {expect, test} from 'vitest';
import {fleetDocument, type MachineLook} from '../../src/cli/documents/fleet-document.ts';
import {seenOnce} from '../../src/cli/documents/seen-once.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Snapshot} from '../../src/core/domain/snapshot.ts';
import {EMPTY_VIEW, viewFleet} from '../../src/store/fleet-view.ts';
import {createJoiner} from '../../src/store/join-views.ts';
import {assessAll, later, look, pane, process, server, session} from '../support/world.ts';

const judge = (seen: Snapshot): Assessment => assessAll([seen, later(seen, 2_000)]).assessment;

const HOST_SPACE = 1;
const BOX_SPACE = 77;

/** An agent of the host, and one of the container with a dead child, as the host sees them. */
const onHost = (): Assessment =>
  judge(
    look({
      bootId: 'b',
      self: {...look({}).self, pidNamespace: HOST_SPACE},
      processes: [
        process(4100, 700, 'claude'),
        process(5010, 1, 'claude', {startTime: 110, inside: `${BOX_SPACE}:11`}),
        process(5011, 5010, 'sh', {startTime: 120, state: 'Z', inside: `${BOX_SPACE}:12`}),
      ],
      servers: [server('default', [session('work', [pane('%1', 4100)])])],
    }),
  );

const inBox = (): Assessment =>
  judge(
    look({
      bootId: 'b',
      self: {...look({}).self, pidNamespace: BOX_SPACE},
      processes: [process(11, 700, 'claude', {startTime: 110}), process(12, 11, 'sh', {startTime: 120, state: 'Z'})],
      servers: [server('default', [session('box', [pane('%1', 11)])])],
    }),
  );

const lookOf = (name: string, look: Assessment): MachineLook => ({
  name,
  isHere: name === 'here',
  answer: {look, seenAt: 0, version: '1.0.0', trouble: null},
});

const reported = (machines: readonly MachineLook[]) =>
  fleetDocument({host: 'here', takenAt: 0, now: 0, machines: seenOnce(machines), troubles: [], readOnly: false});

test('a container’s agents and findings are its own, and the screen counts the same', () => {
  const [host, box] = [onHost(), inBox()];
  const document = reported([lookOf('here', host), lookOf('box', box)]);
  const agents = document.machines.map(({status}) => status?.agents.map(({pid}) => pid));
  expect(agents).toEqual([[4100], [11]]);
  const stand = {name: 'box', line: 'live', because: '', ageSeconds: null, view: viewFleet(box, EMPTY_VIEW), world: () => box} as const;
  const screen = createJoiner().join(viewFleet(host, EMPTY_VIEW), [stand], []);
  expect(document.counts.agents).toBe(screen.header.agents);
  expect(document.counts.findings).toBe(screen.orphans.length);
  expect(document.machines.flatMap(({status}) => status?.findings ?? []).length).toBe(screen.orphans.length);
  const rigs = document.machines.reduce((sum, {status}) => sum + (status?.counts.rigs ?? 0), 0);
  expect(rigs).toBe(screen.header.rigs);
});

test('one system under two names is reported once, under the first; other systems stay as they are', () => {
  const [box, elsewhere] = [inBox(), judge({...inBox().snapshot, bootId: 'another'})];
  const machines = [lookOf('here', box), lookOf('again', inBox()), lookOf('far', elsewhere)];
  const [first, second, third] = seenOnce(machines);
  expect([first, third]).toEqual([machines[0], machines[2]]);
  expect(second?.answer).toMatchObject({look: {fleet: {agents: [], rigs: []}, findings: [], snapshot: {servers: [{sessions: []}]}}});
});

test('what cannot be seen stays unknown', () => {
  const lost: MachineLook = {name: 'lost', isHere: false, answer: {because: 'no route', hint: 'wait'}};
  expect(seenOnce([lookOf('here', inBox()), lost])[1]).toBe(lost);
});

test('who sees it now tells it: a machine that cannot be seen any more hides nothing', () => {
  const lost = lookOf('box', inBox());
  const before: MachineLook = {...lost, answer: {...lost.answer, trouble: {because: 'no route', hint: 'wait'}}};
  const [host, box] = seenOnce([lookOf('here', onHost()), before]);
  expect(host?.answer).toMatchObject({look: {findings: onHost().findings}});
  expect(box?.answer).toMatchObject({look: {fleet: {agents: [{process: {pid: 11}}]}, findings: []}});
});

test('another verdict on the same process is another finding', () => {
  const [first, ...more] = inBox().findings;
  const box = {...inBox(), findings: first === undefined ? more : [{...first, kind: 'wrong-owner' as const}, ...more]};
  const document = reported([lookOf('here', onHost()), lookOf('box', box)]);
  expect(document.machines.map(({status}) => status?.findings.map(({kind}) => kind))).toEqual([
    onHost().findings.map(({kind}) => kind),
    ['wrong-owner'],
  ]);
});
