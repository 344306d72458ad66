// A socket table larger than what is read of it at once, as the kernel prints it.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {createListenerScanner, type ListenerPass} from '../../../src/core/os/proc-listeners.ts';
import {createProcReader} from '../../../src/core/os/proc-read.ts';
import {createScope} from '../../support/scope.ts';

const scope = createScope();
afterEach(scope.close);

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');

const row = (index: number, state: string, address: string): string => {
  const none = '0'.repeat(address.length);
  const start = `${String(index).padStart(4)}: ${address}:${hex(1024 + (index % 60_000))} ${none}:0000 ${state} 00000000:00000000`;
  return `${start} 00:00000000 00000000  1000        0 ${(address.length === 8 ? 1_000_000 : 5_000_000) + index} 1 0000000000000000 100 0 0 10 0`.padEnd(
    149,
  );
};

const table = (listeners: number, connections: number, address: string): string =>
  [
    HEAD.padEnd(149),
    ...Array.from({length: listeners}, (_, index) => row(index, '0A', address)),
    ...Array.from({length: connections}, (_, index) => row(listeners + index, '01', address)),
    '',
  ].join('\n');

const scan = async (tcp: string, tcp6: string): Promise<ListenerPass> => {
  const procRoot = await scope.tempDir();
  mkdirSync(join(procRoot, 'net'));
  writeFileSync(join(procRoot, 'net', 'tcp'), tcp);
  writeFileSync(join(procRoot, 'net', 'tcp6'), tcp6);
  const scanner = createListenerScanner({
    procRoot,
    uid: 1000,
    reader: createProcReader(),
    files: {isKept: () => false},
    now: () => performance.now(),
  });
  const pass = scanner.pass({
    entries: new Map(),
    born: new Set(),
    ran: new Set(),
    fresh: [],
    stirred: [],
    gone: [],
    denied: 0,
    oldestMs: 0,
  });
  for (let step = pass.next(); ; step = pass.next()) {
    if (step.done === true) {
      return step.value;
    }
  }
};

const FOUR = '0100007F';
const SIX = '00000000000000000000000001000000';

test.each([
  ['three times 3 600 on IPv4', 10_800, 0],
  ['450 on IPv6', 0, 450],
  ['12 000 of each', 12_000, 12_000],
])('every listener of %s is seen, whatever row the reading ends in', async (_, four, six) => {
  const {listeners, incomplete} = await scan(table(four, 200, FOUR), table(six, 200, SIX));
  expect(incomplete).toBeNull();
  expect(listeners.filter(({family}) => family === 4)).toHaveLength(four);
  expect(listeners.filter(({family}) => family === 6)).toHaveLength(six);
});

test('a table of nothing but listeners that does not end is not called whole', async () => {
  const {incomplete} = await scan(table(240_000, 0, FOUR), '');
  expect(incomplete).toContain('too large');
});
