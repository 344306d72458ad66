// Looking into panes and handing the terminal to a multiplexer. Reads and shows, and keeps texts to paste; nothing here changes a session, ends one or types into one.
import type {Host} from '../os/host.ts';
import {clientEnvironment} from '../os/surroundings.ts';
import {runInTerminal} from '../os/terminal-program.ts';
import type {LookingSource} from './looking-source.ts';
import {type Captured, multiplexerAt, type PaneAddress, type SessionAddress} from './multiplexer-source.ts';

export interface HandOver {
  /** The last lines of a pane, with their colours as SGR sequences. */
  capturePane(pane: PaneAddress, lines: number): Promise<Captured>;
  /** Whether rigtop itself runs in a pane of that server. */
  isOwnServer(socket: string): boolean;
  /** Keep a text where the multiplexer around rigtop pastes from; whether it did, null where there is none that keeps texts. */
  keepText(text: string): Promise<boolean | null>;
  /** Show a session in the client that shows rigtop. Resolves to the reason when it could not, else to null. */
  switchClient(session: SessionAddress): Promise<string | null>;
  /** Show a session in this terminal until its client ends. Blocks everything. Returns the reason when it could not, else null. */
  attach(session: SessionAddress, options: {readonly readOnly: boolean}): string | null;
}

const unknownAt = (socket: string): string => `rigtop knows no multiplexer that serves ${socket}`;

/** Built once per screen. `attach` gets what a client that shows a session needs, everything else the least. */
export const createHandOver = (host: Host, sources: readonly LookingSource[]): HandOver => {
  const env = clientEnvironment(host.env);
  const own = sources.flatMap(({multiplexer}) => multiplexer?.switching?.ownSocket(host.env) ?? []);
  return {
    capturePane: async (pane, lines) =>
      (await multiplexerAt(sources, pane.socket)?.capture?.pane(host, pane, lines)) ?? {ok: false, because: 'its text cannot be read'},
    isOwnServer: socket => socket !== '' && own.includes(socket),
    keepText: async text => {
      const around = sources.flatMap(({multiplexer}) => {
        const socket = multiplexer?.switching?.ownSocket(host.env);
        return multiplexer?.switching?.keepText === undefined || socket === undefined
          ? []
          : [{keep: multiplexer.switching.keepText, socket}];
      })[0];
      return around === undefined ? null : around.keep(host, around.socket, text);
    },
    switchClient: async session => {
      const switching = multiplexerAt(sources, session.socket)?.switching;
      return switching === undefined ? unknownAt(session.socket) : switching.switchClient(host, session);
    },
    attach: (session, options) => {
      const program = multiplexerAt(sources, session.socket)?.attach(session, options) ?? {because: unknownAt(session.socket)};
      return 'because' in program ? program.because : runInTerminal(program.file, program.args, env);
    },
  };
};
