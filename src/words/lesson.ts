// What the lesson of a demo says: one line for where a person stands, short enough for a phone. Pure.

/** Keys as they are bound now, by the names of their actions. */
type KeyOf = (action: string) => string;

/** What a step says before its row is chosen, and then. */
interface StepWords {
  readonly goThere: (key: KeyOf) => string;
  readonly choose: (key: KeyOf) => string;
  readonly act: (key: KeyOf, nested: boolean) => string;
}

/** What a step cures, in the order in which they are taught; done in any other order they count as well. */
export const LESSON_STEPS = ['wrong-owner', 'asks', 'zombie-session', 'stale-lock', 'orphan'] as const;
export type LessonStep = (typeof LESSON_STEPS)[number];

const STEPS: Readonly<Record<LessonStep, StepWords>> = {
  'wrong-owner': {
    goThere: key => `A port is taken: press ${key('panel-ports')}, then ${key('explain')}`,
    choose: key => `Choose the WRONG-OWNER row, then ${key('explain')}`,
    act: key => `${key('stop')} shows what freeing it would end`,
  },
  asks: {
    goThere: key => `An agent asks: ${key('next-need')} goes to it`,
    choose: key => `An agent asks: ${key('next-need')} goes to it`,
    act: (key, nested) => `${key('attach')} goes in; y, Enter, then ${nested ? '^B ^B d' : '^B d'}`,
  },
  'zombie-session': {
    goThere: key => `A ZOMBIE session: ${key('panel-agents')}, choose it`,
    choose: () => 'Choose the ZOMBIE row',
    act: key => `${key('restart')} shows how it is started again`,
  },
  'stale-lock': {
    goThere: key => `A lock is left: ${key('panel-orphans')}, choose STALE-LOCK`,
    choose: () => 'Choose the STALE-LOCK row',
    act: key => `${key('stop')} shows how it is moved aside`,
  },
  orphan: {
    goThere: key => `The rest is left over: press ${key('cleanup')}`,
    choose: key => `The rest is left over: press ${key('cleanup')}`,
    act: key => `The rest is left over: press ${key('cleanup')}`,
  },
};

/** Where a person stands: on the panels, in what is read, or in a plan. */
export type LessonStand =
  | {readonly at: 'elsewhere' | 'panel' | 'row' | 'reading' | 'covered' | 'running' | 'done'}
  | {readonly at: 'plan'; readonly endSeen: boolean; readonly typed: string; readonly toType: number | null};

const planWords = ({endSeen, typed, toType}: Extract<LessonStand, {readonly at: 'plan'}>, key: KeyOf): string => {
  if (!endSeen) {
    return `${key('plan-bottom')} shows the end of the plan`;
  }
  return toType === null || typed === String(toType)
    ? `${key('confirm')} carries it out, Esc cancels`
    : `Type ${toType}, then ${key('confirm')}`;
};

export interface LessonMoment {
  readonly stand: LessonStand;
  /** The explanation has been read. */
  readonly read: boolean;
  /** The terminal is a pane of a tmux, which takes the first prefix for itself. */
  readonly nested: boolean;
  readonly key: KeyOf;
}

/** What to do next. At most 36 cells with the keys as they are built in. */
export const lessonWords = (step: LessonStep, {stand, read, nested, key}: LessonMoment): string => {
  const words = STEPS[step];
  switch (stand.at) {
    case 'plan':
      return planWords(stand, key);
    case 'running':
      return 'It is being carried out';
    case 'done':
      return 'Done: Enter closes this';
    case 'reading':
      return step === 'wrong-owner' ? `Read why, then Esc, then ${key('stop')}` : 'Esc goes back';
    case 'covered':
      return 'Esc goes back';
    case 'row':
      return step === 'wrong-owner' && !read ? `${key('explain')} tells who holds it, and why` : words.act(key, nested);
    case 'panel':
      return words.choose(key);
    case 'elsewhere':
      return words.goThere(key);
  }
};

export const LESSON_BEGINS = 'This demo is a lesson: one moment';

export const lessonOver = (key: KeyOf): string => `All cured: ${key('help')} for keys, ${key('quit')} to leave`;
