// The fast table of the guard: what is read at once, and what once it is asked for.
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import type {TerminalProcess} from '../../src/core/domain/socket-use.ts';
import {readLightTable} from '../../src/core/os/light-table.ts';
import {createScope} from '../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

/** A made-up /proc with these processes below init, and nothing but their stat lines. */
const procOf = async (...pids: readonly number[]): Promise<string> => {
  const root = await scope.tempDir();
  for (const pid of [1, ...pids]) {
    mkdirSync(join(root, `${pid}`));
    writeFileSync(
      join(root, `${pid}/stat`),
      `${pid} (made up) S 1 ${pid} ${pid} 0 -1 4194304 ${'0 '.repeat(13)}${pid} 0 0 ${'0 '.repeat(28)}\n`,
    );
  }
  return root;
};

const read = (root: string, pid: number): TerminalProcess => {
  const table = readLightTable(5000, root);
  const found = table.known ? table.value.get(pid) : undefined;
  if (found === undefined) {
    throw new Error(`no ${pid} in ${JSON.stringify(table)}`);
  }
  return found;
};

test('the words of a process and whose it is are read once, when they are asked for', async () => {
  const root = await procOf(7);
  const made = read(root, 7);
  writeFileSync(join(root, '7/cmdline'), 'node\0vite\0');
  expect([made.comm, made.argv, made.uid]).toEqual(['made up', ['node', 'vite'], process.getuid?.()]);
  writeFileSync(join(root, '7/cmdline'), 'other\0');
  expect(made.argv).toEqual(['node', 'vite']);
});

test('one that has ended by then has no words, and is nobody’s', async () => {
  const root = await procOf(7);
  const made = read(root, 7);
  rmSync(join(root, '7'), {recursive: true});
  expect([made.pid, made.argv, made.uid]).toEqual([7, [], -1]);
});
