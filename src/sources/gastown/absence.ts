// Whether the absence of a session can be told at all from one look. Pure.
import {isInside} from '../../core/domain/paths.ts';
import type {Process} from '../../core/domain/process.ts';
import type {Settings} from '../../core/domain/settings.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Town} from '../../core/domain/town.ts';
import {indexLook} from '../../core/look/index/look.ts';
import {tmuxBlindness, unlistedServers} from '../../core/look/index/tmux-servers.ts';
import {claimProcess} from './town-claims.ts';

export interface Blindness {
  /** Why a session of this town that was not seen may exist nevertheless; null when it cannot. */
  ofTown(town: Town): string | null;
  /** The same for whoever works in a directory. */
  ofDirectory(path: string): string | null;
}

/**
 * A worker's session may be left on any socket, so one server without an answer is enough. The same holds for a server that runs
 * although no socket led to it (another TMUX_TMPDIR, a deleted socket), where something below it speaks of the town.
 */
export const createBlindness = (snapshot: Snapshot, settings: Settings): Blindness => {
  const general = tmuxBlindness(snapshot, settings);
  const hidden = general === null ? hiddenMembers(snapshot) : [];
  const among = (concerns: (process: Process) => boolean): string | null => {
    const member = hidden.find(({process}) => !process.env.known || !process.cwd.known || concerns(process));
    return member === undefined ? general : `tmux server ${member.server} runs on a socket that was not found`;
  };
  const towns = new Map<Town, string | null>();
  return {
    ofTown: town => {
      const known = towns.get(town);
      const because = known === undefined ? among(process => claimProcess([town], process) !== null) : known;
      towns.set(town, because);
      return because;
    },
    ofDirectory: path => among(process => process.cwd.known && isInside(process.cwd.value, path)),
  };
};

interface HiddenMember {
  readonly server: number;
  readonly process: Process;
}

/** What lives below tmux servers of this user that no socket led to. */
const hiddenMembers = (snapshot: Snapshot): readonly HiddenMember[] => {
  const look = indexLook(snapshot);
  return unlistedServers(look).flatMap(server =>
    look
      .treeOf(server.pid)
      .slice(1)
      .filter(({state}) => state !== 'Z')
      .map(process => ({server: server.pid, process})),
  );
};
