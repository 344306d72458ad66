// What reading a file of /proc leaves behind: nothing, however often it is done.
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {finish} from '../../../src/core/domain/finish.ts';
import {realFiles} from '../../../src/core/os/files.ts';
import {createProcReader} from '../../../src/core/os/proc-read.ts';
import {readTextNow} from '../../../src/core/os/read-now.ts';

const SELF = '/proc/self/cmdline';
const TIMES = 50;

/** Bytes that are held outside of the heap's objects, or wait for their collection. */
const held = (): number => process.memoryUsage().arrayBuffers;

it('at once: the text, and no buffer for each time', () => {
  expect(readTextNow(SELF)).toBe(readFileSync(SELF, 'latin1'));
  expect(() => readTextNow('/proc/0/stat')).toThrow('ENOENT');
  const before = held();
  for (let time = 0; time < TIMES; time += 1) {
    readTextNow(SELF);
  }
  expect(held() - before).toBeLessThan(64 * 1024);
});

it('in turns: the text, and no buffer for each time', async () => {
  expect(await realFiles.readText(SELF)).toEqual({state: 'ok', value: readFileSync(SELF, 'utf8')});
  const before = held();
  for (let time = 0; time < TIMES; time += 1) {
    await realFiles.readText(SELF);
  }
  expect(held() - before).toBeLessThan(1024 * 1024);
});

describe('names in parts', () => {
  const {namesInParts, names} = createProcReader();
  const inPlace = (use: (directory: string) => void): void => {
    const directory = mkdtempSync(join(tmpdir(), 'rt-names-'));
    try {
      use(directory);
    } finally {
      rmSync(directory, {recursive: true});
    }
  };
  const descriptors = (): number => readdirSync('/proc/self/fd').length;

  it('are all of them, with pauses between', () =>
    inPlace(directory => {
      for (let count = 0; count < 1000; count += 1) {
        writeFileSync(join(directory, `file-${count}`), '');
      }
      const [parts, before] = [namesInParts(directory), descriptors()];
      let pauses = 0;
      let step = parts.next();
      for (; step.done !== true; step = parts.next()) {
        pauses += 1;
      }
      const all = names(directory);
      expect(step.value.ok && all.ok && [step.value.value.toSorted(), pauses]).toEqual([all.ok && all.value.toSorted(), 7]);
      expect(descriptors()).toBe(before);
      // Nor does one stay open that is left in a pause.
      const left = namesInParts(directory);
      left.next();
      expect(descriptors()).toBe(before + 1);
      left.return({ok: true, value: []});
      expect(descriptors()).toBe(before);
    }));

  it('are trouble where there is none to list', () => {
    expect(finish(namesInParts('/proc/0'))).toEqual(names('/proc/0'));
    expect(finish(namesInParts('/proc/0'))).toMatchObject({ok: false, gone: true});
  });
});

it('the whole table of sockets, however its rows fill the pages of the kernel', async () => {
  const reader = createProcReader();
  const inodes = (text: string): readonly string[] => text.split('\n').map(line => line.trim().split(/ +/)[9] ?? '');
  const servers = [];
  try {
    // 27 rows of 150 bytes are a page.
    for (let count = 0; count < 60; count += 1) {
      const server = createServer();
      servers.push(server);
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const table = reader.rows('/proc/net/tcp', 1 << 24);
      const listed = new Set(table.ok ? inodes(table.value.toString('latin1')) : []);
      const ports = servers.map(each => (each.address() as {readonly port: number}).port.toString(16).toUpperCase().padStart(4, '0'));
      const own = readFileSync('/proc/net/tcp', 'latin1')
        .split('\n')
        .filter(line => ports.some(port => line.includes(`0100007F:${port} 00000000:0000 0A`)));
      expect(own.length).toBe(count + 1);
      expect(own.flatMap(inodes).filter(inode => !listed.has(inode))).toEqual([]);
    }
  } finally {
    for (const server of servers) {
      server.close();
    }
  }
});
