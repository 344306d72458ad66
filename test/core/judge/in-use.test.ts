// What looks left over and has a living client is in use: asked of few, remembered for a while, asked again.
import {expect, test} from 'vitest';
import {finish} from '../../../src/core/domain/finish.ts';
import type {Connection} from '../../../src/core/domain/listener.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {createUseWatch} from '../../../src/core/look/connections.ts';
import {assessAll, facts, inPane, later, listener, look, ofKind, process, verdicts} from '../../support/world.ts';

const GONE = inPane('%12');
const vite = process(5000, 1, 'vite', {env: GONE});
const browser = process(6000, 500, '/usr/lib/firefox/firefox');

const findingsWith = (connections: readonly Connection[], processes: readonly Process[] = [vite, browser]) => {
  const snapshot = look({processes, connections});
  return assessAll([snapshot, later(snapshot, 2_000)]).assessment.findings;
};

test('somebody outside is connected: unknown, and the user is named', () => {
  const findings = ofKind(findingsWith([{server: 5000, client: 6000, how: 'port 5173'}]), 'orphan-helper');
  expect(findings).toMatchObject([{certainty: 'unknown', remedies: []}]);
  expect(facts(findings[0])).toContain('firefox 6000 is connected to its port 5173: somebody uses it');
});

test('a client that cannot be told is somebody', () => {
  const findings = findingsWith([{server: 5000, client: null, how: 'socket /run/x.sock'}]);
  expect(verdicts(findings, 'orphan-helper')).toEqual(['unknown process:5000']);
});

test('its own children, and what is left over itself, are no users', () => {
  const child = process(5001, 5000, 'node worker.js', {env: GONE});
  const driven = process(5100, 1, '/opt/chrome/chrome --headless', {env: GONE});
  const connections = [
    {server: 5000, client: 5001, how: 'port 5173'},
    {server: 5000, client: 5100, how: 'port 5173'},
  ];
  expect(verdicts(findingsWith(connections, [vite, child, driven]), 'orphan-helper')).toEqual(['sure process:5000', 'sure process:5100']);
});

test('it leads a session of its own and listens on a unix socket: it made itself a daemon', () => {
  const judged = (left: Process) => {
    const snapshot = look({processes: [left], connections: [], unixServers: [{pid: 5000, path: '/tmp/x.sock'}]});
    return verdicts(assessAll([snapshot, later(snapshot, 2_000)]).assessment.findings, 'orphan-helper');
  };
  expect(judged(vite)).toEqual(['unknown process:5000']);
  expect(judged({...vite, sid: 4000})).toEqual(['sure process:5000']);
  expect(judged(process(5000, 1, '/opt/chrome/chrome --headless', {env: GONE}))).toEqual(['sure process:5000']);
});

test('only what is surely left over is asked, at once and then seldom; what had clients is asked again', () => {
  const questions: (readonly number[])[] = [];
  const watch = createUseWatch({
    connections: function* (servers) {
      yield;
      questions.push(servers);
      return [{server: 5000, client: 6000, how: 'port 5173'}];
    },
  });
  const snapshot = look({processes: [vite, browser]});
  expect(finish(watch.ask(snapshot, {surely: [], perhaps: [5000]}))).toBeNull();
  expect(finish(watch.ask(snapshot, {surely: [5000], perhaps: []}))?.connections).toHaveLength(1);
  expect(watch.remind(later(snapshot, 2_000)).connections).toHaveLength(1);
  expect(finish(watch.ask(later(snapshot, 2_000), {surely: [], perhaps: [5000]}))).toBeNull();
  expect(finish(watch.ask(later(snapshot, 4_000), {surely: [5001], perhaps: [5000]}))?.connections).toHaveLength(1);
  expect(finish(watch.ask(later(snapshot, 60_000), {surely: [], perhaps: [5000, 7000]}))?.connections).toHaveLength(1);
  expect(questions).toEqual([[5000], [5001, 5000], [5000]]);
});

test('where nobody is found the judgement stands, and they are not asked again', () => {
  const answers: (readonly Connection[])[] = [[], [{server: 5000, client: 6000, how: 'port 5173'}], []];
  const connections = function* () {
    yield;
    return answers.shift() ?? [];
  };
  const watch = createUseWatch({connections, unixServers: () => [], outputFiles: () => []});
  const left = {surely: [5000], perhaps: []};
  const snapshot = look({processes: [vite, browser]});
  expect(finish(watch.ask(snapshot, left))).toBeNull();
  expect(finish(watch.ask(watch.remind(later(snapshot, 2_000)), left))).toBeNull();
  expect(answers).toHaveLength(2);
  expect(finish(watch.ask(watch.remind(later(snapshot, 30_000)), left))?.connections).toHaveLength(1);
  // Who was there and is gone is news.
  expect(finish(watch.ask(watch.remind(later(snapshot, 60_000)), left))?.connections).toEqual([]);
});

test('a system that does not tell who is connected changes nothing', () => {
  expect(finish(createUseWatch({}).ask(look(), {surely: [5000], perhaps: []}))).toBeNull();
});

test.each<[string, Partial<Process>, boolean, string]>([
  ['it listens', {sid: 4000}, true, 'unknown'],
  ['it leads a session of its own: it may listen on a unix socket', {}, false, 'unknown'],
  ['neither', {sid: 4000}, false, 'sure'],
])('where nobody can be asked who is connected: %s', (_, more, listens, certainty) => {
  const listeners = listens ? [listener(5173, 5000)] : [];
  const snapshot = look({processes: [{...vite, ...more}], listeners, clientsUntold: true});
  const {findings} = assessAll([snapshot, later(snapshot, 2_000)]).assessment;
  expect(verdicts(findings, 'orphan-helper')).toEqual([`${certainty} process:5000`]);
  expect(facts(findings[0]).includes('cannot be asked from here')).toBe(certainty === 'unknown');
});
