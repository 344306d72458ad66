// What rigtop can see and cannot, judged line by line with a cure for each trouble. Pure.

import type {LoadedConfig} from '../../config/load.ts';
import {formatProblem} from '../../config/problem.ts';
import {type Check, note, ok, trouble} from '../../core/domain/check.ts';
import type {SourceStatus} from '../../core/domain/known.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {sourceName} from '../../words/describe-source.ts';

export interface StatePaths {
  readonly directory: string;
  readonly journal: string;
  readonly plans: string;
}

export interface Surroundings {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly uid: number;
  /** What the sources say of their programs. */
  readonly checks: readonly Check[];
  /** What to do where something could not be seen, by the name that it has in a look. */
  readonly cures: ReadonlyMap<string, string>;
  /** Programs that only some things need, with their path or null. */
  readonly programs: readonly {readonly name: string; readonly path: string | null; readonly for: string}[];
  readonly terminal: {readonly term: string; readonly isTerminal: boolean; readonly unicode: boolean; readonly color: boolean};
  readonly paths: StatePaths;
  /** Why the state directory cannot be used; null when it can. */
  readonly stateTrouble: string | null;
}

const SUPPORTED_NODE = 22;

const SEE_PROCESSES = 'mount /proc without hidepid, or run rigtop as the user whose fleet it is';

const CURES: ReadonlyMap<string, string> = new Map([
  ['processes', SEE_PROCESSES],
  ['listeners', 'sockets of other users need their rights; run rigtop as the user whose fleet it is'],
  ['config', 'correct the file; until then nothing is acted on'],
  ['worktrees', 'look at .git there: its work trees are read from its files'],
  ['rigtop', 'this is a fault of rigtop: report it with the snapshot that rigtop snapshot prints'],
  ['ssh', 'make ssh HOST rigtop --version work without a question'],
]);

const checkSource = (status: SourceStatus, cures: ReadonlyMap<string, string>): Check => {
  const {source, state, detail, hint} = status;
  const about = sourceName(status);
  if (state === 'ok') {
    return ok(about, detail);
  }
  return state === 'absent'
    ? note(about, detail)
    : trouble(about, detail, hint ?? cures.get(source) ?? CURES.get(source) ?? 'look there yourself: the reason says what was in the way');
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
  ...(processesComplete ? [] : [trouble('process table', 'not whole: processes of other users are hidden', SEE_PROCESSES)]),
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
  ...around.checks,
  ...checkIdentity(around, snapshot),
  checkTerminal(around),
  ...snapshot.sources.map(status => checkSource(status, around.cures)),
  ...checkConfig(config),
  around.stateTrouble === null
    ? ok('state', around.paths.directory)
    : trouble('state', around.stateTrouble, 'an action whose intent cannot be written does not happen: make the directory writable'),
  ...around.programs.map(({name, path, for: use}) => (path === null ? note(name, `not on PATH: ${use}`) : ok(name, path))),
];
