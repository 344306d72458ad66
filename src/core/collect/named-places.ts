// Which places a person has named: in their own configuration, on the command line, or in rigtop's own environment. Reads links only.
import {isInside} from '../domain/paths.ts';
import type {Settings} from '../domain/settings.ts';
import type {Host} from '../os/host.ts';

/** Where a town's tools themselves look for it; whoever starts rigtop sets them, not whoever wrote a file. */
const ROOT_VARIABLES = ['GT_TOWN_ROOT', 'GT_ROOT'] as const;

const realOf = async ({files}: Host, path: string): Promise<string | null> => {
  const real = await files.realPath(path);
  return real.state === 'ok' ? real.value : null;
};

/**
 * Whether a path lies in a place that was named. Only there is a town's feed written to and git asked for work that would be lost: what is
 * found beside a process, in the working directory or in the usual place is somebody's claim, and is shown.
 */
export const isNamedPlace = async (host: Host, settings: Settings, path: string): Promise<boolean> => {
  const given = ROOT_VARIABLES.flatMap(name => (host.env[name]?.startsWith('/') ? [host.env[name]] : []));
  const named = [...settings.towns, ...settings.repos, ...settings.rigs.map(rig => rig.path), ...given];
  const real = await realOf(host, path);
  const grounds = await Promise.all(named.map(place => realOf(host, place)));
  return real !== null && grounds.some(ground => ground !== null && isInside(real, ground));
};
