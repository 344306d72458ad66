// What a demo notes about itself in its directory: whose it is, and every program it started. Reads and writes files there.
import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ProcessId} from '../core/domain/process.ts';
import type {StartedPart} from './behaviour.ts';

export const DEMO_PREFIX = 'rigtop-demo-';

export interface Manifest {
  readonly schema: 'rigtop/demo@1';
  /** Value of the marker in the environment of every process of this demo. */
  readonly id: string;
  /** The rigtop that built it. */
  readonly owner: ProcessId;
  /** Pids of another boot are nobody's. */
  readonly bootId: string | null;
  /** And of another pid namespace too: a container may share the directory for temporary files. */
  readonly pidNamespace: string | null;
}

/** Whole or not at all: another rigtop may be looking for leftovers at this moment. */
export const writeManifest = (directory: string, manifest: Manifest): void => {
  const unfinished = join(directory, 'demo.json.new');
  writeFileSync(unfinished, JSON.stringify(manifest), {mode: 0o600});
  renameSync(unfinished, join(directory, 'demo.json'));
};

const isManifest = (value: unknown): value is Manifest => {
  const {schema, id, owner} = (value ?? {}) as Partial<Manifest>;
  return (
    schema === 'rigtop/demo@1' &&
    typeof id === 'string' &&
    /^[0-9a-f]{8,}$/.test(id) &&
    Number.isInteger(owner?.pid) &&
    Number.isInteger(owner?.startTime)
  );
};

/** Null when there is none or it is not one of ours. */
export const readManifest = (directory: string): Manifest | null => {
  try {
    const value: unknown = JSON.parse(readFileSync(join(directory, 'demo.json'), 'utf8'));
    return isManifest(value) ? value : null;
  } catch {
    return null;
  }
};

/** Stand-ins that have reported, in the order they became ready. A half-written last line is not there yet. */
export const readStarted = (directory: string): readonly StartedPart[] => {
  let text: string;
  try {
    text = readFileSync(join(directory, 'started.jsonl'), 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as StartedPart);
};
