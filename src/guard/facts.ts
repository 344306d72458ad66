// What the guard knows of the machine when it answers: everything is asked for by name, and what was not read yet is a need. Pure records.
import type {Known} from '../core/domain/known.ts';
import type {ListedProcess, SocketUse, TerminalProcess} from '../core/domain/socket-use.ts';

export interface TmuxPaneFact {
  readonly id: string;
  readonly pid: number;
}

export interface TmuxWindowFact {
  readonly id: string;
  readonly index: number;
  readonly name: string;
  readonly active: boolean;
  readonly panes: readonly (TmuxPaneFact & {readonly active: boolean})[];
}

export interface TmuxSessionFact {
  readonly id: string;
  readonly name: string;
  /** Seconds since the epoch of its last use: what tmux takes where nothing is named. */
  readonly activity: number;
  readonly windows: readonly TmuxWindowFact[];
}

/** A tmux server by its socket; no sessions and no pid where none runs there. */
export interface TmuxServerFact {
  readonly socket: string;
  readonly pid: number | null;
  readonly sessions: readonly TmuxSessionFact[];
}

export interface ContainerFact {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
  /** Compose project, and the directory it was brought up from; empty where it is none of compose’s. */
  readonly project: string;
  readonly service: string;
  readonly directory: string;
}

/** A unit of systemd, and what systemd stops along with it. */
export interface UnitFact {
  readonly id: string;
  /** With its aliases. */
  readonly names: readonly string[];
  /** Empty where nothing of it runs. */
  readonly controlGroup: string;
  readonly killMode: string;
  /** 0 where there is none. */
  readonly mainPid: number;
  /** Units that are stopped with it. */
  readonly stops: readonly string[];
  /** Those of these that are stopped however it ends. */
  readonly bound: readonly string[];
  /** Units that are stopped where it starts. */
  readonly conflicts: readonly string[];
  /** Shell text that runs as it stops, and as it is reloaded. */
  readonly onStop: readonly string[];
  readonly onReload: readonly string[];
}

/** What may have to be read before a command is understood. */
export type Need =
  /** Everybody, with their words and whose they are. */
  | {readonly kind: 'processes'}
  /** Everybody by their stat line: half of the time of that. */
  | {readonly kind: 'listed'}
  /** Everybody's command line alone. */
  | {readonly kind: 'lines'}
  /** One, with its words and whose it is. */
  | {readonly kind: 'process'; readonly pid: number}
  | {readonly kind: 'sockets'; readonly port: number | null}
  | {readonly kind: 'file'; readonly path: string}
  | {readonly kind: 'directory'; readonly path: string}
  /** What /proc/PID/cwd or /proc/PID/exe leads to. */
  | {readonly kind: 'link'; readonly path: string}
  | {readonly kind: 'tmux'; readonly socket: string}
  | {readonly kind: 'containers'; readonly engine: string}
  | {readonly kind: 'open-files'; readonly path: string}
  /** Of the system’s systemd or of the user’s own; `names` may not be loaded yet. */
  | {readonly kind: 'units'; readonly isUser: boolean; readonly names: readonly string[]}
  | {readonly kind: 'control-groups'};

export const needKey = (need: Need): string => {
  switch (need.kind) {
    case 'file':
    case 'directory':
    case 'link':
    case 'open-files':
      return `${need.kind}:${need.path}`;
    case 'tmux':
      return `tmux:${need.socket}`;
    case 'containers':
      return `containers:${need.engine}`;
    case 'process':
      return `process:${need.pid}`;
    case 'units':
      return `units:${need.isUser ? 'user' : 'system'}:${need.names.join()}`;
    case 'sockets':
      return `sockets:${need.port ?? ''}`;
    default:
      return need.kind;
  }
};

/** Who the command would run as, and from where. */
export interface Caller {
  /** The process that runs the agent’s tools: `$PPID` of its tool shells. Null where that cannot be told. */
  readonly runtimePid: number | null;
  readonly uid: number;
  readonly user: string;
  readonly home: string;
  readonly cwd: string;
  /** Where projects end: scripts and build files are read below this directory only. */
  readonly root: string;
  /** Variables that the tool shell has as the guard has them. */
  readonly variables: ReadonlyMap<string, string>;
  /** The default socket of tmux, and the session and pane it would run in. */
  readonly tmux: {readonly directory: string; readonly socket: string; readonly pane: string | null};
}

/** Answers to needs. What is missing was not asked for yet; what is not known could not be read. */
export interface Facts {
  readonly processes?: Known<ReadonlyMap<number, TerminalProcess>>;
  readonly listed?: Known<ReadonlyMap<number, ListedProcess>>;
  /** As ps has them: see `fullLine`. */
  readonly lines?: Known<ReadonlyMap<number, string>>;
  /** By the number that was asked for, which may be that of a thread. Null: there is none. */
  readonly single: ReadonlyMap<number, Known<TerminalProcess | null>>;
  readonly sockets: ReadonlyMap<string, Known<readonly SocketUse[]>>;
  /** Null: there is no such file. */
  readonly files: ReadonlyMap<string, Known<string | null>>;
  readonly directories: ReadonlyMap<string, Known<readonly string[]>>;
  /** Null: there is no such link. */
  readonly links: ReadonlyMap<string, Known<string | null>>;
  readonly tmux: ReadonlyMap<string, Known<TmuxServerFact>>;
  readonly containers: ReadonlyMap<string, Known<readonly ContainerFact[]>>;
  /** Pids of everybody who has a file, a directory or what is below it open. */
  readonly openFiles: ReadonlyMap<string, Known<readonly number[]>>;
  /** By the key of the need. Null: no systemd runs here that could be asked. */
  readonly units: ReadonlyMap<string, Known<readonly UnitFact[] | null>>;
  /** Control group of every process, by pid. */
  readonly controlGroups?: Known<ReadonlyMap<number, string>>;
}

export const NO_FACTS: Facts = {
  single: new Map(),
  sockets: new Map(),
  files: new Map(),
  directories: new Map(),
  links: new Map(),
  tmux: new Map(),
  containers: new Map(),
  openFiles: new Map(),
  units: new Map(),
};
