// Whether every tmux server of this user could be asked: only then is a pane that was not seen known to be gone. Pure.
import type {Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';

/** Why not every tmux server of this user answered; null when each did or was proven absent. */
export const multiplexerBlindness = (snapshot: Snapshot, settings: Settings): string | null => {
  if (settings.sockets !== null) {
    return 'only some tmux servers were looked at';
  }
  const silent = snapshot.servers.find(server => server.kind === 'tmux' && server.state === 'unknown');
  if (silent !== undefined) {
    return `tmux server ${silent.name} could not be asked: ${silent.because}`;
  }
  const blind = snapshot.sources.find(source => source.source === 'tmux' && source.state === 'unknown');
  return blind === undefined ? null : `tmux ${blind.target}: ${blind.detail}`;
};
