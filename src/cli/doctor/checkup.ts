// What rigtop can see and cannot, judged line by line with a cure for each trouble. Pure.

import type {LoadedConfig} from '../../config/load.ts';
import {formatProblem} from '../../config/problem.ts';
import type {SourceStatus} from '../../core/domain/known.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {countOf} from '../../words/counts.ts';
import {sourceName} from '../../words/describe-source.ts';

export interface StatePaths {
  readonly directory: string;
  readonly journal: string;
  readonly plans: string;
}

export interface Check {
  readonly about: string;
  /** note: nothing wrong, but worth knowing. trouble: part of the fleet cannot be seen, or nothing can be acted on. */
  readonly state: 'ok' | 'note' | 'trouble';
  readonly detail: string;
  readonly cure: string | null;
}

export interface Surroundings {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly uid: number;
  readonly tmux: {readonly version: string | null; readonly because: string};
  /** Programs that only some things need, with their path or null. */
  readonly programs: readonly {readonly name: string; readonly path: string | null; readonly for: string}[];
  readonly terminal: {readonly term: string; readonly isTerminal: boolean; readonly unicode: boolean; readonly color: boolean};
  readonly paths: StatePaths;
  /** Why the state directory cannot be used; null when it can. */
  readonly stateTrouble: string | null;
}

const ok = (about: string, detail: string): Check => ({about, state: 'ok', detail, cure: null});
const note = (about: string, detail: string, cure: string | null = null): Check => ({about, state: 'note', detail, cure});
const trouble = (about: string, detail: string, cure: string): Check => ({about, state: 'trouble', detail, cure});

const SUPPORTED_NODE = 22;

const CURES: Readonly<Record<SourceStatus['source'], string>> = {
  tmux: 'if the server hangs, find out why (a stopped process, a full backlog) before killing anything it holds',
  zellij: 'ask it yourself: zellij list-sessions',
  herdr: 'ask it yourself: herdr session list',
  processes: 'mount /proc without hidepid, or run rigtop as the user whose fleet it is',
  listeners: 'sockets of other users need their rights; run rigtop as the user whose fleet it is',
  town: 'make the files of the town readable',
  ecluse: 'make .ecluse.toml and .ecluse/state.json readable and whole',
  botmux: 'make the session store readable',
  runtimes: 'make the file readable and whole, or remove it: the agent program writes it anew',
  register: 'make the file readable, or correct its paths in [[registers]]',
  config: 'correct the file; until then nothing is acted on',
  worktrees: 'look at .git there: its work trees are read from its files',
  rigtop: 'this is a fault of rigtop: report it with the snapshot that rigtop snapshot prints',
  ssh: 'make ssh HOST rigtop --version work without a question',
};

const checkSource = (status: SourceStatus): Check => {
  const {source, state, detail, hint} = status;
  const about = sourceName(status);
  if (state === 'ok') {
    return ok(about, detail);
  }
  return state === 'absent' ? note(about, detail) : trouble(about, detail, hint ?? CURES[source]);
};

const checkServers = ({servers}: Snapshot): readonly Check[] => {
  const stale = servers.filter(server => server.kind === 'tmux' && server.state === 'absent').length;
  return stale === 0
    ? []
    : [note('stale sockets', `${countOf(stale, 'socket file')} with no server behind`, 'harmless; they can be removed')];
};

const checkConfig = ({files, problems, notes, readOnly}: LoadedConfig): readonly Check[] => [
  ...(files.length === 0 ? [note('config', 'no file: the defaults hold')] : files.map(file => ok('config', file))),
  ...problems.map(problem => trouble('config', formatProblem(problem), 'correct the file; until then nothing is acted on')),
  ...notes.map(({file, message, hint}) => note('config', `${file}: ${message}`, hint)),
  ...(readOnly ? [note('config', 'read-only: nothing is acted on')] : []),
];

const checkNode = (node: string): Check =>
  Number(node.split('.')[0]) >= SUPPORTED_NODE
    ? ok('Node', node)
    : note('Node', `${node} is out of support`, 'install Node 22.12 or newer');

const checkIdentity = ({uid}: Surroundings, {self, processesComplete}: Snapshot): readonly Check[] => [
  uid === 0
    ? note('user', 'root: sees every process, and acts on none of other users')
    : ok('user', `uid ${uid}: acts on processes of this user only`),
  ...(processesComplete ? [] : [trouble('process table', 'not whole: processes of other users are hidden', CURES.processes)]),
  ...(self.pane === null ? [] : [note('here', `runs in pane ${self.pane.paneId} of ${self.pane.socket}: never touched`)]),
];

const checkTerminal = ({terminal}: Surroundings): Check =>
  terminal.isTerminal
    ? ok('terminal', `${terminal.term}, ${terminal.unicode ? 'UTF-8' : 'ASCII'}, ${terminal.color ? 'colour' : 'no colour'}`)
    : note('terminal', 'stdout is none: rigtop prints the report instead of the screen');

/** One line per fact, in the order a reader needs them. */
export const checkUp = (around: Surroundings, snapshot: Snapshot, config: LoadedConfig): readonly Check[] => [
  ok('rigtop', `${around.version} on ${around.platform}`),
  checkNode(around.node),
  around.tmux.version === null
    ? trouble('tmux', around.tmux.because, 'install tmux 3.2 or newer, and make sure it is on PATH')
    : ok('tmux', around.tmux.version),
  ...checkIdentity(around, snapshot),
  checkTerminal(around),
  ...snapshot.sources.map(checkSource),
  ...checkServers(snapshot),
  ...checkConfig(config),
  around.stateTrouble === null
    ? ok('state', around.paths.directory)
    : trouble('state', around.stateTrouble, 'an action whose intent cannot be written does not happen: make the directory writable'),
  ...around.programs.map(({name, path, for: use}) => (path === null ? note(name, `not on PATH: ${use}`) : ok(name, path))),
];
