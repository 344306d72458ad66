// Whether the absence of a session can be told at all from one look. Pure.
import type {Settings} from '../domain/settings.ts';
import type {Snapshot} from '../domain/snapshot.ts';

/**
 * Why a session that was not seen may exist nevertheless; null when every tmux server of this user answered or was proven
 * absent. A worker's session may be left on any socket, so one server without an answer is enough.
 */
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
