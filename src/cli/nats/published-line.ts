// A line as it is published: a head that says what it belongs to, then the line itself, compressed. Nothing that comes is believed. Pure.
import {deflateRawSync, inflateRawSync} from 'node:zlib';

/** What a line belongs to: the whole look with this mark is number 0, what changed since is 1, 2 … */
export interface LineHead {
  readonly mark: string;
  readonly number: number;
}

export interface PublishedLine extends LineHead {
  readonly body: Uint8Array;
}

const HEAD = /^rigtop\/published@1 ([0-9a-f]{8}) (\d{1,4})$/;
const LONGEST_HEAD = 64;
const NEWLINE = 0x0a;

export const encodeLine = ({mark, number}: LineHead, line: string): Uint8Array =>
  Buffer.concat([Buffer.from(`rigtop/published@1 ${mark} ${number}\n`), deflateRawSync(line.trimEnd())]);

/** The head alone is looked at: whoever is overtaken is never unpacked. Null where it is none of ours. */
export const readHead = (data: Uint8Array): PublishedLine | null => {
  const end = data.subarray(0, LONGEST_HEAD).indexOf(NEWLINE);
  const [, mark, number] = HEAD.exec(Buffer.from(data.subarray(0, Math.max(0, end))).toString('latin1')) ?? [];
  return mark === undefined ? null : {mark, number: Number(number), body: data.subarray(end + 1)};
};

/** The line; or null where it is broken, or would be longer than `mostBytes`: a few bytes unpack to gigabytes. */
export const unpackLine = ({body}: Pick<PublishedLine, 'body'>, mostBytes: number): string | null => {
  try {
    return inflateRawSync(body, {maxOutputLength: mostBytes}).toString('utf8');
  } catch {
    return null;
  }
};
