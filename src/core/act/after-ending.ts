// What follows once the targets are gone: containers brought down, directories proven empty, things started again.
import {complaintOf} from '../../words/complaints.ts';
import {commandLine} from '../domain/command-line.ts';
import {type StartOutcome, type TargetOutcome, unsignalled} from '../domain/outcome.ts';
import {isInside} from '../domain/paths.ts';
import type {Plan} from '../domain/plan.ts';
import {placeOf} from '../domain/process.ts';
import {composeRef, processRef} from '../domain/reference.ts';
import type {Host} from '../os/host.ts';
import {type StartParts, startAgain} from './start-again.ts';

/** `docker compose down` waits 10 s per container before it kills it, so a project of several takes a while. */
const COMPOSE_MS = 120_000;
const TABLE_MS = 8000;

/** Bring compose projects down; never with `-v`, so volumes stay. */
export const bringDown = async (host: Host, projects: readonly string[]): Promise<readonly TargetOutcome[]> => {
  const outcomes: TargetOutcome[] = [];
  for (const project of projects) {
    const result = await host.run('docker', ['compose', '-p', project, 'down'], {timeoutMs: COMPOSE_MS, environment: 'whole'});
    const because = complaintOf('docker', result, 'last');
    outcomes.push(unsignalled(composeRef(project), because === null ? 'gone' : 'survived', because, {tookMs: result.tookMs}));
  }
  return outcomes;
};

/** Who still lives in a directory that had to be vacated, but for what the plan left out by name. Unreadable tables are a problem, not a proof. */
export const remainingInhabitants = async (
  host: Host,
  plan: Plan,
): Promise<{readonly remaining: readonly TargetOutcome[]; readonly problems: readonly string[]}> => {
  if (plan.vacates.length === 0) {
    return {remaining: [], problems: []};
  }
  const {processes} = await host.readTables(TABLE_MS);
  if (!processes.known) {
    return {remaining: [], problems: [`whether anybody still lives there is unknown: ${processes.because}`]};
  }
  const named = new Set([...plan.leftOut.map(({ref}) => ref), ...plan.targets.map(({ref}) => ref)]);
  const remaining = [...processes.value.processes.values()].flatMap(process => {
    const cwd = placeOf(process);
    const place = cwd === undefined ? undefined : plan.vacates.find(directory => isInside(cwd, directory));
    const ref = processRef(process.pid);
    return place === undefined || process.state === 'Z' || named.has(ref)
      ? []
      : [unsignalled(ref, 'survived', `${commandLine(process, 60)} lives in ${place} and was not planned`, {pid: process.pid})];
  });
  return {remaining, problems: []};
};

/** Start everything again in order; nothing while something that had to go is still there. */
export const startAll = async (plan: Plan, isGone: boolean, parts: StartParts): Promise<readonly StartOutcome[]> => {
  const started: StartOutcome[] = [];
  for (const start of plan.starts) {
    started.push(
      isGone
        ? await startAgain(start, parts)
        : {ref: start.ref, result: 'skipped', because: 'what it replaces is not proven gone', output: [], tookMs: 0},
    );
  }
  return started;
};
