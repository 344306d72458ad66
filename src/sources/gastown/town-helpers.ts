// Detached programs of a town that serve one session: told by their own arguments, because whoever started them is somebody else. Pure.
import {baseName} from '../../core/domain/paths.ts';
import type {Process} from '../../core/domain/process.ts';
import type {Town} from '../../core/domain/town.ts';
import {parseSessionName, sessionRegistry} from './town-names.ts';
import {type Env, envTownRoot, type TownPlace, townOfPath} from './town-places.ts';

/** `gt nudge-poller <session>` waits for a session to fall idle; `gt agent-log … <session>` streams its log. */
const HELPERS = new Set(['nudge-poller', 'agent-log']);

export interface ServedSession {
  readonly town: Town;
  readonly place: TownPlace;
  readonly session: string;
  readonly helper: string;
}

const flagValue = (argv: readonly string[], flag: string): string | undefined => {
  const at = argv.findIndex(word => word === flag || word.startsWith(`${flag}=`));
  const word = argv[at];
  return word === flag ? argv[at + 1] : word?.slice(flag.length + 1);
};

const sessionOf = (argv: readonly string[]): string | undefined =>
  flagValue(argv, '--session') ?? argv.slice(2).find(word => !word.startsWith('-') && !word.includes('/'));

/** Town by environment, directory, or the pid file that names the very process. */
const townOf = (towns: readonly Town[], pid: number, env: Env, cwd: string | null): Town | null => {
  const root = envTownRoot(env);
  const byRoot = root === null ? undefined : towns.find(town => town.paths.includes(root));
  const byFile = towns.find(town => town.records.helpers.some(helper => helper.pid === pid && helper.kind === 'nudge-poller'));
  return byRoot ?? byFile ?? (cwd === null ? null : townOfPath(towns, cwd));
};

/** The agent whose session a helper serves; null for any other program, and where no town or no such name is known. */
export const servedSession = (
  towns: readonly Town[],
  {pid, argv, env, cwd}: Pick<Process, 'pid' | 'argv' | 'env' | 'cwd'>,
): ServedSession | null => {
  const helper = argv[1] ?? '';
  const session = baseName(argv[0] ?? '') === 'gt' && HELPERS.has(helper) ? sessionOf(argv) : undefined;
  const town = session === undefined ? null : townOf(towns, pid, env.known ? env.value : {}, cwd.known ? cwd.value : null);
  const place = session === undefined || town === null ? undefined : parseSessionName(session, sessionRegistry(town))[0];
  return session === undefined || town === null || place === undefined ? null : {town, place, session, helper};
};
