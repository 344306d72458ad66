// Shows sessions of tmux, reads the text of its panes, and puts texts into its paste buffers. Nothing here changes a session or types into one.
import {parseTmux} from '../../../core/domain/pane-mark.ts';
import type {Capture, Captured, Multiplexer, Switching} from '../../../core/look/multiplexer-source.ts';
import type {CommandOptions, Host} from '../../../core/os/host.ts';
import {complaintOf} from '../../../words/complaints.ts';
import {captureScreens} from './capture-screens.ts';
import {distrustSocket} from './tmux-door.ts';

const TIMEOUT_MS = 2000;

const ask = async (
  host: Host,
  socket: string,
  words: readonly string[],
  more: Pick<CommandOptions, 'env' | 'input'> = {},
): Promise<Captured> => {
  const closed = await distrustSocket(host, socket);
  if (closed !== null) {
    return {ok: false, because: closed};
  }
  // tmux(1): with -u the output may hold UTF-8 whatever the locale.
  const ran = await host.run('tmux', ['-u', '-S', socket, ...words], {timeoutMs: TIMEOUT_MS, ...more});
  const because = complaintOf('tmux', ran);
  return because === null ? {ok: true, text: ran.stdout} : {ok: false, because};
};

export const tmuxCapture: Capture = {
  // -e keeps attributes; -S counts from the first visible line backwards.
  pane: (host, {socket, paneId}, lines) => ask(host, socket, ['capture-pane', '-p', '-e', '-S', String(-lines), '-t', paneId]),
  screens: captureScreens,
};

/** Calls that are made from where we are: tmux finds the client that shows our pane by TMUX and TMUX_PANE. */
const placeOf = ({env: {TMUX, TMUX_PANE}}: Pick<Host, 'env'>): NonNullable<CommandOptions['env']> => ({TMUX, TMUX_PANE});

export const tmuxSwitching: Switching = {
  ownSocket: env => parseTmux(env.TMUX)?.socket,
  // -w, from tmux 3.2 on, gives it to the terminal too, by the client that shows our pane.
  keepText: async (host, socket, input) => {
    const kept = await ask(host, socket, ['load-buffer', '-w', '-'], {env: placeOf(host), input});
    return kept.ok || (await ask(host, socket, ['load-buffer', '-'], {input})).ok;
  },
  switchClient: async (host, {socket, sessionId, paneId}) => {
    const switched = await ask(host, socket, ['switch-client', '-t', paneId ?? sessionId], {env: placeOf(host)});
    return switched.ok ? null : switched.because;
  },
};

export const attachTmux: Multiplexer['attach'] = ({socket, sessionId, paneId}, {readOnly}) => {
  // Which window a session shows is everybody's who looks at it: a read-only visitor leaves it as it is.
  const select = readOnly || paneId === null ? [] : ['select-window', '-t', paneId, ';', 'select-pane', '-t', paneId, ';'];
  return {file: 'tmux', args: ['-S', socket, ...select, 'attach-session', ...(readOnly ? ['-r'] : []), '-t', sessionId]};
};
