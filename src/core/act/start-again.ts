// Starts again what a restart has proven gone, and waits until it is seen to be up. Through host.run and the multiplexer only; nothing is signalled.

import {complaintOf} from '../../words/complaints.ts';
import {oneLine} from '../domain/command-line.ts';
import {ancestorsOf, type ProcessMap} from '../domain/forest.ts';
import {matchesGlob} from '../domain/glob.ts';
import type {StartOutcome} from '../domain/outcome.ts';
import {baseName, isInside} from '../domain/paths.ts';
import type {PlanStart, StartByCommand, StartInWindow} from '../domain/plan.ts';
import type {CommandResult, Host} from '../os/host.ts';
import {type Control, controlOf} from './acting-source.ts';

export interface StartParts {
  readonly host: Host;
  /** Who opens windows. */
  readonly controls: readonly Control[];
  /** Whether a process is an agent program. */
  readonly isRuntime: (pid: number, processes: ProcessMap) => boolean;
}

const TABLE_MS = 8000;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
const SHOWN_LINES = 8;

const lastLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(oneLine)
    .filter(line => line !== '')
    .slice(-SHOWN_LINES);

/** What is to be taken out of the environment: names, and globs over names. */
const removed = (host: Host, patterns: readonly string[]): Record<string, undefined> => {
  const matches = (name: string): boolean => patterns.some(pattern => matchesGlob(pattern, name));
  return Object.fromEntries(
    Object.keys(host.env)
      .filter(matches)
      .map(name => [name, undefined]),
  );
};

const runCommand = (host: Host, way: StartByCommand): Promise<CommandResult> =>
  host.run(way.file, way.args, {timeoutMs: way.timeoutMs, cwd: way.cwd, environment: 'whole', env: removed(host, way.without)});

const openWindow = (way: StartInWindow, {host, controls}: StartParts): Promise<CommandResult> | null =>
  controlOf(controls, way.socket)?.windows?.open(host, way) ?? null;

/** What is still missing before the thing counts as up; null when it is. */
const missingProof = async ({host, controls, isRuntime}: StartParts, {proof}: PlanStart): Promise<string | null> => {
  const {session} = proof;
  const heads = session === null ? [] : ((await controlOf(controls, session.socket)?.windows?.heads(host, session)) ?? null);
  if (heads === null || (proof.session !== null && heads.length === 0)) {
    return `session ${proof.session?.name} is not there`;
  }
  const tables = await host.readTables(TABLE_MS);
  if (!tables.processes.known || !tables.listeners.known) {
    return 'the process and socket tables could not be read';
  }
  const {processes} = tables.processes.value;
  const isOurs = (pid: number): boolean => {
    const cwd = processes.get(pid)?.cwd;
    const livesThere = proof.cwd !== null && cwd?.known === true && isInside(cwd.value, proof.cwd);
    return livesThere || heads.includes(pid) || ancestorsOf(processes, pid).some(above => heads.includes(above));
  };
  if (proof.runtime && ![...processes.keys()].some(pid => isOurs(pid) && isRuntime(pid, processes))) {
    return 'no agent program runs in it';
  }
  const holders = tables.listeners.value.listeners
    .filter(({port}) => port === proof.port)
    .flatMap(({owners}) => (owners.known ? owners.value : []));
  if (proof.port !== null && !holders.some(isOurs)) {
    return holders.length === 0
      ? `nobody listens on port ${proof.port}`
      : `port ${proof.port} is held by ${holders.join(', ')}, which is not it`;
  }
  return null;
};

const waitForProof = async (parts: StartParts, start: PlanStart): Promise<string | null> => {
  const deadline = parts.host.monotonicMs() + start.proof.withinMs;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    const missing = await missingProof(parts, start);
    if (missing === null || parts.host.monotonicMs() >= deadline) {
      return missing;
    }
    await parts.host.sleep(wait);
  }
};

/** Start one thing and prove it. A starter that fails is not followed by a wait: nothing would come of it. */
export const startAgain = async (start: PlanStart, parts: StartParts): Promise<StartOutcome> => {
  const began = parts.host.monotonicMs();
  const {way} = start;
  const result = await (way.kind === 'command' ? runCommand(parts.host, way) : openWindow(way, parts));
  const output = result === null ? [] : lastLines(`${result.stdout}\n${result.stderr}`);
  const outcome = (state: StartOutcome['result'], because: string | null): StartOutcome => ({
    ref: start.ref,
    result: state,
    because,
    output,
    tookMs: Math.round(parts.host.monotonicMs() - began),
  });
  const failed =
    result === null
      ? 'rigtop knows no multiplexer that opens windows there'
      : complaintOf(way.kind === 'command' ? baseName(way.file) : (controlOf(parts.controls, way.socket)?.name ?? ''), result, 'last');
  if (failed !== null) {
    return outcome('failed', failed);
  }
  const missing = await waitForProof(parts, start);
  return missing === null ? outcome('up', null) : outcome('not-up', `after ${Math.round(start.proof.withinMs / 1000)} s: ${missing}`);
};
