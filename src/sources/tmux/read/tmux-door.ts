// Whether a tmux socket may be spoken to at all: whoever serves it gets our environment and may make the client run a program. Reads only.
import {basename, dirname} from 'node:path';
import type {FileInfo, FileRead, Host} from '../../../core/os/host.ts';

type Door = Pick<Host, 'files' | 'uid'>;

/** TMUX_SOCK_PERM in tmux.h, which tmux itself insists on for its directory. */
const OTHERS = 0o007;
const OTHERS_WRITE = 0o002;
/** In a sticky directory only its owner, and that of an entry, may rename or remove the entry (unlink(2)). */
const STICKY = 0o1000;

const octal = (mode: number): string => (mode & 0o777).toString(8);

/** tmux's own rule for its socket directory (make_label in tmux.c): a directory, ours, closed to others. Null for one that is not there. */
export const distrustDirectory = async ({files, uid}: Door, directory: string): Promise<string | null> => {
  const info = await files.inspect(directory);
  if (info.state !== 'ok') {
    return info.state === 'missing' ? null : info.because;
  }
  const {kind, uid: owner, mode} = info.value;
  if (kind !== 'directory') {
    return kind === 'link' ? 'it is a symbolic link' : 'it is no directory';
  }
  if (owner !== uid) {
    return `it belongs to user ${owner}`;
  }
  return (mode & OTHERS) === 0 ? null : `other users may enter it (mode ${octal(mode)})`;
};

/** A directory on the way in which every user may put another one in the place of the next; null when there is none. */
const findOpenAncestor = async ({files}: Door, path: string): Promise<string | null> => {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const info = await files.inspect(directory);
    if (info.state === 'ok' && (info.value.mode & (OTHERS_WRITE | STICKY)) === OTHERS_WRITE && info.value.kind === 'directory') {
      return `every user may write in ${directory}`;
    }
    if (directory === dirname(directory)) {
      return null;
    }
  }
};

const objection = (info: FileRead<FileInfo>, uid: number): string | null => {
  if (info.state !== 'ok') {
    // That there is none, or that it may not be seen, is for the connection to say.
    return null;
  }
  if (info.value.kind !== 'socket') {
    return 'it is no socket';
  }
  return info.value.uid === uid ? null : `it belongs to user ${info.value.uid}`;
};

/**
 * Why no connection is made to this socket; null when it may be. It has to be a socket of ours, where nobody else can put another in its
 * place: in tmux's own directory by tmux's rule, anywhere else by the directories above it. A link counts as what it leads to. Asked anew
 * before each look, because a directory may change hands.
 */
export const distrustSocket = async (door: Door, socket: string): Promise<string | null> => {
  const link = await door.files.inspect(socket);
  const real = link.state === 'ok' && link.value.kind === 'link' ? await door.files.realPath(socket) : null;
  const place = real?.state === 'ok' ? real.value : socket;
  const directory = dirname(place);
  const closed = basename(directory) === `tmux-${door.uid}` ? await distrustDirectory(door, directory) : null;
  const because =
    closed === null
      ? ((await findOpenAncestor(door, place)) ?? objection(place === socket ? link : await door.files.inspect(place), door.uid))
      : `its directory ${directory}: ${closed}`;
  return because === null ? null : `not spoken to: ${because}`;
};
