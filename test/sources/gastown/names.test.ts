// Socket names and session names of a Gas Town, by the vectors that every implementation shares.
import {describe, expect, test} from 'vitest';
import {parseSessionName, type SessionRegistry, sessionNameOf, townSocketName} from '../../../src/sources/gastown/gastown.ts';

const registry: SessionRegistry = {
  prefixes: new Map([
    ['gt', ['gastown']],
    ['bd', ['beads']],
    ['bd-x', ['beadsx']],
    ['hq', ['knjn']],
  ]),
  town: 'home',
};

const readings = (name: string, of: SessionRegistry = registry): readonly string[] =>
  parseSessionName(name, of).map(({rig, role, name: who, scheme}) => `${scheme} ${rig ?? '-'} ${role} ${who}`);

describe('townSocketName', () => {
  test.each([
    ['/home/u/gt', 'gt-56fe62'],
    ['/srv/My Town', 'my-town-5b5cba'],
    ['/work/gt', 'gt-633ea6'],
  ])('%s → %s', (path, name) => {
    expect(townSocketName(path, path)).toBe(name);
  });

  test('takes the base name of the path as given and the hash of the resolved one', () => {
    expect(townSocketName('/mnt/Link!/', '/home/u/gt')).toBe('link-56fe62');
    expect(townSocketName('/srv/★', '/home/u/gt')).toBe('default-56fe62');
  });
});

describe('parseSessionName', () => {
  test.each([
    ['hq-mayor', 'present - mayor mayor'],
    ['hq-deacon', 'present - deacon deacon'],
    ['hq-boot', 'present - boot boot'],
    ['hq-overseer', 'present - overseer overseer'],
    ['hq-dog-alpha', 'present - dog alpha'],
    ['hq-witness', 'present knjn witness witness'],
    ['gt-witness', 'present gastown witness witness'],
    ['gt-crew-max', 'present gastown crew max'],
    ['gt-fix-auth-bug', 'present gastown polecat fix-auth-bug'],
    ['bd-x-refinery', 'present beadsx refinery refinery'],
  ])('%s is %s', (name, reading) => {
    expect(readings(name)).toEqual([reading]);
  });

  test.each(['hq-dog-', 'gt-crew-', 'dotfiles-main', 'gt-', 'gt', 'hq-', '', 'gtx-witness', 'GT-witness'])('%j is nobody’s', name => {
    expect(readings(name)).toEqual([]);
  });

  test('hq-witness is nobody’s where no rig has the prefix hq', () => {
    expect(readings('hq-witness', {prefixes: new Map([['gt', ['gastown']]]), town: null})).toEqual([]);
  });

  test('names of older schemes are read as what they were, after today’s reading', () => {
    expect(readings('gt-boot')).toEqual(['present gastown polecat boot', 'legacy - boot boot']);
    expect(readings('gt-mayor')).toEqual(['present gastown polecat mayor', 'legacy - mayor mayor']);
    expect(readings('gt-home-mayor')).toEqual(['present gastown polecat home-mayor', 'legacy - mayor mayor']);
    expect(readings('gt-gastown-witness')).toEqual(['present gastown polecat gastown-witness', 'legacy gastown witness witness']);
    expect(readings('gt-gastown-crew-max')).toEqual(['present gastown polecat gastown-crew-max', 'legacy gastown crew max']);
  });

  test('a hyphenated rig of an older scheme is found by the registry, the longest that fits', () => {
    const hyphens: SessionRegistry = {
      prefixes: new Map([
        ['my', ['my-app']],
        ['mw', ['my-app-web']],
      ]),
      town: null,
    };
    expect(readings('gt-my-app-web-refinery', hyphens)).toEqual(['legacy my-app-web refinery refinery']);
    expect(readings('gt-my-app-crew-ann-lee', hyphens)).toEqual(['legacy my-app crew ann-lee']);
    expect(readings('gt-other-witness', hyphens)).toEqual([]);
  });

  test('rigs that share a prefix are all meant', () => {
    const shared: SessionRegistry = {prefixes: new Map([['gt', ['a', 'b']]]), town: null};
    expect(readings('gt-witness', shared)).toEqual(['present a witness witness', 'present b witness witness']);
  });
});

test('sessionNameOf is undone by parseSessionName', () => {
  const agents = [
    {role: 'mayor', name: 'mayor', rig: null},
    {role: 'dog', name: 'alpha', rig: null},
    {role: 'witness', name: 'witness', rig: 'gastown'},
    {role: 'crew', name: 'max', rig: 'gastown'},
    {role: 'polecat', name: 'fix-auth-bug', rig: 'gastown'},
  ] as const;
  for (const {role, name, rig} of agents) {
    expect(parseSessionName(sessionNameOf(role, name, 'gt'), registry)[0]).toMatchObject({role, name, rig});
  }
});
