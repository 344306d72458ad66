// Looking into panes and handing the terminal to tmux, zellij or herdr. Reads and shows; nothing here changes a session, ends one or types into one.

import {complaintOf} from '../../words/complaints.ts';
import {parseTmux} from '../domain/pane-mark.ts';
import {isKnownByName} from '../domain/session-server.ts';
import type {CommandOptions, Host} from './host.ts';
import {clientEnvironment} from './surroundings.ts';
import {runInTerminal} from './terminal-program.ts';
import {distrustSocket} from './tmux-door.ts';

export interface PaneAddress {
  /** Socket path of the tmux server. */
  readonly socket: string;
  /** `%7`. */
  readonly paneId: string;
}

export interface SessionAddress {
  readonly socket: string;
  /** Of zellij and herdr, which know sessions by name. */
  readonly name?: string;
  /** `$3`: never a name, which tmux would match by prefix. */
  readonly sessionId: string;
  /** Shown first, where that can be chosen; ids of panes are ids of their windows too. */
  readonly paneId: string | null;
}

export type Captured = {readonly ok: true; readonly text: string} | {readonly ok: false; readonly because: string};

export interface HandOver {
  /** The last lines of a pane, with their colours as SGR sequences. */
  capturePane(pane: PaneAddress, lines: number): Promise<Captured>;
  /** Whether rigtop itself runs in a pane of that server. */
  isOwnServer(socket: string): boolean;
  /** Show a session in the client that shows rigtop. Resolves to the reason when it could not, else to null. */
  switchClient(session: SessionAddress): Promise<string | null>;
  /** Run `tmux attach-session`, or the like of another multiplexer, in this terminal until it ends. Blocks everything. Returns the reason when it could not, else null. */
  attach(session: SessionAddress, options: {readonly readOnly: boolean}): string | null;
}

const TIMEOUT_MS = 2000;

// tmux(1): with -u the output may hold UTF-8 whatever the locale; -e keeps attributes; -S counts from the first visible line backwards.
const tmux = (socket: string, ...words: readonly string[]): readonly string[] => ['-u', '-S', socket, ...words];

/**
 * Neither has a client that only looks, and both would take a name with a dash for an option. zellij takes the beginning of a name, too:
 * whoever asks for this has just seen the session under exactly this name.
 */
const attachByName = (kind: string, name: string, readOnly: boolean, env: Host['env']): string | null => {
  if (readOnly || name === '' || name.startsWith('-')) {
    return readOnly ? `${kind} shows a session only to write in it` : `${kind} cannot be given this name`;
  }
  return runInTerminal(kind, kind === 'zellij' ? ['attach', name] : ['session', 'attach', name], env);
};

/** Built once per screen. `attach` gets what a client that shows a session needs, everything else the least. */
export const createHandOver = (host: Host): HandOver => {
  const {TMUX, TMUX_PANE} = host.env;
  const env = clientEnvironment(host.env);
  const ownSocket = parseTmux(TMUX)?.socket;

  const ask = async (socket: string, words: readonly string[], own?: CommandOptions['env']): Promise<Captured> => {
    const closed = await distrustSocket(host, socket);
    if (closed !== null) {
      return {ok: false, because: closed};
    }
    const ran = await host.run('tmux', tmux(socket, ...words), {
      timeoutMs: TIMEOUT_MS,
      ...(own === undefined ? {} : {env: own}),
    });
    const because = complaintOf('tmux', ran);
    return because === null ? {ok: true, text: ran.stdout} : {ok: false, because};
  };

  return {
    capturePane: ({socket, paneId}, lines) => ask(socket, ['capture-pane', '-p', '-e', '-S', String(-lines), '-t', paneId]),

    isOwnServer: socket => socket !== '' && socket === ownSocket,

    // The one call that is made from where we are: tmux finds the client that shows our pane by TMUX and TMUX_PANE.
    switchClient: async ({socket, sessionId, paneId}) => {
      const words = ['switch-client', '-t', paneId ?? sessionId];
      const switched = await ask(socket, words, {TMUX, TMUX_PANE});
      return switched.ok ? null : switched.because;
    },

    attach: ({socket, sessionId, paneId, name}, {readOnly}) => {
      if (isKnownByName(socket)) {
        return attachByName(socket, name ?? '', readOnly, env);
      }
      // Which window a session shows is everybody's who looks at it: a read-only visitor leaves it as it is.
      const select = readOnly || paneId === null ? [] : ['select-window', '-t', paneId, ';', 'select-pane', '-t', paneId, ';'];
      return runInTerminal('tmux', ['-S', socket, ...select, 'attach-session', ...(readOnly ? ['-r'] : []), '-t', sessionId], env);
    },
  };
};
