// The lesson of a demo: five kinds of trouble, which of them have been seen and cured, and how far a person is with the one in front. Pure.
import {LESSON_STEPS, type LessonStep} from '../words/lesson.ts';
import type {FleetView, Row} from './rows.ts';

export interface Lesson {
  readonly seen: ReadonlySet<LessonStep>;
  readonly cured: ReadonlySet<LessonStep>;
  /** The explanation of what the step in front cures has been read. */
  readonly read: boolean;
  /** The terminal is a pane of another tmux: its prefix has to be told apart from the demo’s. */
  readonly nested: boolean;
}

export const FIRST_LESSON: Lesson = {seen: new Set(), cured: new Set(), read: false, nested: false};

/** Whether a row is of the trouble that a step cures, sure or not. */
export const isOfStep = (step: LessonStep, {fields}: Row): boolean => {
  const {kind = [], state = []} = fields;
  switch (step) {
    case 'asks':
      return state.includes('asks');
    case 'orphan':
      return kind.some(each => each.startsWith('orphan-'));
    case 'wrong-owner':
      return kind.includes(step) || state.includes(step);
    default:
      return kind.includes(step);
  }
};

/** The step that the lesson is at: the first whose trouble is there and not cured; null before one is seen and after the last. */
export const lessonStep = ({seen, cured}: Lesson): LessonStep | null =>
  LESSON_STEPS.find(step => seen.has(step) && !cured.has(step)) ?? null;

export const isLearnt = ({cured}: Lesson): boolean => cured.size === LESSON_STEPS.length;

/** Verdicts that were cast in doubt, or sources that did not answer: what is missing in such a look is not cured. */
const isDoubtful = ({header, orphans}: FleetView): boolean =>
  header.blind.length > 0 || orphans.some(({fields}) => fields.kind?.includes('mass-death') === true);

const isThere = ({agents, orphans}: FleetView, step: LessonStep): boolean => [...agents, ...orphans].some(row => isOfStep(step, row));

const isSure = ({agents, orphans}: FleetView, step: LessonStep): boolean =>
  step === 'asks'
    ? agents.some(row => isOfStep(step, row))
    : orphans.some(row => isOfStep(step, row) && row.fields.state?.includes('sure') === true);

/** A look has come: what is sure has been seen, and what was seen and is not there any more has been cured. */
export const lookAgain = (lesson: Lesson, view: FleetView): Lesson => {
  if (isDoubtful(view)) {
    return lesson;
  }
  const seen = LESSON_STEPS.filter(step => lesson.seen.has(step) || isSure(view, step));
  const cured = LESSON_STEPS.filter(step => lesson.seen.has(step) && !isThere(view, step));
  const same = seen.length === lesson.seen.size && cured.length === lesson.cured.size && cured.every(each => lesson.cured.has(each));
  if (same) {
    return lesson;
  }
  const next: Lesson = {...lesson, seen: new Set(seen), cured: new Set(cured), read: false};
  return lessonStep(next) === lessonStep(lesson) ? {...next, read: lesson.read} : next;
};
