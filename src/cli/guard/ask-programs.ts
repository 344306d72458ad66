// What a played command needs to know of tmux servers, containers and units: asked of the programs themselves. Apart, because most commands need none.
import {type Known, known, unknown} from '../../core/domain/known.ts';
import {askProgram} from '../../core/os/ask-program.ts';
import {probeSocket} from '../../core/os/socket-probe.ts';
import {locateProgram} from '../../core/os/surroundings.ts';
import type {ContainerFact, Need, TmuxServerFact, UnitFact} from '../../guard/facts.ts';
import {containerFormat, parseContainers} from '../../guard/read/read-containers.ts';
import {parseUnits, UNIT_PROPERTIES} from '../../guard/read/read-units.ts';
import {PANE_FORMAT, parseTmuxPanes} from '../../guard/read/tmux-panes.ts';

/** A program that is asked gets no longer, however much time there is. */
const PROGRAM_MS = 800;

type Env = Readonly<Record<string, string | undefined>>;

/** A socket that nobody answers at has no server; one that does not say so may have one. */
export const readTmux = async (socket: string, env: Env, leftMs: number): Promise<Known<TmuxServerFact>> => {
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
export const readContainers = async (engine: string, env: Env, leftMs: number): Promise<Known<readonly ContainerFact[]>> => {
  const answer = await askProgram(engine, ['ps', '-a', '--no-trunc', '--format', containerFormat(engine)], {
    env,
    timeoutMs: Math.max(1, Math.min(PROGRAM_MS, leftMs)),
    keep: WHICH_CONTAINERS,
  });
  if (answer.state === 'missing') {
    // A compose of its own speaks to an engine without the engine's program.
    return engine === 'docker' && typeof locateProgram('docker-compose', env.PATH) === 'object'
      ? unknown('docker-compose can end containers, and there is no docker that could be asked for them')
      : known([]);
  }
  return answer.state === 'ok' ? known(parseContainers(answer.stdout)) : unknown(answer.because);
};

const UNIT_NAME = /^[\w@:.\\-]+$/;
/** What systemctl says where no systemd runs that it could order about. */
const NO_SYSTEMD = /not been booted with systemd|Failed to connect to (?:system scope |user scope )?bus|Failed to get D-Bus connection/i;

/** All that are loaded, and these. */
export const readUnits = async (
  {isUser, names}: Extract<Need, {kind: 'units'}>,
  env: Env,
  leftMs: number,
): Promise<Known<readonly UnitFact[] | null>> => {
  // As systemd makes it; the command may name it where the hook is not told it.
  const runtime = env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.()}`;
  const shown = ['--no-pager', ...(isUser ? ['--user'] : []), 'show', `--property=${UNIT_PROPERTIES}`, '--', '*'];
  const answer = await askProgram('systemctl', [...shown, ...names.filter(name => UNIT_NAME.test(name))], {
    env: {...env, XDG_RUNTIME_DIR: runtime},
    timeoutMs: Math.max(1, Math.min(PROGRAM_MS, leftMs)),
    keep: ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'],
  });
  if (answer.state === 'missing') {
    return known(null);
  }
  if (answer.state === 'ok') {
    return known(parseUnits(answer.stdout));
  }
  return NO_SYSTEMD.test(answer.because) ? known(null) : unknown(answer.because);
};
