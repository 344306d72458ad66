// Everything the screen knows: what was seen, what is chosen, what lies on top. Pure records.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Outcome, Progress} from '../core/domain/outcome.ts';
import type {Plan, PlanRequest, Refusal} from '../core/domain/plan.ts';
import type {Tone} from '../words/badges.ts';
import type {Remedies} from '../words/describe-briefly.ts';
import type {ShownExplanation} from './explain-row.ts';
import {EMPTY_VIEW} from './fleet-view.ts';
import type {Lesson} from './lesson-state.ts';
import type {MachineStand} from './machine-stand.ts';
import type {FleetView, ListPanel, PanelId, Row} from './rows.ts';
import type {UnattendedView} from './supervisor-rows.ts';
import {BY_SEVERITY, type Sorting} from './visible-rows.ts';

/** A plan that is being shown, carried out, or done. Times are milliseconds of the clock that does not jump. */
export interface PlanRun {
  readonly plan: Plan;
  /** KILL preset, as asked with X. */
  readonly openedAt: number;
  readonly phase: 'asking' | 'running' | 'done';
  readonly progress: Readonly<Record<string, Progress>>;
  readonly outcome: Outcome | null;
  /** Set when carrying it out failed altogether. */
  readonly failure: string | null;
}

/** What lies on top of the panels. The last one takes the keys. */
export type Overlay =
  | {readonly kind: 'help'; readonly scroll: number}
  | {
      readonly kind: 'plan';
      readonly run: PlanRun;
      readonly scroll: number;
      /** Whether the end of the list has been on the screen: `y` does nothing before. */
      readonly endSeen: boolean;
      /** Digits typed, where the number of roots has to be typed. */
      readonly typed: string;
      /** ^C was pressed while it ran: a second one quits. */
      readonly leaving: boolean;
    }
  | {readonly kind: 'refusal'; readonly refusal: Refusal; readonly request: PlanRequest; readonly scroll: number}
  | {readonly kind: 'filter'; readonly before: string}
  | {readonly kind: 'palette'; readonly text: string; readonly chosen: number}
  | {readonly kind: 'sort'; readonly panel: ListPanel; readonly chosen: number}
  | {
      readonly kind: 'explain';
      readonly explanation: ShownExplanation;
      /** What a stop would come to; null where none may be asked for. */
      readonly answer: Plan | Refusal | null;
      readonly scroll: number;
    }
  | {readonly kind: 'journal'; readonly scroll: number}
  | {
      readonly kind: 'peek';
      readonly title: string;
      readonly socket: string;
      readonly paneId: string;
      readonly lines: readonly string[];
      readonly scroll: number;
      /** What is searched in it, the line of the match that was gone to, and whether it is being typed; null where nothing is. */
      readonly search: {readonly words: string; readonly at: number | null; readonly isTyped: boolean} | null;
    }
  | {
      readonly kind: 'copy';
      /** Where it went, as far as that is known. */
      readonly title: string;
      readonly text: string;
      readonly scroll: number;
    };

export type OverlayKind = Overlay['kind'];

export interface Toast {
  readonly id: number;
  readonly text: string;
  /** An error stays until a key is pressed; a note goes by itself. */
  readonly tone: 'note' | 'error';
}

/** Lines of the journal that are kept for the screen; the file has them all. */
export const MAX_JOURNAL = 500;

export interface JournalLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  readonly tone: Tone;
}

/** A marked row: kept with its reference, because a filter may hide the row. */
export interface Mark {
  readonly key: string;
  readonly ref: string;
  readonly title: string;
  /** The other machine that it is on; missing for this one. */
  readonly machine?: string;
}

export interface ScreenState {
  /** The look that is shown. Null before the first. */
  readonly assessment: Assessment | null;
  /** Other machines that are shown. */
  readonly machines: readonly MachineStand[];
  readonly view: FleetView;
  /** The supervisor that runs unattended beside the screen; null where none does. */
  readonly unattended: UnattendedView | null;
  /** Rows after filter, problems-only and sorting. */
  readonly visible: Readonly<Record<ListPanel, readonly Row[]>>;
  readonly focus: PanelId;
  /** The rigs, while Enter has led from them to the agents of one: the filter from before, for the way back. */
  readonly entered: {readonly filter: string} | null;
  /** The focused panel is shown alone. */
  readonly zoomed: boolean;
  /** The list whose selection Explain explains: the one that had the focus last. */
  readonly subjectPanel: ListPanel;
  /** Lists that a key was pressed in. In the others the cursor stays at the top, where the worst comes to stand. */
  readonly touched: ReadonlySet<ListPanel>;
  /** Row keys. */
  readonly selected: Readonly<Record<ListPanel, string | null>>;
  readonly explanation: ShownExplanation | null;
  readonly explainScroll: number;
  /** Where the wheel has turned each list to: a new object for every turn. */
  readonly listScroll: Readonly<Partial<Record<ListPanel, {readonly start: number}>>>;
  /** Lines scrolled back from the newest. */
  readonly journalScroll: number;
  readonly filter: string;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly problemsOnly: boolean;
  readonly sorting: Readonly<Record<ListPanel, Sorting>>;
  readonly paused: boolean;
  /** Seconds since the last look, once it is late; null while looks arrive on time. */
  readonly lateSeconds: number | null;
  /** Why the last refresh failed; null when it did not. */
  readonly refreshFailure: string | null;
  readonly overlays: readonly Overlay[];
  /** A plan is being made: a second one is not begun beside it. */
  readonly planning: boolean;
  readonly toasts: readonly Toast[];
  readonly journal: readonly JournalLine[];
  /** References on which TERM was tried and something survived: only for these does X preset KILL. */
  readonly termTried: ReadonlySet<string>;
  readonly readOnly: boolean;
  /** What to do about each kind of finding. */
  readonly remedies: Remedies;
  /** What each kind of finding means. */
  readonly meanings: Remedies;
  /** How a demo is started in this installation. */
  readonly demoCommand: string;
  /** The theme that was chosen while it runs; null: the one it was started with. */
  readonly theme: string | null;
  /** The lesson of a demo; null where there is none, and once it has been ended. */
  readonly lesson: Lesson | null;
}

/** What a screen is given once, at its start. */
export interface ScreenGivens {
  readonly readOnly: boolean;
  readonly remedies?: Remedies;
  readonly meanings?: Remedies;
  readonly demoCommand?: string;
  readonly lesson?: Lesson | null;
}

export const initialState = ({
  readOnly,
  remedies = {},
  meanings = {},
  demoCommand = 'rigtop demo',
  lesson = null,
}: ScreenGivens): ScreenState => ({
  assessment: null,
  machines: [],
  view: EMPTY_VIEW,
  unattended: null,
  visible: {rigs: [], ports: [], agents: [], orphans: []},
  focus: 'agents',
  entered: null,
  zoomed: false,
  subjectPanel: 'agents',
  touched: new Set(),
  selected: {rigs: null, ports: null, agents: null, orphans: null},
  explanation: null,
  explainScroll: 0,
  listScroll: {},
  journalScroll: 0,
  filter: '',
  marks: new Map(),
  problemsOnly: false,
  sorting: {rigs: BY_SEVERITY, ports: BY_SEVERITY, agents: BY_SEVERITY, orphans: BY_SEVERITY},
  paused: false,
  lateSeconds: null,
  refreshFailure: null,
  overlays: [],
  planning: false,
  toasts: [],
  journal: [],
  termTried: new Set(),
  readOnly,
  remedies,
  meanings,
  demoCommand,
  theme: null,
  lesson,
});

export const topOverlay = (state: ScreenState): Overlay | null => state.overlays.at(-1) ?? null;

/** Rows keep their places while a plan is being read or carried out: nothing may move under a decision. */
export const isFrozen = (state: ScreenState): boolean => state.overlays.some(overlay => overlay.kind === 'plan');

export const selectedRow = (state: ScreenState, panel: ListPanel = state.subjectPanel): Row | null =>
  state.visible[panel].find(row => row.key === state.selected[panel]) ?? null;

/** The last look at the machine that a row is on; null where there was none. */
export const lookOf = ({assessment, machines}: Pick<ScreenState, 'assessment' | 'machines'>, row: Row | null): Assessment | null =>
  row?.machine === undefined ? assessment : (machines.find(({name}) => name === row.machine)?.world() ?? null);
