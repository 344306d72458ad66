// Whose the process at a pane's pid is: one rule for the verdict about a session and for the plan that ends it.
import {describe, expect, it} from 'vitest';
import {DEFAULT_SETTINGS} from '../../../src/config/defaults.ts';
import {isRefusal} from '../../../src/core/domain/plan.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {indexLook} from '../../../src/core/look/index/look.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, look, type ProcessFacts, pane, process, server, session} from '../../support/world.ts';

const SERVER = 700;

/** What the index, the verdict and the plan make of a pane's first process: whether it is the pane's own. */
const judged = (facts: ProcessFacts, serverPid: number | null = SERVER) => {
  const head: Process = process(1001, SERVER, 'claude', {sid: 1001, ...facts});
  const held = session('w', [pane('%1', 1001, {tty: 'pts/1'})]);
  const snapshot = look({processes: [head], servers: [server('default', [held], {pid: serverPid})]});
  const {assessment} = assessAll([snapshot]);
  const made = makePlan({action: 'kill', asked: ['session:default/w']}, assessment, DEFAULT_SETTINGS, {id: 'p', now: 0, sources: SOURCES});
  return {
    index: indexLook(snapshot).panes.byPid.has(1001),
    verdict: assessment.fleet.agents.some(({session: in_, process: at}) => in_ !== null && at?.pid === 1001),
    plan: !isRefusal(made) && made.targets.some(({pid}) => pid === 1001),
  };
};

const OWN = {index: true, verdict: true, plan: true};
const NOT_TOLD = {index: false, verdict: false, plan: false};

describe('the process at a live pane’s pid is the pane’s own', () => {
  it.each<[string, ProcessFacts, number | null]>([
    ['a child of the server at the pane’s terminal', {tty: 'pts/1'}, SERVER],
    ['a child of the server without a terminal', {tty: null}, SERVER],
    ['a child of the server at another terminal', {tty: 'pts/9'}, SERVER],
    ['at the pane’s terminal, its parent gone', {tty: 'pts/1', ppid: 1}, SERVER],
    ['at the pane’s terminal of a server that tells no pid', {tty: 'pts/1', ppid: 1}, null],
  ])('%s', (_, facts, serverPid) => {
    expect(judged(facts, serverPid)).toEqual(OWN);
  });
});

describe('where neither parent nor terminal bears it out, nobody takes it for the pane’s', () => {
  it.each<[string, ProcessFacts, number | null]>([
    ['without a terminal, below another parent', {tty: null, ppid: 880}, SERVER],
    ['without a terminal, and the server tells no pid', {tty: null, ppid: 1}, null],
    ['at another terminal, below another parent', {tty: 'pts/9', ppid: 890}, SERVER],
    ['at another terminal, and the server tells no pid', {tty: 'pts/9'}, null],
  ])('%s', (_, facts, serverPid) => {
    expect(judged(facts, serverPid)).toEqual(NOT_TOLD);
  });
});
