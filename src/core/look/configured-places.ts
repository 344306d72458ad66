// Which places a person has named: by settings, by rigtop's own environment, or by putting a town where towns are. Reads links only.
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
 * Whether a path lies in a place that was named (see domain/provenance.ts): only there is a town's feed written to and git asked for work
 * that would be lost. What is found beside a process or in the working directory is somebody's claim, and is shown.
 */
export const isNamedPlace = async (host: Host, settings: Settings, path: string): Promise<boolean> => {
  const given = ROOT_VARIABLES.flatMap(name => (host.env[name]?.startsWith('/') ? [host.env[name]] : []));
  const named = [...settings.towns, ...settings.repos, ...settings.rigs.map(rig => rig.path), ...given, `${host.home}/gt`];
  const real = await realOf(host, path);
  const grounds = await Promise.all(named.map(place => realOf(host, place)));
  return real !== null && grounds.some(ground => ground !== null && isInside(real, ground));
};
