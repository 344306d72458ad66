import {describe, expect, test} from 'vitest';
import {markersOf} from '../../../src/core/domain/markers.ts';
import {AGENT_MARKS} from '../../../src/core/look/index/origin.ts';
import {parseMarkers} from '../../../src/core/os/proc-stat.ts';
import {MARKERS, SOURCES} from '../../../src/sources/sources.ts';

describe('what of an environment is kept', () => {
  test.each(['TMUX', 'GT_ROLE', 'ECLUSE_SLUG', 'ZELLIJ', 'HERDR_PANE_ID', 'VSCODE_PID', 'CLAUDECODE'])('%s is', name => {
    expect(MARKERS.has(name)).toBe(true);
  });

  test.each([
    ...['GT_APIKEY', 'GT_API_KEYS', 'GT_PASS', 'GT_PASSPHRASE', 'GT_PAT', 'GT_AUTH', 'GT_BEARER', 'GT_DSN', 'GT_MYSQL_PWD'],
    ...['GT_KEY_PRIMARY', 'GT_TOKEN', 'ECLUSE_DATABASE_URL', 'ECLUSE_REDIS_URL', 'ECLUSE_DB_PWD', 'BOTMUX_COOKIE'],
    ...['BOTMUX_WEBHOOK_URL', 'VSCODE_PROXY_AUTHORIZATION', 'RIGTOP_ANYTHING', 'ZELLIJ_SECRET', 'HERDR_TOKEN', 'ANTHROPIC_API_KEY'],
    ...['constructor', '__proto__', 'toString', 'tmux', 'TMUX ', ''],
  ])('%s is not', name => {
    expect(MARKERS.has(name)).toBe(false);
  });

  test('of a planted environment only the listed names', () => {
    const planted = 'GT_ROLE=crew\0GT_DSN=mysql://u:p@h\0ECLUSE_SLUG=a\0ECLUSE_DATABASE_URL=postgres://u:p@h\0__proto__=x\0';
    expect(parseMarkers(Buffer.from(planted), MARKERS)).toEqual({GT_ROLE: 'crew', ECLUSE_SLUG: 'a'});
  });

  test('a source adds its names, and none stands in two', () => {
    expect(markersOf([...SOURCES, {markers: ['BERTH_NAME']}])).toEqual(new Set([...MARKERS, 'BERTH_NAME']));
    const added = SOURCES.flatMap(({markers = []}) => markers);
    expect(new Set(added).size).toBe(added.length);
    const marks = SOURCES.flatMap(({slots}) => [slots?.mark?.slot, slots?.mark?.slug, slots?.mark?.rig]).flatMap(name => name ?? []);
    expect([...marks, ...AGENT_MARKS].filter(name => !MARKERS.has(name))).toEqual([]);
  });
});
