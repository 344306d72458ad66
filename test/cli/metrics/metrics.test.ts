import {lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {expositionText} from '../../../src/cli/metrics/exposition.ts';
import {fleetMetrics} from '../../../src/cli/metrics/fleet-metrics.ts';
import {FINDING_KINDS} from '../../../src/core/domain/finding.ts';
import type {Assessment} from '../../../src/core/domain/fleet.ts';
import type {PortUse} from '../../../src/core/domain/port.ts';
import {builtBinary} from '../../support/built.ts';
import {checkMetrics} from '../../support/prometheus.ts';
import {createScope} from '../../support/scope.ts';
import {findingRecord, fleetRecord} from '../fleet-record.ts';
import {createRigtop} from '../rigtop.ts';

const scope = createScope();

beforeAll(builtBinary);
afterEach(scope.close);

const textOf = (assessment: Assessment): string => expositionText(fleetMetrics(assessment, '0.1.0'));

/** Value of one series as it is written. */
const seriesIn = (text: string, series: string): string | undefined =>
  text
    .split('\n')
    .find(line => line.startsWith(`${series} `))
    ?.slice(series.length + 1);

describe('the numbers of a look', () => {
  test('agents are counted once each, by state and by what they do; what there is none of is 0', () => {
    const {fleet, ...rest} = fleetRecord();
    const [agent] = fleet.agents;
    if (agent === undefined) {
      throw new Error('a fleet without an agent');
    }
    const hint = {state: 'asks', since: null, text: 'rm -rf /?', source: 'screen'} as const;
    const agents = [
      {...agent, state: 'running' as const, hint},
      {...agent, state: 'zombie' as const, hint},
    ];
    const text = textOf({...rest, fleet: {...fleet, agents}});
    expect(seriesIn(text, 'rigtop_agents{state="running",hint="asks"}')).toBe('1');
    expect(seriesIn(text, 'rigtop_agents{state="running",hint="busy"}')).toBe('0');
    // A hint is of a running agent.
    expect(seriesIn(text, 'rigtop_agents{state="zombie",hint="none"}')).toBe('1');
    expect(text).not.toContain('rm -rf');
    const sum = text
      .split('\n')
      .filter(line => line.startsWith('rigtop_agents{'))
      .reduce((total, line) => total + Number(line.split(' ')[1]), 0);
    expect(sum).toBe(2);
  });

  test('every kind of finding has a series for either certainty', () => {
    const text = textOf({...fleetRecord(), findings: [findingRecord({kind: 'wrong-owner', certainty: 'sure'})]});
    for (const kind of FINDING_KINDS) {
      expect(seriesIn(text, `rigtop_findings{kind="${kind}",certainty="sure"}`)).toBe(kind === 'wrong-owner' ? '1' : '0');
      expect(seriesIn(text, `rigtop_findings{kind="${kind}",certainty="unknown"}`)).toBe('0');
    }
  });

  test('a source is unknown when one of its targets is; an absent one is known', () => {
    const fleet = fleetRecord();
    const status = (source: string, state: 'ok' | 'absent' | 'unknown') => ({source, target: state, state, detail: '', tookMs: 1});
    const sources = [status('tmux', 'ok'), status('tmux', 'unknown'), status('zellij', 'absent')];
    const text = textOf({...fleet, snapshot: {...fleet.snapshot, sources}});
    expect(seriesIn(text, 'rigtop_source_known{source="tmux"}')).toBe('0');
    expect(seriesIn(text, 'rigtop_source_known{source="zellij"}')).toBe('1');
  });

  test('a process that two findings name counts once, as sure where one of them is', () => {
    const fleet = fleetRecord();
    const [first] = fleet.snapshot.processes.values();
    if (first === undefined) {
      throw new Error('a look without a process');
    }
    const named = [{pid: first.pid, startTime: first.startTime, command: 'x'}];
    const gone = [{pid: first.pid, startTime: first.startTime + 1, command: 'x'}];
    const findings = [
      findingRecord({kind: 'orphan-helper', certainty: 'unknown', processes: named}),
      findingRecord({kind: 'orphan-process', certainty: 'sure', processes: named}),
      findingRecord({kind: 'zombie-session', certainty: 'unknown', processes: gone}),
      findingRecord({kind: 'wrong-owner', certainty: 'sure', processes: named}),
    ];
    const text = textOf({...fleet, findings});
    expect(seriesIn(text, 'rigtop_left_over_memory_bytes{certainty="sure"}')).toBe(String(first.rss));
    expect(seriesIn(text, 'rigtop_left_over_memory_bytes{certainty="unknown"}')).toBe('0');
  });

  test('ports count by the state that the report shows', () => {
    const [port] = fleetRecord().ports;
    const holding = {...(port ?? {}), state: 'orphan'} as PortUse;
    const text = textOf({...fleetRecord(), ports: [holding, {...holding, state: 'undeclared'}, {...holding, state: 'orphan'}]});
    expect(seriesIn(text, 'rigtop_ports{state="orphan"}')).toBe('2');
    expect(seriesIn(text, 'rigtop_ports{state="undeclared"}')).toBe('1');
    expect(seriesIn(text, 'rigtop_ports{state="up"}')).toBe('0');
  });

  test('hostile labels are escaped and bounded, and promtool reads them', async () => {
    const value = `a"b\\c\nd\u001b[2J${'x'.repeat(1_000)}`;
    const text = expositionText([{name: 'rigtop_test', help: 'A test.', samples: [{labels: {name: value}, value: 1.5}]}]);
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toContain('name="a\\"b\\\\c d');
    expect(text.length).toBeLessThan(200);
    await checkMetrics(text);
  });
});

describe('rigtop metrics', () => {
  test('prints what promtool has nothing to complain of', async () => {
    const rigtop = await createRigtop(scope);
    const {code, stdout, stderr} = await rigtop.run(['metrics']);
    expect([0, 3], stderr).toContain(code);
    expect(stdout).toContain('# TYPE rigtop_agents gauge\n');
    await checkMetrics(stdout);
  });

  test('--textfile writes a whole file for everybody to read, in place of the one before and with nothing beside it', async () => {
    const rigtop = await createRigtop(scope);
    const directory = join(rigtop.directory, 'textfile');
    mkdirSync(directory);
    const file = join(directory, 'rigtop.prom');
    writeFileSync(file, 'old', {mode: 0o600});
    const {stdout, stderr} = await rigtop.shell(`umask 077; $RIGTOP metrics --textfile ${file}`);
    expect([stdout, stderr]).toEqual(['', '']);
    expect(lstatSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(directory)).toEqual(['rigtop.prom']);
    await checkMetrics(readFileSync(file, 'utf8'));
  });

  test('--textfile refuses a link and a directory, and says what a missing directory wants', async () => {
    const rigtop = await createRigtop(scope);
    const outside = rigtop.write('outside', 'kept');
    symlinkSync(outside, join(rigtop.directory, 'link.prom'));
    mkdirSync(join(rigtop.directory, 'directory.prom'));
    for (const name of ['link.prom', 'directory.prom']) {
      const {code, stderr} = await rigtop.run(['metrics', '--textfile', join(rigtop.directory, name)]);
      expect([code, stderr.split('\n').length], stderr).toEqual([4, 2]);
    }
    expect(readFileSync(outside, 'utf8')).toBe('kept');
    expect((await rigtop.run(['metrics', '--textfile', join(rigtop.directory, 'nowhere', 'x.prom')])).code).toBe(2);
    expect((await rigtop.run(['metrics', '--textfile', ''])).code).toBe(2);
  });
});
