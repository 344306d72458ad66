// Looking into panes and handing the terminal to tmux. Reads and shows; nothing here changes a session, ends one or types into one.
import {spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import type {Host} from './host.ts';

export interface PaneAddress {
  /** Socket path of the tmux server. */
  readonly socket: string;
  /** `%7`. */
  readonly paneId: string;
}

export interface SessionAddress {
  readonly socket: string;
  /** `$3`: never a name, which tmux would match by prefix. */
  readonly sessionId: string;
}

export type Captured = {readonly ok: true; readonly text: string} | {readonly ok: false; readonly because: string};

export interface HandOver {
  /** The last lines of a pane, with their colours as SGR sequences. */
  capturePane(pane: PaneAddress, lines: number): Promise<Captured>;
  /** The last `lines` lines of several panes of one server in one call, without colours. A pane that is gone has no entry. */
  captureScreens(socket: string, paneIds: readonly string[], lines: number): Promise<ReadonlyMap<string, string>>;
  /** Whether rigtop itself runs in a pane of that server. */
  isOwnServer(socket: string): boolean;
  /** Show a session in the client that shows rigtop. Resolves to the reason when it could not, else to null. */
  switchClient(session: SessionAddress): Promise<string | null>;
  /** Run `tmux attach-session` in this terminal until it ends. Blocks everything. Returns the reason when it could not, else null. */
  attach(session: SessionAddress, options: {readonly readOnly: boolean}): string | null;
}

const TIMEOUT_MS = 2000;

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

// tmux(1): with -u the output may hold UTF-8 whatever the locale; -e keeps attributes; -S counts from the first visible line backwards.
const tmux = (socket: string, ...words: readonly string[]): readonly string[] => ['-u', '-S', socket, ...words];

/** Built once per screen. `attach` uses the terminal's own environment, everything else the host's scrubbed one. */
export const createHandOver = (host: Host): HandOver => {
  const [ownSocket] = (host.env.TMUX ?? '').split(',', 1);
  const ownPane = host.env.TMUX_PANE;

  const ask = async (socket: string, ...words: readonly string[]): Promise<Captured> => {
    const {stdout, stderr, exitCode, trouble} = await host.run('tmux', tmux(socket, ...words), {timeoutMs: TIMEOUT_MS});
    return exitCode === 0
      ? {ok: true, text: stdout}
      : {ok: false, because: firstLine(stderr) || (trouble ?? `tmux ended with status ${exitCode}`)};
  };

  return {
    capturePane: ({socket, paneId}, lines) => ask(socket, 'capture-pane', '-p', '-e', '-S', String(-lines), '-t', paneId),

    captureScreens: async (socket, paneIds, lines) => {
      if (paneIds.length === 0) {
        return new Map();
      }
      // Random, so that no text in a pane can pretend to be the next pane.
      const mark = `=${randomBytes(8).toString('hex')}=`;
      const words = paneIds.flatMap(id => ['display-message', '-p', `${mark}${id}`, ';', 'capture-pane', '-p', '-t', id, ';']);
      // tmux stops at the first command that fails, a pane that has ended for example; what was printed before is good.
      const {stdout} = await host.run('tmux', tmux(socket, ...words.slice(0, -1)), {timeoutMs: TIMEOUT_MS});
      const parts = stdout.split(mark).slice(1);
      return new Map(
        parts.flatMap(part => {
          const [id = '', ...text] = part.split('\n');
          const shown = text.join('\n').trimEnd();
          return paneIds.includes(id) ? [[id, shown.split('\n').slice(-lines).join('\n')] as const] : [];
        }),
      );
    },

    isOwnServer: socket => ownSocket !== '' && ownSocket === socket && ownPane !== undefined,

    switchClient: async ({socket, sessionId}) => {
      if (ownPane === undefined) {
        return 'rigtop does not run in a pane';
      }
      const own = await ask(socket, 'display-message', '-p', '-t', ownPane, '#{session_id}');
      if (!own.ok) {
        return own.because;
      }
      const clients = await ask(socket, 'list-clients', '-t', own.text.trim(), '-F', '#{client_activity} #{client_name}');
      if (!clients.ok) {
        return clients.because;
      }
      const latest = clients.text.trim().split('\n').toSorted().at(-1) ?? '';
      const client = latest.slice(latest.indexOf(' ') + 1);
      if (client === '') {
        return 'no client shows this session';
      }
      const switched = await ask(socket, 'switch-client', '-c', client, '-t', sessionId);
      return switched.ok ? null : switched.because;
    },

    attach: ({socket, sessionId}, {readOnly}) => {
      const {TMUX: _, TMUX_PANE: __, ...env} = host.env;
      const words = ['-S', socket, 'attach-session', ...(readOnly ? ['-r'] : []), '-t', sessionId];
      // Synchronous on purpose: while this process reads nothing, every key reaches the child.
      const {status, signal, error} = spawnSync('tmux', words, {stdio: 'inherit', env: env as NodeJS.ProcessEnv});
      if (error !== undefined) {
        return error.message;
      }
      return status === 0 ? null : `tmux attach ended with ${signal ?? `status ${status}`}`;
    },
  };
};
