// Reads what a played command needs to be understood: processes, sockets, files, tmux servers, containers. Read-only, each with a deadline.
import {type Known, known, unknown} from '../../core/domain/known.ts';
import {isInside} from '../../core/domain/paths.ts';
import {askProgram} from '../../core/os/ask-program.ts';
import {monotonicNow} from '../../core/os/clock.ts';
import {readControlGroups} from '../../core/os/control-groups.ts';
import {realFiles} from '../../core/os/files.ts';
import {readLightTable} from '../../core/os/light-table.ts';
import {readOpenFiles} from '../../core/os/open-files.ts';
import {probeSocket} from '../../core/os/socket-probe.ts';
import {readSocketUses} from '../../core/os/socket-uses.ts';
import {type Caller, type ContainerFact, type Facts, type Need, needKey, type TmuxServerFact} from '../../guard/facts.ts';
import {containerFormat, parseContainers} from '../../guard/read/read-containers.ts';
import {PANE_FORMAT, parseTmuxPanes} from '../../guard/read/tmux-panes.ts';

/** Longest script, build file or pid file that is read. */
const MOST_BYTES = 64 * 1024;
/** A program that is asked gets no longer, however much time there is. */
const PROGRAM_MS = 800;

type Env = Readonly<Record<string, string | undefined>>;

/** Files of the project are not followed out of it; null: there is none. */
const readFile = async (path: string, root: string): Promise<Known<string | null>> => {
  const file = await realFiles.readText(path, MOST_BYTES, isInside(path, root) ? root : undefined);
  if (file.state === 'missing') {
    return known(null);
  }
  return file.state === 'ok' ? known(file.value) : unknown(`${path}: ${file.because}`);
};

const readDirectory = async (path: string): Promise<Known<readonly string[]>> => {
  const names = await realFiles.list(path);
  if (names.state === 'missing') {
    return known([]);
  }
  return names.state === 'ok' ? known(names.value) : unknown(`${path}: ${names.because}`);
};

/** A socket that nobody answers at has no server; one that does not say so may have one. */
const readTmux = async (socket: string, env: Env, leftMs: number): Promise<Known<TmuxServerFact>> => {
  const answer = await probeSocket(socket, Math.min(PROGRAM_MS, leftMs));
  if (answer === 'missing' || answer === 'refused') {
    return known({socket, pid: null, sessions: []});
  }
  if (answer !== 'accepted') {
    return unknown(`the tmux server at ${socket} does not answer (${answer})`);
  }
  const panes = await askProgram('tmux', ['-u', '-S', socket, 'list-panes', '-a', '-F', PANE_FORMAT], {
    env,
    timeoutMs: Math.max(1, Math.min(PROGRAM_MS, leftMs)),
  });
  if (panes.state !== 'ok') {
    return unknown(panes.state === 'missing' ? 'tmux is not in PATH' : panes.because);
  }
  return known(parseTmuxPanes(socket, panes.stdout));
};

/** What says which containers an engine sees: with another store it would answer that there are none. */
const WHICH_CONTAINERS = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'CONTAINER_HOST',
  'CONTAINER_CONNECTION',
  'CONTAINER_SSHKEY',
  'CONTAINERS_CONF',
  'CONTAINERS_CONF_OVERRIDE',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINERD_ADDRESS',
  'CONTAINERD_NAMESPACE',
  'XDG_RUNTIME_DIR',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
];

/** An engine that is not installed ends nothing. */
const readContainers = async (engine: string, env: Env, leftMs: number): Promise<Known<readonly ContainerFact[]>> => {
  const answer = await askProgram(engine, ['ps', '-a', '--no-trunc', '--format', containerFormat(engine)], {
    env,
    timeoutMs: Math.max(1, Math.min(PROGRAM_MS, leftMs)),
    keep: WHICH_CONTAINERS,
  });
  if (answer.state === 'missing') {
    return known([]);
  }
  return answer.state === 'ok' ? known(parseContainers(answer.stdout)) : unknown(answer.because);
};

const put = <T>(facts: ReadonlyMap<string, T>, key: string, fact: T): ReadonlyMap<string, T> => new Map([...facts, [key, fact]]);

const answerOne = async (need: Need, facts: Facts, caller: Caller, env: Env, leftMs: number): Promise<Facts> => {
  switch (need.kind) {
    case 'processes':
      return {...facts, processes: readLightTable(leftMs)};
    case 'sockets':
      return {...facts, sockets: put(facts.sockets, needKey(need), readSocketUses(need.port, leftMs))};
    case 'control-groups':
      return {...facts, controlGroups: readControlGroups(leftMs)};
    case 'open-files':
      return {...facts, openFiles: put(facts.openFiles, need.path, readOpenFiles(need.path, leftMs))};
    case 'file':
      return {...facts, files: put(facts.files, need.path, await readFile(need.path, caller.root))};
    case 'directory':
      return {...facts, directories: put(facts.directories, need.path, await readDirectory(need.path))};
    case 'tmux':
      return {...facts, tmux: put(facts.tmux, need.socket, await readTmux(need.socket, env, leftMs))};
    case 'containers':
      return {...facts, containers: put(facts.containers, need.engine, await readContainers(need.engine, env, leftMs))};
  }
};

/** The facts with an answer to each need; what is not read by `until`, of the clock that does not jump, is not known. */
export const gather = async (needs: readonly Need[], facts: Facts, caller: Caller, env: Env, until: number): Promise<Facts> => {
  let known = facts;
  for (const need of needs) {
    known = await answerOne(need, known, caller, env, Math.max(0, until - monotonicNow()));
  }
  return known;
};
