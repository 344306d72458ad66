// What a person wrote by hand and is not there is wrong, with what they may have meant; words of the screen are understood.
import {mkdirSync, rmdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {parseFailOn} from '../../src/cli/commands/status.ts';
import {formatFailure, isFailure, refused} from '../../src/cli/failure.ts';
import {parseKinds} from '../../src/cli/kinds.ts';
import {resolveArgument} from '../../src/cli/resolve-argument.ts';
import {parseSince} from '../../src/cli/since.ts';
import type {Finding} from '../../src/core/domain/finding.ts';
import {builtBinary} from '../support/built.ts';
import {createScope} from '../support/scope.ts';
import {startProgram} from '../support/start-program.ts';
import {fleetRecord} from './fleet-record.ts';
import {createRigtop} from './rigtop.ts';

const scope = createScope();
beforeAll(builtBinary);
afterEach(scope.close);

const told = (answer: unknown): string => (isFailure(answer) ? `${answer.exit} ${formatFailure(answer)}` : 'taken');
const finding = (kind: Finding['kind']): Finding => ({kind}) as Finding;

describe('kinds', () => {
  test('a badge’s word means every kind that bears it', () => {
    expect(parseKinds(['orphan'], '--kind')).toEqual(['orphan-session', 'orphan-process', 'orphan-helper', 'orphan-daemon']);
    expect(parseKinds(['ZOMBIE', 'zombie-session'], '--kind')).toEqual(['zombie-session']);
    expect(parseKinds([], '--kind')).toEqual([]);
  });

  test('a wrong one gets the nearest', () => {
    expect(told(parseKinds(['orphans'], '--kind'))).toBe('2 rigtop: --kind knows no kind "orphans": did you mean orphan?');
    expect(told(parseKinds(['dust'], '--kind'))).toContain('it takes orphan-session');
  });

  test('--fail-on takes them too; any and none stand alone', () => {
    const counts = parseFailOn('zombie,wrong-owner');
    expect(isFailure(counts) ? [] : (['zombie-session', 'wrong-owner', 'dead-pane'] as const).map(kind => counts(finding(kind)))).toEqual([
      true,
      true,
      false,
    ]);
    expect(told(parseFailOn('any,none'))).toBe(
      '2 rigtop: --fail-on any stands alone: --fail-on any, or kinds such as --fail-on orphan,wrong-owner',
    );
  });
});

describe('--since', () => {
  test.each(['5', '2026', 'May 5', 'soon', '2026-13-40'])('%s is refused', text => {
    expect(told(parseSince(text, 0))).toContain(`2 rigtop: --since cannot be "${text}"`);
  });

  test.each([
    ['2h', 3_600_000],
    ['1970-01-01T00:00:05Z', 5000],
    ['1970-01-02', 86_400_000],
  ])('%s is taken', (text, moment) => {
    expect(parseSince(text, 3 * 3_600_000)).toBe(moment);
  });
});

describe('near misses', () => {
  const hint = (text: string): string => told(resolveArgument(text, fleetRecord()));

  test.each([
    ['agent:shop/crew/mx', 'did you mean agent:shop/crew/max?'],
    ['agent:shpo/crew/max', 'did you mean agent:shop/crew/max?'],
    ['gt-shop-', 'did you mean session:default/gt-shop-max?'],
    ['session:default/gt-shop', 'did you mean session:default/gt-shop-max?'],
    ['slot:shop/feat', 'did you mean slot:shop/feat-a?'],
    ['rig:shp', 'did you mean rig:shop?'],
  ])('%s', (text, meant) => {
    expect(hint(text)).toContain(meant);
  });

  test('nothing that is near: what there is', () => {
    expect(hint('agent:zzz/qqqqqqqq')).toContain('rigtop status lists what there is');
  });
});

describe('places named by hand that are not there', () => {
  test('are errors in every command, with what reads like them', async () => {
    const rigtop = await createRigtop(scope);
    mkdirSync(join(rigtop.directory, 'work'));
    const refused = async (...argv: string[]): Promise<string> => {
      const {code, stderr} = await rigtop.run(argv);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      return `${code} ${stderr}`;
    };
    const wrong = join(rigtop.directory, 'wrok');
    const meant = `did you mean ${join(rigtop.directory, 'work')}?`;
    expect(await refused('status', '--town', wrong)).toMatch(/^2 .*is not there: did you mean .*\/work\?/);
    expect(await refused('status', '--town', join(rigtop.directory, 'work'))).toContain('has no mayor/town.json');
    expect(await refused('locks', '--repo', wrong)).toContain(meant);
    expect(await refused('cleanup', '--socket', 'nosuch')).toMatch(/^2 .*--socket nosuch: there is no/);
    expect(await refused('flush', wrong)).toContain(meant);
    expect(await refused('--fps', '0')).toMatch(/^2 /);
    expect(await refused('watch', '--interval', '0s')).toMatch(/^2 /);
  });

  test('what still lives in a directory that was removed is found', async () => {
    const rigtop = await createRigtop(scope);
    const gone = join(rigtop.directory, 'gone');
    mkdirSync(gone);
    const {pid} = startProgram(scope, 'sleep', ['60'], {cwd: gone});
    rmdirSync(gone);
    const {document} = await rigtop.seen<{targets: readonly {pid: number}[]}>(['flush', gone, '--dry-run']);
    expect(document.targets.map(target => target.pid)).toEqual([pid]);
  });
});

test('a hint is no part of the command that a message ends in', () => {
  const said = (message: string): string => formatFailure(refused('rule', message, 'rigtop explain says more'));
  expect(said('it is ended with: rigtop flush rig:shop')).toBe(
    'rigtop: it is ended with: rigtop flush rig:shop (rigtop explain says more)',
  );
  expect(said('it is nobody’s')).toBe('rigtop: it is nobody’s: rigtop explain says more');
});
