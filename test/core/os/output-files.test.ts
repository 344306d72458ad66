// Whose standard output is a file, from a directory that looks like /proc.
import {mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {readOutputFiles} from '../../../src/core/os/output-files.ts';

test('a file counts; a terminal, a pipe, /dev/null and what has been unlinked do not, nor who cannot be read', () => {
  const root = mkdtempSync(join(tmpdir(), 'rigtop-out-'));
  try {
    const targets = ['/home/u/dev.log', '/dev/pts/3', 'pipe:[77]', '/dev/null', '/home/u/old.log (deleted)'];
    for (const [index, target] of targets.entries()) {
      mkdirSync(join(root, String(100 + index), 'fd'), {recursive: true});
      symlinkSync(target, join(root, String(100 + index), 'fd', '1'));
    }
    expect(readOutputFiles(root, [100, 101, 102, 103, 104, 999])).toEqual([{pid: 100, path: '/home/u/dev.log'}]);
  } finally {
    rmSync(root, {recursive: true});
  }
});
