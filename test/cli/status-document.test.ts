import {describe, expect, test} from 'vitest';
import {statusDocument} from '../../src/cli/documents/status-document.ts';
import {findingSchema, statusSchema} from '../../src/cli/documents/status-schema.ts';
import {narrowTo} from '../../src/cli/narrow-assessment.ts';
import {resolveArgument} from '../../src/cli/resolve-argument.ts';
import type {Thing} from '../../src/core/domain/thing.ts';
import {findingRecord, fleetRecord} from './fleet-record.ts';

const document = (assessment = fleetRecord()) => statusSchema.parse(statusDocument(assessment, {readOnly: false}));

describe('the status document', () => {
  test('is what its schema says, and carries what the contract names', () => {
    const status = document();
    expect(status).toMatchObject({
      schema: 'rigtop/status@1',
      host: 'devbox-3',
      takenAt: '2026-11-20T10:00:00.000Z',
      tookMs: 41,
      readOnly: false,
      counts: {rigs: 1, agents: 1, sessions: 2, findings: 1, orphans: 1, zombies: 0, wrongOwners: 0, unknown: 0},
      rigs: [{ref: 'rig:shop', name: 'shop', origin: 'ecluse', path: '/w/shop', operational: true, because: null}],
    });
    expect(status.agents[0]).toMatchObject({
      ref: 'agent:shop/crew/max',
      session: 'session:default/gt-shop-max',
      pid: 4388,
      startedAt: '2026-11-20T08:53:20.000Z',
      slot: 2,
    });
    expect(status.sessions[0]).toMatchObject({
      ref: 'session:default/gt-shop-max',
      createdAt: '2026-11-20T09:00:00.000Z',
      agent: 'agent:shop/crew/max',
      panes: [{id: '%7', pid: 4387, dead: false, exitStatus: null, command: 'claude', cwd: '/w/shop'}],
    });
    expect(status.services[0]).toMatchObject({state: 'wrong-owner', expected: {pid: 4410}, listeners: [{pid: 5120, startTime: 51_200}]});
  });

  test('a pid that is somebody else by now has no start time', () => {
    const fleet = fleetRecord();
    const [agent] = fleet.fleet.agents;
    const reused = {...fleet, fleet: {...fleet.fleet, agents: agent === undefined ? [] : [{...agent, process: {pid: 4388, startTime: 1}}]}};
    expect(document(reused).agents[0]).toMatchObject({pid: 4388, startedAt: null});
  });

  test('counts go by kind; what is unknown is counted beside', () => {
    const kinds = ['orphan-session', 'orphaned-lock', 'zombie-session', 'zombie-record', 'wrong-owner', 'blind-spot'] as const;
    const findings = kinds.map((kind, index) =>
      findingRecord({id: `f-${index}`, kind, certainty: kind === 'blind-spot' ? 'unknown' : 'sure'}),
    );
    expect(document(fleetRecord({findings})).counts).toMatchObject({findings: 6, orphans: 1, zombies: 2, wrongOwners: 1, unknown: 1});
  });

  test('a creation time that no date can hold does not break the document', () => {
    const fleet = fleetRecord();
    const servers = fleet.snapshot.servers.map(server => ({
      ...server,
      sessions: server.sessions.map(session => ({...session, created: 9e15})),
    }));
    expect(document(fleetRecord({snapshot: {servers}})).sessions[0]?.createdAt).toBe('1970-01-01T00:00:00.000Z');
  });

  test('the finding of the contract is one', () => {
    const example = {
      id: 'f-3c91',
      kind: 'wrong-owner',
      severity: 'high',
      certainty: 'sure',
      subject: 'slot:shop/2/web',
      title: 'port 3102 of shop slot 2 is held by vite 5120 of search-a',
      evidence: [{fact: '3102 = base 3100 + slot 2 × stride 1', source: '.ecluse.toml'}],
      processes: [{pid: 5120, startTime: 812345, command: 'node vite'}],
      protectedBy: null,
      remedies: ['kill', 'flush'],
    };
    expect(findingSchema.parse(example)).toEqual(example);
  });
});

describe('a status of some references', () => {
  const narrowed = (...refs: readonly string[]) => {
    const fleet = fleetRecord();
    return document(narrowTo(fleet, refs.map(ref => resolveArgument(ref, fleet)) as readonly Thing[]));
  };

  test.each([
    ['max', {agents: 1, sessions: 1, services: 0, findings: 0}],
    ['notes', {agents: 0, sessions: 1, services: 0, findings: 0}],
    ['process:5120', {agents: 0, sessions: 0, services: 1, findings: 1}],
    [':3102', {agents: 0, sessions: 0, services: 1, findings: 1}],
    ['slot:shop/2/web', {agents: 0, sessions: 0, services: 1, findings: 1}],
    ['rig:shop', {agents: 1, sessions: 1, services: 1, findings: 1}],
    ['f-3c91', {agents: 0, sessions: 0, services: 1, findings: 1}],
  ])('%s', (ref, counts) => {
    const {agents, sessions, services, findings, sources} = narrowed(ref);
    expect({agents: agents.length, sessions: sessions.length, services: services.length, findings: findings.length}).toEqual(counts);
    expect(sources).toHaveLength(1);
  });
});
