// The line below everything in which a demo teaches: which step, and what to press next. Pure.

import {lessonStand} from '../../store/lesson-place.ts';
import {isLearnt, lessonStep} from '../../store/lesson-state.ts';
import type {ScreenState} from '../../store/state.ts';
import {LESSON_BEGINS, LESSON_STEPS, lessonOver, lessonWords} from '../../words/lesson.ts';
import {type Line, lineWidth, plain, spread} from '../format.ts';
import type {Keymap} from '../screen-context.ts';

/** `1/5 A port is taken: press 2, then d`, and at the right how to be rid of it, where there is room. */
export const lessonLine = (state: ScreenState, keymap: Pick<Keymap, 'keyOf'>, width: number): Line => {
  const {lesson} = state;
  if (lesson === null) {
    return [];
  }
  // What has no key is in the palette, under its name.
  const key = (action: string): string => keymap.keyOf(action) ?? action;
  const step = lessonStep(lesson);
  const number = step === null ? lesson.cured.size : LESSON_STEPS.indexOf(step) + 1;
  const without = isLearnt(lesson) ? lessonOver(key) : LESSON_BEGINS;
  const words =
    step === null ? without : lessonWords(step, {stand: lessonStand(state, step), read: lesson.read, nested: lesson.nested, key});
  const said: Line = [plain(`${number}/${LESSON_STEPS.length} `, 'dim'), plain(words, 'strong')];
  const end: Line = [plain('  '), plain(key('end-lesson'), 'key'), plain(' ends the lesson', 'dim')];
  return lineWidth(said) + lineWidth(end) <= width ? spread(said, end, width) : said;
};
