// What an action of the screen can reach, and what a binding is. Records and types only.
import type {Outcome, Progress} from '../core/domain/outcome.ts';
import type {Plan, PlanRequest, Refusal} from '../core/domain/plan.ts';
import type {FleetLoop} from '../store/listen.ts';
import type {RefreshLoop} from '../store/refresh-loop.ts';
import type {ListPanel} from '../store/rows.ts';
import type {ScreenStore} from '../store/store.ts';
import type {KeyName} from './key-events.ts';
import type {Layout} from './layout.ts';
import type {ShownRows} from './mouse.ts';
import type {Outside, RunThere, Unattended} from './outside.ts';
import type {ThemeName} from './theme.ts';

/** Where a binding holds: on the panels, in the overlay on top, or everywhere. */
export type Scope = 'panels' | 'plan' | 'reading' | 'search' | 'filter' | 'palette' | 'menu' | 'always';

export interface ScreenContext {
  readonly store: ScreenStore;
  readonly loop: RefreshLoop;
  readonly keymap: Keymap;
  /** Which rows stand where, as of the last frame. */
  readonly onScreen: Map<ListPanel, ShownRows>;
  /** The other machines that are shown; null where none is. */
  readonly fleet: Pick<FleetLoop, 'machine' | 'retry'> | null;
  layout(): Layout;
  /** Milliseconds of a clock that does not jump. */
  now(): number;
  /** Milliseconds since the epoch. */
  epoch(): number;
  /** What a plan would be, at once and for nothing but showing it. */
  dryPlan(request: PlanRequest): Plan | Refusal;
  /** A plan with all that a person should know before saying yes; at once where nothing has to be read for it. */
  plan(request: PlanRequest): Plan | Refusal | Promise<Plan | Refusal>;
  /** Null in read-only mode: there is nothing that could act. */
  readonly perform: ((plan: Plan, onProgress?: (progress: Progress) => void) => Promise<Outcome>) | null;
  /** Panes, clipboard and attaching; null where the screen was started without them. */
  readonly outside: Outside | null;
  /** Gives this terminal, once it has been handed over, to rigtop on another machine until that ends. Returns why it could not, in words. */
  readonly runThere: RunThere | null;
  /** The supervisor beside the screen; absent where the screen was started without. */
  readonly unattended?: Unattended | undefined;
  /** Puts what was written into the journal since into the store; null where no journal is followed. */
  readonly readJournal: (() => Promise<void>) | null;
  /** Show a line; an error stays until a key is pressed. */
  say(text: string, tone?: 'note' | 'error'): void;
  /** Put a text on the user's clipboard, and show it with where it went, as far as that is known. */
  copy(text: string): void;
  /** Call back after `ms`, unless the screen has ended by then. */
  later(ms: number, call: () => void): void;
  /** Give the terminal to a program and take it back. */
  handOver(run: () => void): Promise<void>;
  redraw(): void;
  /** Draw in the colours of another theme from now on. */
  chooseTheme(name: ThemeName): void;
  exit(): void;
}

export interface Binding {
  /** Its name in the config and in the palette. */
  readonly id: string;
  readonly scope: Scope;
  readonly keys: readonly KeyName[];
  /** One or two words for the footer. */
  readonly label: string;
  /** A sentence for help, palette and docs. */
  readonly title: string;
  /**
   * Answers a plan: no other action may take its built-in keys. Those of `no` stay in force whatever a configuration says, and work
   * at once; those of `yes` can only be given up for others.
   */
  readonly answer?: 'yes' | 'no';
  /** Only moves what has the focus: a key for that needs no name to be found by. */
  readonly moves?: boolean;
  /** Opens a plan. */
  readonly dangerous?: boolean;
  /** Needs panes or the terminal, which a screen may have been started without. */
  readonly needsOutside?: boolean;
  /** What the footer says behind the label, where there is room for it. */
  aside?(context: ScreenContext): string | null;
  /** Place in the footer, small first; without one it is not shown there. */
  readonly hint?: number;
  /** The lists of which one must have a row, shown or filtered away, for it to do anything: else the footer leaves it away. */
  readonly needsRows?: readonly ListPanel[];
  /** Why it can do nothing now, in words; null when it can. */
  disabledReason?(context: ScreenContext): string | null;
  run(context: ScreenContext, key: KeyName): void;
}

export interface Keymap {
  readonly bindings: readonly Binding[];
  /** The binding of a key in a scope; what is bound in `always` works everywhere. */
  find(scope: Scope, key: KeyName): Binding | null;
  /** The first key of an action, as a person presses it; null where it is unbound. */
  keyOf(id: string): KeyName | null;
}
