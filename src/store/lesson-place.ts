// Where a person stands in the lesson of a demo, read from the screen. Pure.
import {describePlan} from '../words/describe-plan.ts';
import type {LessonStand, LessonStep} from '../words/lesson.ts';
import {isOfStep, type Lesson, lessonStep, lookAgain} from './lesson-state.ts';
import type {ListPanel} from './rows.ts';
import {type ScreenState, selectedRow, topOverlay} from './state.ts';

/** Where the rows of a step stand. */
const PANEL_OF: Readonly<Record<LessonStep, ListPanel>> = {
  'wrong-owner': 'ports',
  asks: 'agents',
  'zombie-session': 'agents',
  'stale-lock': 'orphans',
  orphan: 'orphans',
};

/** Where the screen stands with regard to a step. */
export const lessonStand = (state: ScreenState, step: LessonStep): LessonStand => {
  const top = topOverlay(state);
  if (top?.kind === 'plan') {
    const {plan, phase} = top.run;
    return phase === 'asking'
      ? {at: 'plan', endSeen: top.endSeen, typed: top.typed, toType: describePlan(plan).typeToConfirm}
      : {at: phase};
  }
  if (top !== null) {
    return {at: top.kind === 'explain' ? 'reading' : 'covered'};
  }
  const row = selectedRow(state);
  if (row !== null && isOfStep(step, row)) {
    return {at: 'row'};
  }
  return {at: state.subjectPanel === PANEL_OF[step] ? 'panel' : 'elsewhere'};
};

/** The lesson after the screen has gone from one state to the next: by a look, or by what was opened. */
export const advanceLesson = (previous: ScreenState, next: ScreenState): Lesson | null => {
  if (next.lesson === null) {
    return null;
  }
  const lesson = previous.view === next.view ? next.lesson : lookAgain(next.lesson, next.view);
  const step = lessonStep(lesson);
  const row = selectedRow(next);
  const reads = step !== null && topOverlay(next)?.kind === 'explain' && row !== null && isOfStep(step, row);
  return reads && !lesson.read ? {...lesson, read: true} : lesson;
};
