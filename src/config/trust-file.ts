// Which project files the person has approved: by place and content, in a file that nobody else can have written. Reads, never writes.
import {constants, type Stats} from 'node:fs';
import {lstat, open, realpath, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

export const TRUST_SCHEMA = 'rigtop/trust@1';

export interface Approval {
  /** The file: its directory with links resolved, and its name there. */
  readonly path: string;
  /** SHA-256 of the content that was shown. */
  readonly digest: string;
  /** ISO time. */
  readonly at: string;
}

export type Trust =
  | {readonly state: 'ok'; readonly approved: readonly Approval[]}
  /** Nothing counts as approved, and nothing more can be. */
  | {readonly state: 'unusable'; readonly because: string};

const LARGEST_BYTES = 1024 * 1024;

export const trustPath = (stateDirectory: string): string => join(stateDirectory, 'trust.json');

/** The name by which a project's file is approved: a link to its directory leads to the same one, a copy elsewhere does not. */
export const approvedName = async (file: string): Promise<string> => {
  try {
    return join(await realpath(dirname(file)), basename(file));
  } catch {
    return file;
  }
};

const isMine = (info: Stats): boolean => process.geteuid === undefined || info.uid === process.geteuid();

const isApproval = (value: unknown): value is Approval => {
  const {path, digest, at} = (typeof value === 'object' && value !== null ? value : {}) as Partial<Approval>;
  return typeof path === 'string' && typeof digest === 'string' && typeof at === 'string';
};

const parseTrust = (text: string): Trust => {
  const document = JSON.parse(text) as {readonly schema?: unknown; readonly approved?: unknown} | null;
  return document?.schema === TRUST_SCHEMA && Array.isArray(document.approved) && document.approved.every(isApproval)
    ? {state: 'ok', approved: document.approved}
    : {state: 'unusable', because: `is not of the form ${TRUST_SCHEMA}`};
};

const read = async (path: string): Promise<Trust> => {
  const directory = await stat(dirname(path));
  if (!isMine(directory) || (directory.mode & 0o022) !== 0) {
    return {state: 'unusable', because: 'lies in a directory that others can write to'};
  }
  const entry = await lstat(path);
  if (!entry.isFile() || !isMine(entry) || (entry.mode & 0o077) !== 0) {
    return {state: 'unusable', because: 'is not a file of yours alone (chmod 600)'};
  }
  if (entry.size > LARGEST_BYTES) {
    return {state: 'unusable', because: `is larger than ${LARGEST_BYTES} bytes`};
  }
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const info = await file.stat();
    return info.ino === entry.ino && info.dev === entry.dev
      ? parseTrust(await file.readFile('utf8'))
      : {state: 'unusable', because: 'was replaced while it was read'};
  } finally {
    await file.close();
  }
};

/** What has been approved. No file: nothing yet. Never throws. */
export const readTrust = async (path: string): Promise<Trust> => {
  try {
    return await read(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no JSON';
    return code === 'ENOENT' ? {state: 'ok', approved: []} : {state: 'unusable', because: `cannot be read (${code})`};
  }
};
