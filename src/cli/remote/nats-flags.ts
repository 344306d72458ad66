// --creds and --ca: who rigtop is to a NATS server, and which certificates it believes. Read before anything is connected to.
import {resolve} from 'node:path';
import {expandHome} from '../../config/config-files.ts';
import type {Host} from '../../core/os/host.ts';
import type {FlagTable, Options} from '../command.ts';
import {type Failure, isFailure, wrongUsage} from '../failure.ts';
import {type NatsCredentials, parseNatsCredentials} from './nats-credentials.ts';

export const NATS_FLAGS = {
  creds: {type: 'string', value: 'FILE', summary: 'who this is to NATS: a .creds file, the seed of an nkey, or USER:PASSWORD'},
  ca: {type: 'string', value: 'FILE', summary: 'certificates to believe of tls:// servers, instead of the ones that Node knows'},
} as const satisfies FlagTable;

/** Null where none was named. */
export interface NatsFlags {
  readonly creds: NatsCredentials | null;
  /** Certificates as text. */
  readonly ca: string | null;
}

export type FlagReader = Pick<Host, 'files' | 'cwd' | 'home'>;

const MOST_BYTES = 64 * 1024;

/** A secret that a pod mounts is a link to a file that all of the pod may read: neither is minded. */
const readFlag = async (
  flag: keyof typeof NATS_FLAGS,
  options: Options,
  {files, cwd, home}: FlagReader,
): Promise<string | null | Failure> => {
  const given = options.text(flag);
  if (given === undefined) {
    return null;
  }
  const read = await files.readText(resolve(cwd, expandHome(given, home)), MOST_BYTES);
  return read.state === 'ok'
    ? read.value
    : wrongUsage(`--${flag} ${given} cannot be read`, read.state === 'missing' ? 'it is not there' : read.because);
};

export const readNatsFlags = async (options: Options, reader: FlagReader): Promise<NatsFlags | Failure> => {
  const text = await readFlag('creds', options, reader);
  const ca = await readFlag('ca', options, reader);
  if (isFailure(text)) {
    return text;
  }
  if (isFailure(ca)) {
    return ca;
  }
  const creds = text === null ? null : parseNatsCredentials(text);
  return text !== null && creds === null
    ? wrongUsage(
        `--creds ${options.text('creds')} holds no credentials`,
        'a .creds file, the seed of an nkey, or USER:PASSWORD on one line',
      )
    : {creds, ca};
};
