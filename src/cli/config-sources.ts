// The configuration as one more source of every look: a broken file is a blind spot, since what it protects is not known.
import {createHash} from 'node:crypto';
import type {LoadedConfig} from '../config/load.ts';
import {type ConfigProblem, formatProblem} from '../config/problem.ts';
import type {Finding} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import type {SourceStatus} from '../core/domain/known.ts';
import {sourceRef} from '../core/domain/reference.ts';
import type {Supervisor} from '../core/supervisor.ts';
import {EXIT, type ExitCode} from './exit-codes.ts';
import type {Io} from './io.ts';

const statusOf = (file: string, problems: readonly ConfigProblem[]): SourceStatus => {
  const own = problems.filter(problem => problem.file === file);
  return own.length === 0
    ? {source: 'config', target: file, state: 'ok', detail: 'read', tookMs: 0}
    : {
        source: 'config',
        target: file,
        state: 'unknown',
        detail: own.map(formatProblem).join('; '),
        hint: 'correct the file; until then nothing is acted on',
        tookMs: 0,
      };
};

const blindSpot = (file: string, problems: readonly ConfigProblem[]): Finding => {
  const subject = sourceRef('config', file);
  return {
    id: `f-${createHash('sha256').update(`blind-spot\u0000${subject}`).digest('hex').slice(0, 8)}`,
    kind: 'blind-spot',
    severity: 'medium',
    certainty: 'unknown',
    subject,
    title: `the configuration file ${file} is broken: nothing is acted on`,
    evidence: problems.filter(problem => problem.file === file).map(problem => ({fact: formatProblem(problem), source: 'config'})),
    processes: [],
    protectedBy: null,
    remedies: [],
    rig: null,
    session: null,
    holds: [],
  };
};

/** Prints every problem, one line each; the exit code where there is one, null where the configuration is whole. */
export const configTrouble = ({problems}: Pick<LoadedConfig, 'problems'>, io: Pick<Io, 'err'>): ExitCode | null => {
  for (const problem of problems) {
    io.err(`rigtop: ${formatProblem(problem)}\n`);
  }
  return problems.length > 0 ? EXIT.usage : null;
};

/** The same supervisor, each of whose looks tells how the configuration was read. */
export const withConfigSources = (supervisor: Supervisor, {files, problems}: Pick<LoadedConfig, 'files' | 'problems'>): Supervisor => {
  const statuses = files.map(file => statusOf(file, problems));
  const findings = files.filter(file => problems.some(problem => problem.file === file)).map(file => blindSpot(file, problems));
  const widened = new WeakMap<Assessment, Assessment>();
  const widen = (assessment: Assessment): Assessment => {
    const {snapshot} = assessment;
    const wide = widened.get(assessment) ?? {
      ...assessment,
      snapshot: {...snapshot, sources: [...snapshot.sources, ...statuses]},
      findings: [...assessment.findings, ...findings],
    };
    widened.set(assessment, wide);
    return wide;
  };
  return files.length === 0
    ? supervisor
    : {
        ...supervisor,
        refresh: async () => widen(await supervisor.refresh()),
        refreshUntilSettled: async () => widen(await supervisor.refreshUntilSettled()),
      };
};
