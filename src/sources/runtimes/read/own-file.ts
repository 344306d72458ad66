// Reads one file of an agent program: a regular file of this user, small, no link, and once more when it was caught half-written.

import type {FileRead, Host} from '../../../core/os/host.ts';

/** Files with one process each; the largest seen is 2 kB. */
const SMALL_BYTES = 64 * 1024;
/** A rewrite in place (open, truncate, write) takes a moment, in which a reader sees an empty or cut file. */
const AGAIN_MS = 30;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

export type IsExpected<T> = (value: unknown) => value is T;

/**
 * What a file holds, where it is of the expected form. Links are not followed, and neither FIFOs nor devices opened: nothing here may lead out of the program’s own
 * directory, or hang.
 */
export const readOwnFile = async <T>(
  host: Host,
  path: string,
  within: string,
  isExpected: IsExpected<T>,
  maxBytes = SMALL_BYTES,
): Promise<FileRead<T>> => {
  const info = await host.files.inspect(path);
  if (info.state !== 'ok') {
    return info;
  }
  const {kind, uid, size} = info.value;
  if (kind !== 'file') {
    return {state: 'unknown', because: 'no regular file'};
  }
  if (uid !== host.uid) {
    return {state: 'unknown', because: `belongs to uid ${uid}`};
  }
  if (size > maxBytes) {
    return {state: 'unknown', because: `larger than ${maxBytes} bytes`};
  }
  for (const last of [false, true]) {
    const text = await host.files.readText(path, maxBytes, within);
    if (text.state !== 'ok') {
      return text;
    }
    const value = parse(text.value);
    if (isExpected(value)) {
      return {state: 'ok', value};
    }
    if (!last) {
      await host.sleep(AGAIN_MS);
    }
  }
  return {state: 'unknown', because: 'half-written, or not of the expected form'};
};
