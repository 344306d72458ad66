import {expect, test} from 'vitest';
import {EMPTY_VIEW} from '../../src/store/fleet-view.ts';
import {FIRST_LESSON, isLearnt, type Lesson, lessonStep, lookAgain} from '../../src/store/lesson-state.ts';
import type {FleetView, Row} from '../../src/store/rows.ts';
import {LESSON_STEPS, type LessonStep, lessonOver, lessonWords} from '../../src/words/lesson.ts';

const row = (fields: Row['fields']): Row => ({
  key: JSON.stringify(fields),
  ref: '',
  badge: {word: '', tone: 'plain'},
  cells: {},
  fields,
  order: {severity: 0, name: '', age: 0, cpu: 0, memory: 0, idle: 0, pid: 0, port: 0},
  measures: {cpu: null, memory: null},
  problem: true,
  barred: null,
  unmarkable: null,
  eligible: false,
  remedy: 'kill',
  depth: 0,
  session: null,
});

const KIND: Readonly<Record<LessonStep, string>> = {
  'wrong-owner': 'wrong-owner',
  asks: '',
  'zombie-session': 'zombie-session',
  'stale-lock': 'stale-lock',
  orphan: 'orphan-helper',
};

/** A look at a fleet with these troubles. */
const view = (steps: readonly LessonStep[], certainty = 'sure', more: readonly Row[] = []): FleetView => ({
  ...EMPTY_VIEW,
  agents: steps.includes('asks') ? [row({state: ['asks', 'running']})] : [],
  orphans: [...steps.filter(step => step !== 'asks').map(step => row({kind: [KIND[step]], state: [certainty]})), ...more],
});

const looks = (...views: readonly FleetView[]): Lesson => views.reduce(lookAgain, FIRST_LESSON);

test('nothing is taught before a trouble is sure, and what no look has shown is not cured', () => {
  expect(lessonStep(looks(view([])))).toBeNull();
  expect(lessonStep(looks(view(['wrong-owner'], 'unknown')))).toBeNull();
  expect(isLearnt(looks(view([]), view([])))).toBe(false);
  expect(lessonStep(looks(view(['orphan'])))).toBe('orphan');
  expect(lessonStep(looks(view(['orphan']), view(LESSON_STEPS)))).toBe('wrong-owner');
});

test('what is gone is cured, in whatever order, and the lesson goes on with the first that is left', () => {
  const first = looks(view(LESSON_STEPS));
  expect(lessonStep(first)).toBe('wrong-owner');
  const swept = lookAgain(first, view(['asks']));
  expect(lessonStep(swept)).toBe('asks');
  expect([...swept.cured]).toEqual(['wrong-owner', 'zombie-session', 'stale-lock', 'orphan']);
  const learnt = lookAgain(swept, view([]));
  expect(isLearnt(learnt)).toBe(true);
  expect(lessonStep(learnt)).toBeNull();
});

test('what comes back is to be cured again', () => {
  expect(lessonStep(looks(view(LESSON_STEPS), view(['orphan']), view(['asks', 'orphan'])))).toBe('asks');
});

test('a look in doubt cures nothing: an unsure verdict, mass death, a source that did not answer', () => {
  const first = looks(view(LESSON_STEPS));
  expect(lookAgain(first, view(LESSON_STEPS, 'unknown'))).toBe(first);
  expect(lookAgain(first, view([], 'sure', [row({kind: ['mass-death'], state: ['sure']})]))).toBe(first);
  expect(lookAgain(first, {...view([]), header: {...EMPTY_VIEW.header, blind: ['tmux demo: did not answer']}})).toBe(first);
});

test('an unchanged look is the same lesson, and what was read is forgotten with its step', () => {
  const read: Lesson = {...looks(view(LESSON_STEPS)), read: true};
  expect(lookAgain(read, view(LESSON_STEPS))).toBe(read);
  expect(lookAgain(read, view(LESSON_STEPS.slice(0, 4))).read).toBe(true);
  expect(lookAgain(read, view(LESSON_STEPS.slice(1))).read).toBe(false);
});

const KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'panel-ports': '2',
    'panel-agents': '3',
    'panel-orphans': '4',
    explain: 'd',
    stop: 'x',
    attach: 'a',
    restart: 'r',
    cleanup: 'C',
    confirm: 'y',
    help: '?',
    quit: 'q',
    'next-need': 'n',
    'plan-bottom': 'G',
  }),
);
const key = (action: string): string => KEYS.get(action) ?? `no key for ${action}`;

test('every line has its place beside its number on a phone', () => {
  const stands = [
    ...(['elsewhere', 'panel', 'row', 'reading', 'covered', 'running', 'done'] as const).map(at => ({at})),
    {at: 'plan' as const, endSeen: false, typed: '', toType: 12},
    {at: 'plan' as const, endSeen: true, typed: '1', toType: 12},
    {at: 'plan' as const, endSeen: true, typed: '12', toType: 12},
  ];
  const said = LESSON_STEPS.flatMap(step =>
    stands.flatMap(stand => [false, true].map(read => lessonWords(step, {stand, read, nested: read, key}))),
  ).concat(lessonOver(key));
  for (const words of said) {
    expect(words.length, words).toBeLessThanOrEqual(36);
    expect(words).not.toContain('no key');
  }
});
