// Programs that stay on purpose: what they say of themselves on their command line. Pure.
import type {Process} from '../domain/process.ts';
import {plainName, scriptOf} from './programs.ts';
import {isToldToStay} from './side-programs.ts';

type Program = Pick<Process, 'comm' | 'argv'>;

/** Longer command lines hold prompts and lists; what a program is for stands at the beginning. */
const MOST_WORDS = 16;
const DAEMON = /(?:^|[-_.:])daemon(?:$|[-_.:=])|Daemon$/;
/** Directories count as well: `nx/src/daemon/server/start.js`, `mcp/build/src/daemon/daemon.js`. */
const NEAREST_DIRECTORIES = 3;
/** A child that serves its starter over pipes (`esbuild --service=0.25`): it ends with it. */
const SERVICE = /^--service(?:=|$)/;
const UNIX_SOCKET = /^(?:-{1,2}[\w-]+=)?(?:unix:|\/.*\.(?:sock|socket)$)/;
/** A plug-in is installed for all sessions of its program, in a hidden directory of the home: `~/.claude/plugins/…`. */
const PLUG_IN = /\/\.[^/]+\/(?:[^/]+\/)*(?:plugins?|extensions?)\//;

const namesDaemon = (word: string): boolean =>
  word
    .split('/')
    .slice(-NEAREST_DIRECTORIES)
    .some(part => DAEMON.test(part));

/** Why a program’s own command line says that it is meant to outlive who started it; null where it does not. */
export const staysBecause = (process: Program): string | null => {
  if (isToldToStay(process)) {
    return 'it was told to go into the background by itself: it is meant to outlive who started it';
  }
  const words = process.argv.slice(1, MOST_WORDS).filter(word => !/\s/.test(word));
  const daemon = DAEMON.test(plainName(process.argv[0] ?? process.comm)) ? process.comm : words.find(namesDaemon);
  if (daemon !== undefined) {
    return `its command line calls it a daemon (${daemon.slice(-60)}): others may use it`;
  }
  if (words.some(word => SERVICE.test(word))) {
    return 'its command line calls it a service: it serves who started it, and ends by itself';
  }
  const socket = words.find(word => UNIX_SOCKET.test(word));
  return socket === undefined ? null : `it serves a socket (${socket.slice(-60)}): others may use it`;
};

/** Whether a program is a plug-in’s own: it serves every session of the agent program, not the one that was first. */
export const isPlugIn = ({argv}: Program): boolean => PLUG_IN.test(scriptOf(argv)?.path ?? argv[0] ?? '');
