// Which servers of tmux were seen: TMUX, TMUX_PANE and the names of sessions in an environment are tmux's alone (domain/pane-mark.ts), and a
// pane that was not seen is known to be gone only where all of its servers were asked. Pure.
import type {Server} from '../../domain/multiplexer.ts';
import type {Process} from '../../domain/process.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import type {Look} from './look.ts';
import {isMultiplexerServer, multiplexerName} from './program-kinds.ts';

const TMUX = 'tmux';

export const tmuxServers = ({servers}: Pick<Snapshot, 'servers'>): readonly Server[] => servers.filter(({kind}) => kind === TMUX);

/** The one that `tmux` without -L or -S speaks to: where a tool makes its sessions that says nothing else. */
export const defaultTmuxServer = (snapshot: Pick<Snapshot, 'servers'>): Server | null =>
  tmuxServers(snapshot).find(({name}) => name === 'default') ?? null;

/** Servers of this user that run although no socket led to them: any session may be on one. */
export const unlistedServers = ({snapshot, panes}: Pick<Look, 'snapshot' | 'panes'>): readonly Process[] =>
  [...snapshot.processes.values()].filter(
    process =>
      process.uid === snapshot.self.uid &&
      isMultiplexerServer(process) &&
      multiplexerName(process) === TMUX &&
      !panes.serverByPid.has(process.pid),
  );

/** Why not every tmux server of this user answered; null when each did or was proven absent. */
export const tmuxBlindness = (snapshot: Snapshot, settings: Settings): string | null => {
  if (settings.sockets !== null) {
    return 'only some tmux servers were looked at';
  }
  const silent = tmuxServers(snapshot).find(({state}) => state === 'unknown');
  if (silent !== undefined) {
    return `tmux server ${silent.name} could not be asked: ${silent.because}`;
  }
  const blind = snapshot.sources.find(source => source.source === TMUX && source.state === 'unknown');
  return blind === undefined ? null : `tmux ${blind.target}: ${blind.detail}`;
};
