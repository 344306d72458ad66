// The pane that an environment names: what tmux writes into TMUX and TMUX_PANE of every program that it starts. Pure.
import type {Process} from './process.ts';
import {remembered} from './remember.ts';

type Env = Readonly<Record<string, string>>;

/** `TMUX=socket,server pid,session number`. */
export interface TmuxMark {
  readonly socket: string;
  readonly serverPid: number | null;
}

/** TMUX with `TMUX_PANE`. */
export interface PaneMark extends TmuxMark {
  readonly paneId: string;
}

/**
 * What TMUX says (tmux(1), ENVIRONMENT), or null. The socket's path may hold commas: the two numbers are the last fields. The session of
 * a job (`run-shell`) is -1.
 */
export const parseTmux = (text: string | undefined): TmuxMark | null => {
  const [, socket, serverPid] = /^(.+?)(?:,(-?\d+))?(?:,(-?\d+))?$/s.exec(text ?? '') ?? [];
  const pid = Number(serverPid ?? 0);
  return socket === undefined ? null : {socket, serverPid: pid > 1 ? pid : null};
};

/** The pane an environment names, or null. */
export const parsePaneMark = remembered((env: Env): PaneMark | null => {
  const tmux = parseTmux(env.TMUX);
  const paneId = env.TMUX_PANE ?? '';
  return tmux === null || !/^%\d+$/.test(paneId) ? null : {...tmux, paneId};
});

/** Identity of a pane for the life of its server: `%7` of another server, or of the same socket after a restart, is another pane. */
export const paneMark = (socket: string, serverPid: number | null, paneId: string): string =>
  `${socket}\u0000${serverPid ?? ''}\u0000${paneId}`;

/** The pane that an environment names, as `paneMark` writes it. */
export const paneMarkIn = (env: Env): string | null => {
  const mark = parsePaneMark(env);
  return mark === null ? null : paneMark(mark.socket, mark.serverPid, mark.paneId);
};

/** The pane a process was started in. Both variables must be there: the environment of another server's `run-shell` keeps a TMUX_PANE. */
export const paneMarkOf = ({env}: Pick<Process, 'env'>): string | null => (env.known ? paneMarkIn(env.value) : null);
