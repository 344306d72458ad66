import {expect, test} from 'vitest';
import {checkUp, type Surroundings} from '../../src/cli/doctor/checkup.ts';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {LoadedConfig} from '../../src/config/load.ts';
import {checkTmux} from '../../src/sources/tmux/read/tmux-checkup.ts';
import {fleetRecord, serverRecord} from './fleet-record.ts';

const AROUND: Surroundings = {
  version: '1.0.0',
  node: '24.1.0',
  platform: 'linux x64',
  uid: 1000,
  checks: [{about: 'tmux', state: 'ok', detail: '3.4', cure: null}],
  cures: new Map([['tmux', 'look why it hangs']]),
  programs: [{name: 'git', path: '/usr/bin/git', for: 'x'}],
  terminal: {term: 'xterm', isTerminal: true, unicode: true, color: true},
  paths: {directory: '/s', journal: '/s/journal.jsonl', plans: '/s/plans'},
  stateTrouble: null,
};

const CONFIG = {settings: DEFAULT_SETTINGS, files: ['/c.toml'], problems: [], notes: [], readOnly: false} as unknown as LoadedConfig;

const lines = (around: Partial<Surroundings> = {}, assessment = fleetRecord(), config: Partial<LoadedConfig> = {}): readonly string[] =>
  checkUp({...AROUND, ...around}, assessment.snapshot, {...CONFIG, ...config}).map(
    ({about, state, detail, cure}) => `${state} ${about}: ${detail}${cure === null ? '' : ` -> ${cure}`}`,
  );

test('a healthy machine has no trouble', () => {
  expect(lines().filter(line => !line.startsWith('ok'))).toEqual([]);
});

test('every trouble comes with a cure', async () => {
  const sources = [
    {source: 'tmux', target: 'work', state: 'unknown', detail: 'did not answer', tookMs: 1},
    {source: 'processes', target: 'table', state: 'unknown', detail: 'hidepid', tookMs: 1},
  ] as const;
  const servers = [serverRecord('old', [], {state: 'absent'}), serverRecord('older', [], {state: 'absent'})];
  const {snapshot} = fleetRecord({snapshot: {servers}});
  const missing = {stdout: '', stderr: '', exitCode: null, trouble: 'missing', tookMs: 1} as const;
  const sick = lines(
    {node: '20.1.0', checks: await checkTmux({run: async () => missing}, snapshot), stateTrouble: '/s is not yours to write'},
    fleetRecord({snapshot: {sources, processesComplete: false}}),
    {problems: [{file: '/c.toml', line: 3, key: 'interval', message: 'is wrong'}]},
  );
  const troubles = sick.filter(line => line.startsWith('trouble'));
  expect(troubles.map(line => line.split(':')[0])).toEqual([
    'trouble tmux',
    'trouble process table',
    'trouble tmux work',
    'trouble processes table',
    'trouble config',
    'trouble state',
  ]);
  expect(troubles.every(line => line.includes(' -> '))).toBe(true);
  expect(sick).toContain('note stale sockets: 2 socket files with no server behind -> harmless; they can be removed');
  expect(sick.find(line => line.startsWith('note Node'))).toContain('22.12');
});
