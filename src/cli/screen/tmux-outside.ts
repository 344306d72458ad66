// Peek and attach for the screen, through tmux's own client. Reads panes; changes nothing but which of them a client shows.
import type {Host} from '../../core/os/host.ts';
import {runInTerminal} from '../../core/os/terminal-program.ts';
import type {AttachTarget, Outside} from '../../ui/outside.ts';

const TIMEOUT_MS = 2_000;

/** Both select what is to be shown by id; names would match prefixes (tmux(1), COMMANDS). */
const select = ({paneId}: AttachTarget): readonly string[] =>
  paneId === null ? [] : ['select-window', '-t', paneId, ';', 'select-pane', '-t', paneId, ';'];

export const createTmuxOutside = (host: Host): Outside => {
  const {TMUX, TMUX_PANE, ...clean} = host.env;
  // tmux(1), ENVIRONMENT: TMUX holds the socket, the server's pid and the session, separated by commas.
  const ownSocket = TMUX?.split(',')[0];
  return {
    capturePane: async ({socket, paneId}, lines) => {
      const args = ['-S', socket, 'capture-pane', '-e', '-p', '-t', paneId, '-S', `-${lines}`];
      const {exitCode, stdout, stderr, trouble} = await host.run('tmux', args, {timeoutMs: TIMEOUT_MS});
      return exitCode === 0 ? {ok: true, text: stdout} : {ok: false, because: trouble ?? stderr.trim()};
    },
    isOwnServer: socket => ownSocket !== undefined && socket === ownSocket,
    switchClient: async target => {
      const args = ['-S', target.socket, 'switch-client', '-t', target.paneId ?? target.sessionId];
      // The only call that needs to be made from where we are: it is our own client that is switched.
      const {exitCode, stderr, trouble} = await host.run('tmux', args, {timeoutMs: TIMEOUT_MS, env: {TMUX, TMUX_PANE}});
      return exitCode === 0 ? null : (trouble ?? stderr.trim());
    },
    attach: (target, {readOnly}) => {
      const attach = ['attach-session', ...(readOnly ? ['-r'] : []), '-t', target.sessionId];
      return runInTerminal('tmux', ['-S', target.socket, ...(readOnly ? [] : select(target)), ...attach], clean);
    },
  };
};
