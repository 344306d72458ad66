// Looking into panes and handing the terminal to tmux, zellij or herdr. Reads and shows; nothing here changes a session, ends one or types into one.

import {randomBytes} from 'node:crypto';
import {complaintOf} from '../../words/complaints.ts';
import {parseTmux} from '../domain/pane-mark.ts';
import {type NamedKind, namedKind} from '../domain/session-server.ts';
import type {CommandOptions, Host} from './host.ts';
import {createStillness, type Stillness} from './stillness.ts';
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
  /**
   * The last `lines` lines of several panes of one server in one call, without colours. A pane that is gone has no entry. A server whose
   * pid is given, and that has not run since it showed the same panes, is not asked.
   */
  captureScreens(socket: string, paneIds: readonly string[], lines: number, serverPid?: number): Promise<ReadonlyMap<string, string>>;
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
const attachByName = (kind: NamedKind, name: string, readOnly: boolean, env: Host['env']): string | null => {
  if (readOnly || name === '' || name.startsWith('-')) {
    return readOnly ? `${kind} shows a session only to write in it` : `${kind} cannot be given this name`;
  }
  return runInTerminal(kind, kind === 'zellij' ? ['attach', name] : ['session', 'attach', name], env);
};

/** Eight words for each; tmux takes a thousand in one command from 3.8 on. */
const PANES_PER_QUESTION = 100;

interface Screens {
  /** Which panes, and how much of each. */
  readonly asked: string;
  readonly screens: ReadonlyMap<string, string>;
}

const sameScreens = (a: Screens, b: Screens): boolean =>
  a.asked === b.asked && a.screens.size === b.screens.size && [...a.screens].every(([id, text]) => b.screens.get(id) === text);

/** The commands that print each pane under its mark. */
export const captureWords = (mark: string, paneIds: readonly string[]): readonly string[] =>
  paneIds
    // display-message runs its text through strftime(3), where the % of a pane's id would begin a conversion: doubled, it is itself.
    .flatMap(id => ['display-message', '-p', `${mark}${id.replaceAll('%', '%%')}`, ';', 'capture-pane', '-p', '-t', id, ';'])
    .slice(0, -1);

/** What was printed → pane and its last lines, in the order of the question. */
export const parseScreens = (text: string, mark: string, lines: number): readonly (readonly [string, string])[] =>
  text
    .split(mark)
    .slice(1)
    .map(part => {
      const [id = '', ...shown] = part.split('\n');
      return [id, shown.join('\n').trimEnd().split('\n').slice(-lines).join('\n')] as const;
    });

type Spoken = Captured & {readonly stdout: string};

const speakTo = async (host: Host, socket: string, words: readonly string[], own?: CommandOptions['env']): Promise<Spoken> => {
  const closed = await distrustSocket(host, socket);
  if (closed !== null) {
    return {ok: false, because: closed, stdout: ''};
  }
  const ran = await host.run('tmux', tmux(socket, ...words), {
    timeoutMs: TIMEOUT_MS,
    ...(own === undefined ? {} : {env: own}),
  });
  const {stdout} = ran;
  const because = complaintOf('tmux', ran);
  return because === null ? {ok: true, text: stdout, stdout} : {ok: false, because, stdout};
};

/** The last lines of many panes, a hundred in one call; of a server that has not run since, what it said last. */
const createScreens = (
  host: Host,
  speak: (socket: string, words: readonly string[]) => Promise<Spoken>,
): {readonly capture: HandOver['captureScreens']} => {
  const captureSome = async (socket: string, paneIds: readonly string[], lines: number): Promise<ReadonlyMap<string, string>> => {
    // Random, so that no text in a pane can pretend to be the next pane.
    const mark = `=${randomBytes(8).toString('hex')}=`;
    const {stdout, ok} = await speak(socket, captureWords(mark, paneIds));
    const screens = parseScreens(stdout, mark, lines);
    // tmux stops at the first command that fails, at the capture of a pane that has ended for example: what was printed before is good.
    const whole = ok ? screens : screens.slice(0, -1);
    return new Map(whole.filter(([id]) => paneIds.includes(id)));
  };

  const stills = new Map<string, Stillness<Screens>>();

  const captureAll = async (socket: string, paneIds: readonly string[], lines: number): Promise<ReadonlyMap<string, string>> => {
    const screens = new Map<string, string>();
    for (let from = 0; from < paneIds.length; from += PANES_PER_QUESTION) {
      for (const [id, text] of await captureSome(socket, paneIds.slice(from, from + PANES_PER_QUESTION), lines)) {
        screens.set(id, text);
      }
    }
    return screens;
  };

  return {
    capture: async (socket, paneIds, lines, serverPid = -1) => {
      const asked = `${lines} ${paneIds.join(' ')}`;
      const still = stills.get(socket) ?? createStillness(sameScreens);
      stills.set(socket, still);
      const before = host.pulses?.read(serverPid) ?? null;
      const held = still.holds(before, host.monotonicMs());
      if (held?.value.asked === asked) {
        return held.value.screens;
      }
      const screens = await captureAll(socket, paneIds, lines);
      host.pulses?.excuse(serverPid, before);
      still.note({asked, screens}, before, host.pulses?.read(serverPid) ?? null, host.monotonicMs());
      return screens;
    },
  };
};

/** Built once per screen. `attach` gets what a client that shows a session needs, everything else the least. */
export const createHandOver = (host: Host): HandOver => {
  const {TMUX, TMUX_PANE} = host.env;
  const env = clientEnvironment(host.env);
  const ownSocket = parseTmux(TMUX)?.socket;

  const ask = async (socket: string, ...words: readonly string[]): Promise<Captured> => {
    const {stdout: _, ...captured} = await speak(socket, words);
    return captured;
  };

  const speak = (socket: string, words: readonly string[], own?: CommandOptions['env']): Promise<Spoken> =>
    speakTo(host, socket, words, own);
  const screens = createScreens(host, speak);

  return {
    capturePane: ({socket, paneId}, lines) => ask(socket, 'capture-pane', '-p', '-e', '-S', String(-lines), '-t', paneId),

    captureScreens: screens.capture,

    isOwnServer: socket => socket !== '' && socket === ownSocket,

    // The one call that is made from where we are: tmux finds the client that shows our pane by TMUX and TMUX_PANE.
    switchClient: async ({socket, sessionId, paneId}) => {
      const words = ['switch-client', '-t', paneId ?? sessionId];
      const switched = await speak(socket, words, {TMUX, TMUX_PANE});
      return switched.ok ? null : switched.because;
    },

    attach: ({socket, sessionId, paneId, name}, {readOnly}) => {
      const kind = namedKind(socket);
      if (kind !== null) {
        return attachByName(kind, name ?? '', readOnly, env);
      }
      // Which window a session shows is everybody's who looks at it: a read-only visitor leaves it as it is.
      const select = readOnly || paneId === null ? [] : ['select-window', '-t', paneId, ';', 'select-pane', '-t', paneId, ';'];
      return runInTerminal('tmux', ['-S', socket, ...select, 'attach-session', ...(readOnly ? ['-r'] : []), '-t', sessionId], env);
    },
  };
};
