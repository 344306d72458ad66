// Bindings for the supervisor that runs unattended beside the screen: what it says of itself, pausing it, letting it go on.
import type {Binding, ScreenContext} from '../screen-context.ts';

const noSupervisor = (context: ScreenContext): string | null =>
  context.unattended === undefined || context.remote !== null ? 'not available in this screen' : null;

const noWish = (context: ScreenContext): string | null => noSupervisor(context) ?? (context.perform === null ? 'read-only' : null);

const wish = (what: 'pause' | 'resume', done: string) => (context: ScreenContext) => {
  void context.unattended?.wish(what).then(failed => {
    context.say(failed ?? done, failed === null ? 'note' : 'error');
  });
};

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
    id: 'supervisor-pause',
    scope: 'panels',
    keys: [],
    label: 'pause supervisor',
    title: 'Pause the supervisor: it looks on and does nothing',
    disabledReason: noWish,
    run: wish('pause', 'The supervisor is paused.'),
  },
  {
    id: 'supervisor-resume',
    scope: 'panels',
    keys: [],
    label: 'resume supervisor',
    title: 'Let the supervisor go on: lifts pauses, halts and crash loops',
    disabledReason: noWish,
    run: wish('resume', 'The supervisor goes on.'),
  },
];
