// A workspace of agents that the product has never heard of: found, judged, planned and told of through the contract alone.
import {describe, expect, test} from 'vitest';
import type {Agent} from '../../src/core/domain/agent.ts';
import {isRefusal, type Plan} from '../../src/core/domain/plan.ts';
import {assess, emptyMemory} from '../../src/core/judge/assess.ts';
import type {Detector} from '../../src/core/judge/detect/detector.ts';
import {makePlan} from '../../src/core/plan/make-plan.ts';
import {noRestart} from '../../src/core/plan/resolved-restart.ts';
import {leave} from '../../src/core/plan/roots.ts';
import {workplacesOf} from '../../src/core/plan/work-at-risk.ts';
import type {Source} from '../../src/core/source.ts';
import {feedLines} from '../../src/store/feed-lines.ts';
import {later, look, pane, process, server, session, settings} from '../support/world.ts';

const ADA = 'agent:mill/ada';

const absent: Agent = {
  ref: 'agent:mill/bob',
  rig: 'mill',
  name: 'bob',
  role: 'agent',
  town: null,
  runtime: null,
  state: 'parked',
  because: 'its shift is over',
  session: null,
  sessionRef: null,
  process: null,
  slot: null,
  evidence: [],
};

const rig = {
  name: 'mill',
  origin: 'discovered',
  path: '/w/mill',
  provenance: 'named',
  town: null,
  operational: true,
  because: null,
} as const;

const claim = {
  town: 'works',
  home: '/w',
  rig,
  role: 'agent',
  name: 'ada',
  agentRef: ADA,
  evidence: [{fact: 'MILL=ada', source: 'roll'}],
} as const;

const silentBell: Detector = {
  kind: 'stale-heartbeat',
  means: '',
  when: [],
  not: [],
  remedy: '',
  detect: ({snapshot}) =>
    snapshot.sources.length > 0
      ? []
      : [
          {
            key: 'bell',
            kind: 'stale-heartbeat',
            severity: 'low',
            subject: ADA,
            title: 'the bell is silent',
            evidence: [],
            processes: [],
            protectedBy: null,
            proof: 'one-look',
            doubt: null,
            remedies: [],
            rig: null,
            session: null,
            holds: [],
          },
        ],
};

const mill: Source = {
  name: 'register',
  rigs: () => [rig],
  sessionClaims: [
    {
      rank: 'registry',
      identify: ({env}, {rigs}) =>
        env.MILL === undefined
          ? null
          : {why: 'claim', claim, role: 'agent', name: 'ada', rig: rigs.claimed(rig), town: 'works', slot: null, evidence: claim.evidence},
    },
  ],
  claimProcess: () => each => (each.env.known && each.env.value.MILL !== undefined ? claim : null),
  expects: ({present}) => (present.has(absent.ref) ? [] : [absent]),
  lossOf: managed => (managed.claim?.home === '/w' ? {title: 'the mill was sold', evidence: [], doubt: null} : null),
  detectors: [silentBell],
  feeds: () => [{home: '/w', name: 'mill', events: [{at: 1, text: 'the wheel stands', grave: true}]}],
  restartAgent: (_world, agent) => (agent.ref === ADA ? noRestart(leave(agent.ref, 'not-restartable', 'ask the miller')) : null),
  workplaces: () => [{agent: ADA, directory: '/w/mill/ada'}],
};

const snapshot = look({
  servers: [server('default', [session('a', [pane('%1', 4001)], {env: {MILL: 'ada'}})])],
  processes: [process(4001, 700, 'claude', {tty: 'pts/1', cwd: '/w/mill/ada', env: {MILL: 'ada'}})],
});
const first = assess(snapshot, settings, emptyMemory, [mill]);
const {assessment} = assess(later(snapshot, 2000), settings, first.memory, [mill]);
const plan = (action: 'kill' | 'restart', asked: string) =>
  makePlan({action, asked: [asked]}, assessment, settings, {id: 'p', now: 0, sources: [mill]});

describe('a workspace that only its source knows', () => {
  test('its agents are there under their names, and those that are expected', () => {
    expect(assessment.fleet.agents.map(({ref, state}) => `${ref} ${state}`)).toEqual([`${ADA} running`, 'agent:mill/bob parked']);
    expect(assessment.fleet.rigs.map(({name}) => name)).toEqual(['mill']);
    expect(assessment.fleet.processOwners.get(4001)).toMatchObject({agent: ADA, rig: 'mill', town: 'works', evidence: claim.evidence});
  });

  test('what it knows to be lost and what its detectors find is found', () => {
    expect(assessment.findings.map(({kind, certainty, title}) => `${kind} ${certainty}: ${title}`)).toEqual([
      'orphan-session sure: the mill was sold',
      'stale-heartbeat sure: the bell is silent',
    ]);
    expect(assess(snapshot, settings, emptyMemory, []).assessment.findings).toEqual([]);
  });

  test('a restart is left to it, and the work of what ends is looked at where it says', () => {
    expect(plan('restart', ADA)).toMatchObject({refused: true, rule: 'not-restartable', because: 'ask the miller'});
    const ending = plan('kill', 'session:default/a');
    expect(isRefusal(ending)).toBe(false);
    expect(workplacesOf(ending as Plan, assessment, [mill])).toEqual([{agent: ADA, directory: '/w/mill/ada'}]);
    expect(workplacesOf(ending as Plan, assessment, [])).toEqual([]);
  });

  test('what it tells of is in the journal', () => {
    expect(feedLines(null, assessment)).toEqual([{at: 1, text: 'mill: the wheel stands', tone: 'warning'}]);
  });
});
