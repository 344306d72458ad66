// The contract of a source, proven by a slot tool that nobody has: seen, judged, planned for and told by doctor, with nothing of it in src.
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {checkUp, type Surroundings} from '../../src/cli/doctor/checkup.ts';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {LoadedConfig} from '../../src/config/load.ts';
import {isRefusal, type Plan, type PlanRequest} from '../../src/core/domain/plan.ts';
import {assess, emptyMemory} from '../../src/core/judge/assess.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {makePlan} from '../../src/core/plan/make-plan.ts';
import {MARKERS, SOURCES} from '../../src/sources/sources.ts';
import {createScope, type Scope} from '../support/scope.ts';
import {type LookFacts, later, listener, look, pane, process, server, session, settings, verdicts} from '../support/world.ts';
import {berth, parseBerths} from './made-up/berth.ts';

const sources = [...SOURCES, berth];
const repos = [parseBerths('/w/dock', 'service web 7000\nservice api 8000\nberth 1 alpha /w/alpha 100\nberth 2 beta /w/beta\n')];
const served = [process(100, 1, 'vite', {cwd: '/w/alpha'}), process(200, 1, 'vite', {cwd: '/w/beta'})];

const judged = (facts: LookFacts) => {
  const seen = look({repos, ...facts});
  const first = assess(seen, settings, emptyMemory, sources);
  return assess(later(seen, 2000), settings, first.memory, sources).assessment;
};

const planned = (facts: LookFacts, request: PlanRequest): Plan => {
  const answer = makePlan(request, judged(facts), settings, {id: 'c41f', now: 1, sources});
  if (isRefusal(answer)) {
    throw new Error(`${answer.rule}: ${answer.because}`);
  }
  return answer;
};

const stateOf = (facts: LookFacts, ref: string): string | undefined => judged(facts).services.find(service => service.ref === ref)?.state;

describe('read', () => {
  let scope: Scope;
  beforeEach(() => {
    scope = createScope();
  });
  afterEach(() => scope.close());

  const collect = async (text: string) => {
    const root = join(await scope.tempDir(), 'dock');
    await mkdir(root);
    await writeFile(join(root, '.berths'), text);
    const host = createHost({markers: MARKERS, env: {}, cwd: root});
    scope.add(() => host.close());
    const reader = berth.readRecords?.(host, {...DEFAULT_SETTINGS, repos: [root]});
    return reader?.collect({processes: new Map(), servers: [], checkouts: []}, 1000);
  };

  it('from its own file, into the records that every slot tool fills', async () => {
    const told = await collect('service web 7000\nberth 3 alpha /w/alpha\n');
    expect(told?.repos).toMatchObject([{tool: 'berth', name: 'dock', sessions: {value: [{slug: 'alpha', slot: 3}]}}]);
    expect(told?.sources).toMatchObject([{source: 'berth', state: 'ok', detail: '1 berths in use'}]);
  });

  it('as unknown where it is not understood, which doctor tells with the tool’s own cure', async () => {
    const told = await collect('harbour closed\n');
    const seen = look({repos: told?.repos ?? [], sources: told?.sources ?? []});
    const cures = new Map(sources.flatMap(each => [...(each.cures ?? [])]));
    const around = {node: '24.1.0', uid: 1000, checks: [], programs: [], terminal: {}, paths: {}, stateTrouble: null, cures};
    const config = {settings, files: [], problems: [], notes: [], readOnly: false};
    const checks = checkUp(around as unknown as Surroundings, seen, config as unknown as LoadedConfig);
    expect(checks).toContainEqual(
      expect.objectContaining({state: 'trouble', detail: '.berths: what is "harbour"?', cure: 'ask it yourself: berth list'}),
    );
  });
});

describe('judged', () => {
  it('up by its record, by its directory and by the mark in the environment', () => {
    const facts = {processes: served, listeners: [listener(7010, 100), listener(7020, 200)]};
    expect(stateOf(facts, 'slot:dock/1/web')).toBe('up');
    expect(stateOf(facts, 'slot:dock/2/web')).toBe('up');
    const marked = process(300, 1, 'vite', {cwd: '/opt', env: {BERTH_NAME: 'beta', BERTH_NUMBER: '2'}});
    const {services, fleet} = judged({processes: [marked], listeners: [listener(7020, 300)]});
    expect(services.find(({ref}) => ref === 'slot:dock/2/web')?.state).toBe('up');
    expect(fleet.processOwners.get(300)).toMatchObject({slot: {slug: 'beta', slot: 2}, evidence: [{fact: 'BERTH_NAME=beta'}]});
  });

  it('wrong owner, on the port of the neighbour', () => {
    const facts = {processes: served, listeners: [listener(7010, 200)]};
    const {findings} = judged(facts);
    expect(verdicts(findings, 'wrong-owner')).toEqual(['sure slot:dock/1/web']);
    expect(findings.find(({kind}) => kind === 'wrong-owner')?.title).toContain('dock slot 1 (alpha)');
  });

  it('wrong port, down and stray', () => {
    expect(stateOf({processes: served, listeners: [listener(7055, 100)]}, 'slot:dock/1/web')).toBe('wrong-port');
    expect(stateOf({processes: served}, 'slot:dock/1/web')).toBe('down');
    expect(stateOf({processes: served, listeners: [listener(8070, 200)]}, 'slot:dock/7/api')).toBe('stray');
  });

  it('whose sessions are, by its own names and marks; orphaned where no berth is in use', () => {
    const facts = (name: string) => ({
      servers: [server('default', [session(`at-${name}`, [pane('%1', 400)])])],
      processes: [process(400, 700, 'vite', {cwd: '/w/dock', env: {BERTH_NAME: name, BERTH_NUMBER: '4'}})],
      checkouts: {'/w/dock': '/w/dock'},
    });
    expect([...judged(facts('beta')).fleet.sessionOwners.values()]).toMatchObject([{rig: 'dock', slot: {slug: 'beta', slot: 4}}]);
    expect(verdicts(judged(facts('beta')).findings, 'orphan-session')).toEqual([]);
    expect(verdicts(judged(facts('gone')).findings, 'orphan-session')).toEqual(['sure session:default/at-gone']);
  });
});

it('its mark tells that no person started what is left over', () => {
  const left = (env: Readonly<Record<string, string>>) =>
    judged({processes: [process(700_000, 1, 'vite', {cwd: '/w/alpha', env})]}).findings.flatMap(({processes}) =>
      processes.map(({pid}) => pid),
    );
  expect(left({BERTH_NAME: 'gone', BERTH_NUMBER: '7'})).toContain(700_000);
  expect(left({})).not.toContain(700_000);
});

describe('planned', () => {
  it('a flush of one berth ends what is its own, whatever holds its port, and no neighbour', () => {
    const squatter = process(500, 1, 'python', {cwd: '/opt'});
    const away = process(600, 1, 'node', {cwd: '/opt', env: {BERTH_NAME: 'alpha', BERTH_NUMBER: '1'}});
    const facts = {
      processes: [...served, squatter, away],
      listeners: [listener(7010, 500), listener(7020, 200)],
    };
    const plan = planned(facts, {action: 'flush', asked: ['slot:dock/1']});
    expect(plan.targets.map(({pid}) => pid).toSorted((a, b) => a - b)).toEqual([100, 500, 600]);
    expect(plan.vacates).toEqual(['/w/alpha']);
  });

  it('a restart ends the tree and calls the tool', () => {
    const facts = {processes: served, listeners: [listener(7010, 100)], programs: new Map([['berth', '/usr/bin/berth']])};
    const plan = planned(facts, {action: 'restart', asked: ['slot:dock/1/web']});
    expect(plan.targets.map(({pid}) => pid)).toEqual([100]);
    expect(plan.starts).toMatchObject([
      {way: {file: '/usr/bin/berth', args: ['serve', '1', '7010']}, proof: {port: 7010, cwd: '/w/alpha'}},
    ]);
  });

  it('a restart says why nothing is started where the tool is missing', () => {
    const restart = () => planned({processes: served, listeners: [listener(7010, 100)]}, {action: 'restart', asked: ['slot:dock/1/web']});
    expect(restart).toThrow('berth is not on PATH');
  });
});
