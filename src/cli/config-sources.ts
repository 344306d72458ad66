// The configuration as one more source of every look: a broken file is a blind spot, since what it protects is not known.
import type {LoadedConfig} from '../config/load.ts';
import {formatProblem} from '../config/problem.ts';
import type {SourceStatus} from '../core/domain/known.ts';
import {EXIT, type ExitCode} from './exit-codes.ts';
import type {Io} from './io.ts';

/** One status per file that was read or should have been. What waits for approval or is somebody else's is a note, and no blind spot. */
export const configSources = ({files, problems, notes}: Pick<LoadedConfig, 'files' | 'problems' | 'notes'>): readonly SourceStatus[] =>
  [...new Set([...files, ...notes.map(note => note.file)])].map(file => {
    const own = problems.filter(problem => problem.file === file);
    const said = notes.filter(note => note.file === file);
    const seen = {source: 'config', target: file, tookMs: 0} as const;
    if (own.length === 0 && said.length > 0) {
      const [detail, hint] = [said.map(({message}) => message).join('; '), said.map(each => each.hint).join('; ')];
      return {...seen, state: files.includes(file) ? 'ok' : 'absent', detail, hint};
    }
    return own.length === 0
      ? {...seen, state: 'ok', detail: 'read'}
      : {...seen, state: 'unknown', detail: own.map(formatProblem).join('; '), hint: 'correct the file; until then nothing is acted on'};
  });

/** Prints every problem, one line each; the exit code where there is one, null where the configuration is whole. */
export const configTrouble = ({problems}: Pick<LoadedConfig, 'problems'>, io: Pick<Io, 'err'>): ExitCode | null => {
  for (const problem of problems) {
    io.err(`rigtop: ${formatProblem(problem)}\n`);
  }
  return problems.length > 0 ? EXIT.usage : null;
};
