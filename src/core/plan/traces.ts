// What a process leaves behind that still tells where it came from after it has left its tree: environment, group, terminal session. Pure.
import {baseName} from '../../core/domain/paths.ts';
import type {ProcessMap} from '../domain/forest.ts';
import type {Process} from '../domain/process.ts';
import {staysBecause} from '../judge/programs/daemons.ts';
import {servesMany} from '../judge/programs/side-programs.ts';
import {isMultiplexerServer, isSystemdUnit, reaperName, supervisorName} from '../look/index/program-kinds.ts';

// The inits of containers adopt what loses its parent inside them, and look like any program from outside.
const CONTAINER_INITS = /^(tini|dumb-init|docker-init|catatonit|containerd-shim|bwrap|conmon|s6-svscan)/;

/** Whether a process has lost the parent that started it: the parent is one that adopts orphans, or not there. */
export const isAdopted = (process: Process, processes: ProcessMap): boolean => {
  const parent = processes.get(process.ppid);
  return (
    process.ppid <= 1 ||
    parent === undefined ||
    reaperName(parent) !== null ||
    isMultiplexerServer(parent) ||
    CONTAINER_INITS.test(parent.comm)
  );
};

// Programs that leave a session on purpose because they serve more than it: agents of keys, buses, containers, a town's own daemons.
const SHARED: readonly {readonly program: RegExp; readonly words: readonly string[]}[] = [
  {program: /^(ssh-agent|gpg-agent|scdaemon|keyboxd|dbus-daemon|dbus-launch|dockerd|containerd|watchman|mosh-server|sshd)$/, words: []},
  {program: /^gt$/, words: ['daemon']},
  {program: /^bd$/, words: ['daemon']},
  {program: /^dolt$/, words: ['sql-server']},
];

/** Whether this is a daemon that serves more than the pane it happens to have been started from. */
const isSharedDaemon = ({comm, argv}: Process): boolean => {
  const program = baseName(argv[0] ?? comm);
  return SHARED.some(shared => shared.program.test(program) && shared.words.every(word => argv.includes(word)));
};

const standsAlone = (process: Process): boolean =>
  isSharedDaemon(process) ||
  servesMany(process) ||
  staysBecause(process) !== null ||
  supervisorName(process) !== null ||
  isSystemdUnit(process);

/**
 * Whether a process has an owner of its own, so that the pane named in its environment says nothing about it: databases, browsers,
 * terminal windows and schedulers that were opened from a pane hand its variables to all they start.
 */
export const isKept = (process: Process, processes: ProcessMap): boolean => {
  const seen = new Set<number>();
  for (let each: Process | undefined = process; each !== undefined && !seen.has(each.pid); each = processes.get(each.ppid)) {
    // Who adopts everything keeps nothing.
    if (reaperName(each) !== null || isMultiplexerServer(each) || CONTAINER_INITS.test(each.comm)) {
      return false;
    }
    if (standsAlone(each)) {
      return true;
    }
    seen.add(each.pid);
  }
  return false;
};
