// Words from elsewhere that every object answers to, and detectors that break: neither may end the look.

import {describe, expect, test} from 'vitest';
import {ownValue} from '../../../src/core/domain/own-value.ts';
import {assess, emptyMemory} from '../../../src/core/judge/assess.ts';
import type {Detector} from '../../../src/core/judge/detect/detector.ts';
import {wrongOwner} from '../../../src/core/judge/detect/wrong-owner.ts';
import {isToldToStay} from '../../../src/core/judge/programs/side-programs.ts';
import {scriptOf} from '../../../src/core/look/index/program-of.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {inPane, listener, look, process, settings, settled, verdicts} from '../../support/world.ts';
import {native, shop, slotSession, tree} from '../judge/slots/shop.ts';

const INHERITED = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf', '__defineGetter__'];

describe.each(INHERITED)('%s', word => {
  test('as the name of a program or a script', () => {
    const programs = [
      process(4001, 1, [word, 'x'], {comm: 'sleep'}),
      process(4002, 1, ['node', `/tmp/${word}.js`]),
      process(4003, 1, ['npx', word]),
      process(4004, 1, ['python3', '-m', word]),
    ];
    expect(() => programs.map(({argv}) => scriptOf(argv))).not.toThrow();
    expect(programs.map(isToldToStay)).toEqual([false, false, false, false]);
    const left = process(4388, 1, 'claude --continue', {env: inPane('%12'), cwd: '/home/u/w/shop'});
    expect(verdicts(settled(look({processes: [...programs, left]})), 'orphan-process')).toEqual(['sure process:4388']);
  });

  test('as the name of a service, a slug, a session, a directory', () => {
    const repo = shop([slotSession(word, 1)], [native(word, 3100)]);
    const services = assess(look({repos: [repo], listeners: [listener(3101)]}), settings, emptyMemory, SOURCES).assessment.services;
    expect(services).toMatchObject([{service: word, port: 3101}]);
    const processes = [process(4001, 1, 'claude', {cwd: tree(word), env: {GT_RIG: word, GT_ROLE: word, ECLUSE_SLUG: word}})];
    expect(() => settled(look({repos: [repo], processes}))).not.toThrow();
  });

  test('as a name to look up', () => {
    expect(ownValue({a: 1}, word)).toBeUndefined();
    expect(ownValue(JSON.parse(`{"${word}":1}`), word)).toBe(1);
  });
});

describe('a detector that breaks', () => {
  const breaking: Detector = {
    ...wrongOwner,
    detect: () => {
      throw new TypeError('spread of\n\u001b[31mnothing');
    },
  };
  const left = process(4388, 1, 'claude --continue', {env: inPane('%12')});
  const {assessment} = assess(look({processes: [left]}), settings, emptyMemory, [...SOURCES, {name: 'broken', detectors: [breaking]}]);

  test('is a blind spot of its own', () => {
    expect(assessment.findings.filter(({kind}) => kind === 'blind-spot')).toMatchObject([
      {subject: 'source:rigtop/wrong-owner', certainty: 'unknown', severity: 'high', title: expect.stringContaining('spread of')},
    ]);
    expect(assessment.findings.some(({title}) => title.includes('\u001b'))).toBe(false);
  });

  test('makes the answer incomplete', () => {
    expect(assessment.snapshot.sources).toMatchObject([{source: 'rigtop', target: 'wrong-owner', state: 'unknown'}]);
  });

  test('takes nothing from the others', () => {
    expect(assessment.findings.some(({kind}) => kind === 'orphan-process')).toBe(true);
  });
});
