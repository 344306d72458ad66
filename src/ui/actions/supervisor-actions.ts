// Bindings for the supervisor that runs unattended beside the screen: what it says of itself, pausing it, letting it go on.
import {selectedRow} from '../../store/state.ts';
import {isUnattendedRow, proposalOf} from '../../store/supervisor-rows.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {openPlan, readOnlyReason} from './act.ts';

const noSupervisor = (context: ScreenContext): string | null => (context.unattended === undefined ? 'not available in this screen' : null);

const noControl = (context: ScreenContext): string | null => noSupervisor(context) ?? (context.perform === null ? 'read-only' : null);

const HALTED = 'it is halted: "resume supervisor" in the palette, once you have seen why';

/** It answers when its round is over. */
const ANSWER_MS = 1000;

const controlRequest = (what: 'pause' | 'resume' | 'go-on', done: string) => (context: ScreenContext) => {
  void context.unattended?.controlRequest(what).then(failed => {
    context.say(failed ?? done, failed === null ? 'note' : 'error');
    context.later(ANSWER_MS, () => void attend(context));
  });
};

const GOES_ON = 'The supervisor goes on.';
const [pause, resume, goOn] = [
  controlRequest('pause', 'The supervisor is paused.'),
  controlRequest('resume', GOES_ON),
  controlRequest('go-on', GOES_ON),
];

/** Read what the supervisor is at into the store. */
export const attend = async ({unattended, store}: ScreenContext): Promise<void> => {
  if (unattended !== undefined) {
    store.attend(await unattended.view());
  }
};

/** Whether the cursor is on the supervisor or on what it proposes. */
export const isOnSupervisor = ({store}: ScreenContext): boolean => {
  const row = selectedRow(store.getState());
  return row !== null && isUnattendedRow(row);
};

/** Why a pause of the supervisor cannot be begun or ended from its row. */
export const togglingReason = (context: ScreenContext): string | null =>
  noControl(context) ?? (context.store.getState().unattended?.stands === 'halted' ? HALTED : null);

/** Pause the supervisor, or let it go on. Read anew first: one that has halted since it was shown as paused must not be let go on. */
export const togglePause = async (context: ScreenContext): Promise<void> => {
  const shown = context.store.getState().unattended?.stands;
  const stands = (await context.unattended?.view())?.stands;
  if (stands === 'halted') {
    context.say(HALTED, 'error');
  } else if (shown === 'paused') {
    goOn(context);
  } else {
    pause(context);
  }
};

const chosenProposal = ({store}: ScreenContext) => proposalOf(store.getState().unattended, selectedRow(store.getState()));

export const UNATTENDED: readonly Binding[] = [
  {
    id: 'supervisor',
    scope: 'panels',
    keys: [],
    label: 'supervisor',
    title: 'Say whether a supervisor runs unattended, and what it is at',
    disabledReason: noSupervisor,
    run: context => {
      void context.unattended?.describe().then(text => context.say(text ?? 'No supervisor with this configuration runs.'));
    },
  },
  {
    id: 'approve',
    scope: 'panels',
    keys: ['p'],
    label: 'approve',
    title: 'Approve what the supervisor proposes, on its row in the rigs: shows the plan first',
    dangerous: true,
    disabledReason: context =>
      readOnlyReason(context) ?? (chosenProposal(context) === null ? 'choose what a supervisor proposes, below it in the rigs (1)' : null),
    run: context => {
      const proposal = chosenProposal(context);
      if (proposal !== null) {
        void openPlan(context, proposal.request);
      }
    },
  },
  {
    id: 'supervisor-pause',
    scope: 'panels',
    keys: [],
    label: 'pause supervisor',
    title: 'Pause the supervisor: it looks on and does nothing',
    disabledReason: noControl,
    run: pause,
  },
  {
    id: 'supervisor-resume',
    scope: 'panels',
    keys: [],
    label: 'resume supervisor',
    title: 'Let the supervisor go on: lifts pauses, halts and crash loops',
    disabledReason: noControl,
    run: resume,
  },
];
