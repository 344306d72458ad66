// One name for the same socket. Reads links only.
import {basename, dirname, join} from 'node:path';
import type {Host} from '../os/host.ts';

/** The same socket under one name, however its directory was reached. The last part stays: a socket may be a link to another. */
export const canonicalSocket = async (host: Host, path: string): Promise<string> => {
  const real = await host.files.realPath(dirname(path));
  return real.state === 'ok' ? join(real.value, basename(path)) : path;
};
