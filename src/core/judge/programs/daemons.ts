// Programs that stay on purpose: what they say of themselves on their command line. Pure.
import {knownValue} from '../../domain/known.ts';
import type {Process} from '../../domain/process.ts';
import {plainName, scriptOf} from '../../look/index/program-of.ts';
import {isToldToStay, type SideKind} from './side-programs.ts';
import {MOST_WORDS} from './verbs.ts';

type Program = Pick<Process, 'comm' | 'argv'>;

const DAEMON = /(?:^|[-_.:])daemon(?:$|[-_.:=])|Daemon$/;
/** Directories count as well: `nx/src/daemon/server/start.js`, `mcp/build/src/daemon/daemon.js`. */
const NEAREST_DIRECTORIES = 3;
/** A child that serves its starter over pipes (`esbuild --service=0.25`): it ends with it. */
const SERVICE = /^--service(?:=|$)/;
const UNIX_SOCKET = /^(?:-{1,2}[\w-]+=)?(?:unix:|\/.*\.(?:sock|socket)$)/;
/** `-pipename:…` of a compiler’s server, `/nodeReuse:true` of a node that builds: the next build takes it again. */
const KEPT = /^(?:--?|\/)(?:pipename[:=]|node-?reuse[:=]true)/i;
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
  const kept = words.find(word => KEPT.test(word));
  if (kept !== undefined) {
    return `it is kept for the next one who needs it (${kept.slice(0, 60)}): others may use it`;
  }
  const socket = words.find(word => UNIX_SOCKET.test(word));
  return socket === undefined ? null : `it serves a socket (${socket.slice(-60)}): others may use it`;
};

/** Whether a program is a plug-in’s own: it serves every session of the agent program, not the one that was first. */
export const isPlugIn = ({argv}: Program): boolean => PLUG_IN.test(scriptOf(argv)?.path ?? argv[0] ?? '');

/** `--port 8080`, `--transport sse`, `--http`, `--tcp`: what is usually talked to over pipes, told to listen for whoever comes. */
const LISTENS = /^--?(?:port|listen|sse|http|tcp|streamable-?http|ws|websocket)(?:=|$)/i;
const TRANSPORT = /^--?(?:transport|mode|type)(?:=(.+))?$/;
/** Any port but 0, which is a number that only the driver is told. */
const DEBUGGED = /^--remote-debugging-port=0*[1-9]/;

/**
 * Why a companion that usually has one client is open to others, by its own command line; null where it is not. A tool server or language
 * server talks over pipes, a driven browser over a pipe or a port that nobody else is told.
 */
export const sharedBecause = (kind: SideKind | null, {argv}: Program): string | null => {
  if (kind === 'browser') {
    const port = argv.find(word => DEBUGGED.test(word));
    return port === undefined ? null : `it was given a port that everybody can know (${port}): others may drive it`;
  }
  if (kind !== 'MCP server' && kind !== 'language server') {
    return null;
  }
  const words = argv.slice(1, MOST_WORDS);
  const at = words.findIndex((word, index) => {
    const transport = TRANSPORT.exec(word);
    return LISTENS.test(word) || (transport !== null && !/^(?:stdio|)$/.test(transport[1] ?? words[index + 1] ?? ''));
  });
  return at < 0
    ? null
    : `it was told to listen for whoever comes (${words
        .slice(at, at + 2)
        .join(' ')
        .slice(0, 60)}): others may use it`;
};

/**
 * Whether a program made itself a daemon, as daemon(7) has it: it leads a session of its own without a terminal, and left the directory in
 * which it was started for the top of the file system, so as not to keep anything in use.
 */
export const madeItselfDaemon = ({pid, sid, tty, cwd}: Process): boolean => sid === pid && tty === null && knownValue(cwd) === '/';
