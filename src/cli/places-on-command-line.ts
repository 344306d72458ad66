// Places that a person named on the command line: what is not there is an error, never a calm answer about nothing.
import {basename, dirname, join, resolve} from 'node:path';
import {expandHome} from '../config/config-files.ts';
import {nearWords} from '../core/domain/spelling.ts';
import type {Host} from '../core/os/host.ts';
import {socketDirectory} from '../sources/tmux/read/tmux-sockets.ts';
import {firstOf} from '../words/counts.ts';
import type {GlobalFlags} from './command.ts';
import {type Failure, incomplete, wrongUsage} from './failure.ts';

const SOCKET_MS = 1_000;

/** What stands beside a place that is not there and reads like it; the words to look otherwise. */
export const placesNear = async ({files}: Pick<Host, 'files'>, path: string, otherwise: string): Promise<string> => {
  const listed = await files.list(dirname(path));
  const near = listed.state === 'ok' ? nearWords(basename(path), listed.value) : [];
  return near.length === 0
    ? otherwise
    : `did you mean ${firstOf(
        near.map(name => join(dirname(path), name)),
        3,
      )}?`;
};

const directoryTrouble = async (host: Host, flag: string, given: string): Promise<Failure | null> => {
  const path = resolve(host.cwd, expandHome(given, host.home));
  const real = await host.files.realPath(path);
  const found = real.state === 'ok' ? await host.files.inspect(real.value) : real;
  if (found.state === 'unknown') {
    return incomplete(`${flag} ${given} cannot be looked at`, found.because);
  }
  if (found.state === 'missing') {
    return wrongUsage(`${flag} ${given} is not there`, await placesNear(host, path, `look at ${dirname(path)}`), 'not-found');
  }
  return found.value.kind === 'directory' ? null : wrongUsage(`${flag} ${given} is no directory`, 'name the directory it stands in');
};

const townTrouble = async (host: Host, given: string): Promise<Failure | null> => {
  const trouble = await directoryTrouble(host, '--town', given);
  if (trouble !== null) {
    return trouble;
  }
  const marker = join(resolve(host.cwd, expandHome(given, host.home)), 'mayor', 'town.json');
  const found = await host.files.inspect(marker);
  return found.state === 'missing' ? wrongUsage(`--town ${given} is no Gas Town workspace`, 'it has no mayor/town.json') : null;
};

/** A name is one in the socket directory, as for `tmux -L`; what holds a slash is a path, as for `tmux -S`. */
const socketTrouble = async (host: Host, given: string): Promise<Failure | null> => {
  const directory = await socketDirectory(host);
  const path = given.includes('/') ? resolve(host.cwd, expandHome(given, host.home)) : join(directory, given);
  const answer = await host.probeSocket(path, SOCKET_MS);
  switch (answer) {
    case 'missing':
      return wrongUsage(`--socket ${given}: there is no ${path}`, await placesNear(host, path, `look at ${dirname(path)}`), 'not-found');
    case 'refused':
      return wrongUsage(
        `--socket ${given}: no tmux server listens on ${path}`,
        'leave it out to look at every server of yours',
        'not-found',
      );
    default:
      // One that is silent or barred is there: the look itself says what it could not see.
      return null;
  }
};

/** The first place of `--town`, `--repo` and `--socket` that is not there; null when all of them are. */
export const namedPlacesTrouble = async (host: Host, {towns, repos, sockets}: GlobalFlags): Promise<Failure | null> => {
  for (const town of towns) {
    const trouble = await townTrouble(host, town);
    if (trouble !== null) {
      return trouble;
    }
  }
  for (const repo of repos) {
    const trouble = await directoryTrouble(host, '--repo', repo);
    if (trouble !== null) {
      return trouble;
    }
  }
  for (const socket of sockets) {
    const trouble = await socketTrouble(host, socket);
    if (trouble !== null) {
      return trouble;
    }
  }
  return null;
};
