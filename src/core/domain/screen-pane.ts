// On which pane’s screen an agent’s last words stand. Pure.
import type {Agent} from './agent.ts';
import type {Session} from './multiplexer.ts';

/** Its own pane; of an agent that is no more the first that lives of its session. */
export const screenPane = ({state, pane}: Agent, session: Session | undefined): string | undefined =>
  pane ?? (state === 'zombie' ? session?.panes.find(({dead}) => !dead)?.id : undefined);
