// Reads one file of an agent program: a regular file of this user, small, no link, and once more when it was caught half-written.

import type {FileRead, Host} from '../../os/host.ts';
import {isRecord, type JsonRecord} from '../gastown/parse-json.ts';

/** Files with one process each; the largest seen is 2 kB. */
const SMALL_BYTES = 64 * 1024;
/** A rewrite in place (open, truncate, write) takes a moment, in which a reader sees an empty or cut file. */
const AGAIN_MS = 30;

const parse = (text: string): JsonRecord | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
};

/**
 * The object in a file. Links are not followed, and neither FIFOs nor devices opened: nothing here may lead out of the program’s own
 * directory, or hang.
 */
export const readOwnFile = async (host: Host, path: string, within: string, maxBytes = SMALL_BYTES): Promise<FileRead<JsonRecord>> => {
  const info = await host.files.inspect(path);
  if (info.state !== 'ok') {
    return info;
  }
  const {kind, uid, size} = info.value;
  if (kind !== 'file' || uid !== host.uid || size > maxBytes) {
    const because = kind !== 'file' ? 'no regular file' : uid !== host.uid ? `belongs to uid ${uid}` : `larger than ${maxBytes} bytes`;
    return {state: 'unknown', because};
  }
  for (const last of [false, true]) {
    const text = await host.files.readText(path, maxBytes, within);
    if (text.state !== 'ok') {
      return text;
    }
    const record = parse(text.value);
    if (record !== null) {
      return {state: 'ok', value: record};
    }
    if (!last) {
      await host.sleep(AGAIN_MS);
    }
  }
  return {state: 'unknown', because: 'half-written, or no JSON object'};
};
