// The machine as the demo's screen may see it: its own fleet and what that hangs on, so that nothing else can be shown or acted on. Pure over the host.
import {ancestorsOf, type ProcessMap} from '../core/domain/forest.ts';
import type {Process} from '../core/domain/process.ts';
import type {CommandResult, Host, ListenerTable, MachineTables, ProcessTable} from '../core/os/host.ts';
import {DEMO_MARKER} from './behaviour.ts';
import {readManifest} from './manifest.ts';

const isMarked = ({env}: Process, id: string): boolean => env.known && env.value[DEMO_MARKER] === id;

/** Marked processes; their defunct children, whose environment is gone; everything above them; and this program. */
const visiblePids = (processes: ProcessMap, id: string, self: number): ReadonlySet<number> => {
  const marked = new Set([...processes.values()].filter(process => isMarked(process, id)).map(process => process.pid));
  const defunct = [...processes.values()].filter(({state, ppid}) => state === 'Z' && marked.has(ppid)).map(({pid}) => pid);
  return new Set([self, ...[...marked, ...defunct].flatMap(pid => [pid, ...ancestorsOf(processes, pid)])]);
};

const restrictProcesses = (table: ProcessTable, visible: ReadonlySet<number>): ProcessTable => ({
  ...table,
  processes: new Map([...table.processes].filter(([pid]) => visible.has(pid))),
});

const restrictListeners = (table: ListenerTable, isMember: (pid: number) => boolean): ListenerTable => ({
  ...table,
  listeners: table.listeners.filter(({owners}) => owners.known && owners.value.some(isMember)),
});

const restrictTables = (tables: MachineTables, id: string, self: number): MachineTables => {
  const {processes, listeners} = tables;
  if (!processes.known) {
    return tables;
  }
  const all = processes.value.processes;
  const visible = visiblePids(all, id, self);
  const isMember = (pid: number): boolean => {
    const process = all.get(pid);
    return process !== undefined && isMarked(process, id);
  };
  return {
    ...tables,
    processes: {known: true, value: restrictProcesses(processes.value, visible)},
    listeners: listeners.known ? {known: true, value: restrictListeners(listeners.value, isMember)} : listeners,
  };
};

/** Other multiplexers and container tools would tell of sessions that are not the demo's. */
const PROGRAMS: readonly string[] = ['tmux', 'git', 'flock', 'tee'];

const notInstalled: CommandResult = {stdout: '', stderr: '', exitCode: null, trouble: 'missing', tookMs: 0};

/** `host` must have been made with the demo's own environment and directory. */
export const demoHost = (host: Host, id: string): Host => ({
  ...host,
  run: async (file, args, options) => (PROGRAMS.includes(file) ? host.run(file, args, options) : notInstalled),
  readTables: async deadlineMs => restrictTables(await host.readTables(deadlineMs), id, host.pid),
});

/** The same for the demo in a directory; null where there is none. */
export const demoHostAt = (directory: string): ((host: Host) => Host) | null => {
  const id = readManifest(directory)?.id;
  return id === undefined ? null : host => demoHost(host, id);
};
