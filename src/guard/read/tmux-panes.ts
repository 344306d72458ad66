// What tmux says of its panes, as the sessions and windows that its targets name. Pure.
import type {TmuxServerFact, TmuxSessionFact, TmuxWindowFact} from '../facts.ts';

const FIELDS = [
  'pid',
  'session_id',
  'session_activity',
  'window_id',
  'window_index',
  'window_active',
  'pane_id',
  'pane_pid',
  'pane_active',
  'session_name',
  'window_name',
] as const;

/** Names come last and have no tabs in them (tmux replaces them). */
export const PANE_FORMAT = FIELDS.map(field => `#{${field}}`).join('\t');

/** Sessions, windows and panes in the order in which tmux lists them. */
export const parseTmuxPanes = (socket: string, text: string): TmuxServerFact => {
  const sessions = new Map<string, Omit<TmuxSessionFact, 'windows'> & {readonly windows: Map<string, TmuxWindowFact>}>();
  let server: number | null = null;
  for (const line of text.split('\n').filter(each => each !== '')) {
    const [pid, id = '', activity, windowId = '', index, active, paneId = '', panePid, paneActive, name = '', windowName = ''] =
      line.split('\t');
    server = Number(pid);
    const session = sessions.get(id) ?? {id, name, activity: Number(activity), windows: new Map<string, TmuxWindowFact>()};
    const window = session.windows.get(windowId);
    const pane = {id: paneId, pid: Number(panePid), active: paneActive === '1'};
    session.windows.set(windowId, {
      id: windowId,
      index: Number(index),
      name: windowName,
      active: active === '1',
      panes: [...(window?.panes ?? []), pane],
    });
    sessions.set(id, session);
  }
  return {socket, pid: server, sessions: [...sessions.values()].map(session => ({...session, windows: [...session.windows.values()]}))};
};
