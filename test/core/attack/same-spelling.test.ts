// Directories that only read alike: of a container's mount namespace, or removed and made again under the same name.
import {describe, expect, test} from 'vitest';
import {unknown} from '../../../src/core/domain/known.ts';
import {isRefusal, type Plan, type Refusal} from '../../../src/core/domain/plan.ts';
import {type Process, placeOf} from '../../../src/core/domain/process.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, type LookFacts, listener, look, process, settings} from '../../support/world.ts';
import {shop, slotSession, tree} from '../judge/slots/shop.ts';

const A = tree('feat-a');
const repos = [shop([slotSession('feat-a', 1)])];

const flush = (facts: LookFacts, asked: string): Plan | Refusal =>
  makePlan({action: 'flush', asked: [asked]}, assessAll([look(facts)]).assessment, settings, {id: 'c41f', now: 1, sources: SOURCES});

const pids = (answer: Plan | Refusal): readonly number[] => (isRefusal(answer) ? [] : answer.targets.map(({pid}) => pid));

const contained = (pid: number, cwdApart: string, more: Parameters<typeof process>[3] = {}): Process => ({
  ...process(pid, 1, 'node server.js', more),
  cwd: unknown('it runs in another mount namespace (a container)'),
  cwdApart,
});

describe('a process of another mount namespace', () => {
  test('is not in the directory that it spells alike, and is named', () => {
    const answer = flush({processes: [contained(300, '/srv/app'), process(301, 1, 'node', {cwd: '/srv/app/web'})]}, '/srv/app');
    expect(pids(answer)).toEqual([301]);
    expect(answer).toMatchObject({leftOut: [{ref: 'process:300', rule: 'unknown', because: expect.stringContaining('mount namespace')}]});
  });

  test('is not named by a flush of another place', () => {
    const answer = flush({processes: [contained(300, '/srv/other'), process(301, 1, 'node', {cwd: '/srv/app'})]}, '/srv/app');
    expect(answer).toMatchObject({targets: [{pid: 301}], leftOut: []});
  });

  test('on the port of a slot is nobody that could be told', () => {
    const {services, findings} = assessAll([
      look({repos, processes: [contained(300, A)], listeners: [listener(3101, 300)]}),
      look({repos, processes: [contained(300, A)], listeners: [listener(3101, 300)], monotonicMs: 5000}),
    ]).assessment;
    expect(services).toMatchObject([{state: 'unknown'}]);
    expect(findings.filter(({certainty}) => certainty === 'sure')).toEqual([]);
  });
});

describe('a directory that was removed and made again', () => {
  const old = (pid: number, cwd: string, cwdRemade: string) => process(pid, 1, 'node', {cwd, cwdDeleted: true, cwdRemade});

  test('is not where the old process stands: at it, below it, for the slot and for the path', () => {
    const processes = [old(300, A, A), old(301, `${A}/web`, A), process(302, 1, 'node', {cwd: A})];
    for (const asked of [A, 'slot:shop/1']) {
      const answer = flush({repos, processes}, asked);
      expect(pids(answer)).toEqual([302]);
      expect(answer).toMatchObject({leftOut: [{ref: 'process:300'}, {ref: 'process:301', rule: 'elsewhere'}]});
    }
  });

  test('leaves its process in what lies above both', () => {
    expect(pids(flush({processes: [old(300, '/srv/app/web/dist', '/srv/app/web/dist')]}, '/srv/app'))).toEqual([300]);
  });

  test('and one that is only removed still holds whoever lived in it', () => {
    expect(pids(flush({processes: [process(300, 1, 'node', {cwd: '/srv/app', cwdDeleted: true})]}, '/srv/app'))).toEqual([300]);
  });

  test('owns nobody: its process is of the rig around it alone', () => {
    const rigs = [
      {name: 'app', path: '/srv/app', session: null, slots: 0, slotStride: 1, services: []},
      {name: 'all', path: '/srv/all', session: null, slots: 0, slotStride: 1, services: []},
    ];
    const processes = [old(300, '/srv/app/web', '/srv/app'), old(301, '/srv/all/a/web', '/srv/all/a')];
    const {processOwners} = assessAll([look({processes})], {rigs}).assessment.fleet;
    expect([processOwners.get(300), processOwners.get(301)?.rig]).toEqual([undefined, 'all']);
  });

  test.each([
    ['/srv/app', '/srv/app', '/srv'],
    ['/app/web', '/app', '/'],
  ])('%s below %s speaks for %s', (cwd, cwdRemade, place) => {
    expect(placeOf(old(300, cwd, cwdRemade))).toBe(place);
  });
});
