import {describe, expect, test} from 'vitest';
import {createPaint} from '../../src/cli/paint.ts';
import {formatReport} from '../../src/cli/report/report.ts';
import type {ReportStyle} from '../../src/cli/report/tables.ts';
import {cutTo, formatTable} from '../../src/cli/table.ts';
import {exactAge} from '../../src/words/ages.ts';
import {findingRecord, fleetRecord, serverRecord, sessionRecord} from './fleet-record.ts';

const STYLE: ReportStyle = {readOnly: false, paint: createPaint(false), columns: null};

const report = (assessment = fleetRecord(), style = STYLE): string => formatReport(assessment, style);

describe('the report', () => {
  test('says first how far it saw, then what is wrong with its evidence, then what there is', () => {
    expect(report().split('\n')).toEqual([
      'devbox-3  10:00:00 UTC, looked for 41 ms',
      'saw tmux default: 1 session',
      '',
      '1 finding: 1 ORPHAN',
      'ORPHAN      process:5120 vite 5120 has lost its agent, holds :3102',
      '            its parent is init (processes)',
      '            f-3c91, can be cured by kill',
      '',
      '1 agent',
      'STATE    AGENT          RUNTIME  SESSION       PID  AGE    SLOT  WHY',
      'RUNNING  shop/crew/max  claude   gt-shop-max  4388  1h06m     2',
      '',
      '1 session without an agent',
      'SESSION        PANES  ATTACHED  RUNS  IN',
      'default/notes      0         0  -     -',
      '',
      '1 service',
      'STATE        SERVICE     SLUG    EXPECTED  ACTUAL  HELD BY         WHY',
      'WRONG-OWNER  shop/2/web  feat-a      3102  3102    5120 node vite  5120 is not below its session',
      '',
    ]);
  });

  test('a machine elsewhere may call itself what it likes: it does not reach the terminal', () => {
    const [head = ''] = report(fleetRecord({snapshot: {hostname: 'x\u001b[201~\u0003\ntouch /tmp/pasted'}})).split('\n');
    expect(head).toContain('touch /tmp/pasted');
    expect([...head].every(character => character >= ' ')).toBe(true);
  });

  test('what is not sure is called unknown, and what protects is named', () => {
    const protectedBy = {rule: 'crew', because: 'max is crew', unlock: 'crew'} as const;
    const text = report(fleetRecord({findings: [findingRecord({certainty: 'unknown', protectedBy, remedies: []})]}));
    expect(text).toContain('UNKNOWN     process:5120 perhaps orphan: vite 5120 has lost its agent');
    expect(text).toContain('protected (crew): max is crew');
    expect(text).not.toContain('can be cured');
  });

  test('nothing wrong is told apart from nothing seen', () => {
    expect(report(fleetRecord({findings: []}))).toContain('Nothing wrong found. Looked at 5 processes and 1 server.');
    const sources = [{source: 'tmux', target: 'work', state: 'unknown', detail: 'did not answer', hint: 'wait', tookMs: 1}] as const;
    const blind = report(fleetRecord({findings: [], snapshot: {sources}}));
    expect(blind).toContain('UNKNOWN  tmux work: did not answer (wait)');
    expect(blind).toContain('Not everything could be observed.');
  });

  test('a subject that its title begins with is named once', () => {
    const findings = [findingRecord({subject: 'agent:shop/max', title: 'agent:shop/max was at work and its session is gone', holds: []})];
    expect(report(fleetRecord({findings}))).toMatch(/^\S+ +agent:shop\/max was at work and its session is gone$/m);
  });

  test('read-only is said in words', () => {
    expect(report(fleetRecord(), {...STYLE, readOnly: true})).toContain('READ-ONLY');
  });

  test('hostile names cannot leave their line', () => {
    const nasty = 'a\u001b[2J\nb\u202ec';
    const servers = [serverRecord(nasty, [sessionRecord(nasty, nasty, 4387)])];
    const findings = [findingRecord({title: nasty, subject: nasty, evidence: [{fact: nasty, source: nasty}]})];
    const text = report(fleetRecord({findings, snapshot: {servers, hostname: 'h'}}));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  test('tables are cut to the terminal', () => {
    const lines = report(fleetRecord({findings: []}), {...STYLE, columns: 60}).split('\n');
    expect(lines.filter(line => line.startsWith('WRONG-OWNER'))).toEqual([expect.stringMatching(/~$/)]);
    expect(Math.max(...lines.filter(line => /^(STATE|WRONG|RUNNING)/.test(line)).map(line => line.length))).toBeLessThanOrEqual(60);
  });
});

test('columns are measured in terminal cells', () => {
  const lines = formatTable(
    ['NAME', 'N'],
    [
      ['日本', {text: '7', align: 'right'}],
      ['x', {text: '12', align: 'right'}],
    ],
    createPaint(false),
    null,
  );
  expect(lines).toEqual(['NAME   N', '日本   7', 'x     12']);
  expect(cutTo('日本語', 4)).toBe('日~');
  expect(cutTo('abc', 3)).toBe('abc');
  expect(cutTo('abc', 0)).toBe('');
});

test.each([
  [-5, '0s'],
  [999, '0s'],
  [12_300, '12s'],
  [240_000, '4m'],
  [11_100_000, '3h05m'],
  [187_200_000, '2d04h'],
])('%d ms is %s', (ms, text) => {
  expect(exactAge(ms)).toBe(text);
});
