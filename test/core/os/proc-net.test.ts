import {describe, expect, test} from 'vitest';
import {formatAddress, parseTcpTable} from '../../../src/core/os/proc-net.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

/** Captured from Linux 6.18. */
const TCP = `${HEAD}
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 108 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0C1E 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 44123 2 0000000000000000 100 0 0 10 0
   2: 0100007F:0C1E 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 55555 1 0000000000000000 20 4 30 10 -1
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 7001 1 0000000000000000 100 0 0 10 0
`;

describe('the TCP tables', () => {
  test('sockets in LISTEN, no connections', () => {
    expect(parseTcpTable(TCP)).toEqual({
      rows: [
        {port: 2024, address: '0.0.0.0', family: 4, inode: '108', uid: 0},
        {port: 3102, address: '127.0.0.1', family: 4, inode: '44123', uid: 1000},
      ],
      hasMore: false,
    });
    expect(parseTcpTable(TCP6).rows).toEqual([{port: 3000, address: '::1', family: 6, inode: '7001', uid: 1000}]);
  });

  test('a table that was cut off among its listeners may have more', () => {
    expect(parseTcpTable(TCP.split('\n').slice(0, 3).join('\n')).hasMore).toBe(true);
  });

  test('a row that the end of a read has torn says nothing, least of all that no listener follows', () => {
    const [head = '', ...rows] = TCP.split('\n').filter(row => row.includes(' 0A ') || row === HEAD);
    const whole = `${[head, ...rows].join('\n')}\n`;
    const listening = parseTcpTable(whole).rows.length;
    expect(listening).toBe(rows.length);
    for (let cut = whole.length - 1; cut > head.length + 1; cut -= 1) {
      const {rows: seen, hasMore} = parseTcpTable(whole.slice(0, cut));
      expect([cut, hasMore, seen.length]).toEqual([cut, true, whole.slice(0, cut).split('\n').length - 2]);
    }
  });

  test('a half-open connection does not end the listeners', () => {
    const rows = TCP.replace('0100007F:D431 01', '0100007F:D431 03');
    expect(parseTcpTable(rows).hasMore).toBe(true);
  });

  test('nothing but a head', () => {
    expect(parseTcpTable(`${HEAD}\n`).rows).toEqual([]);
    expect(parseTcpTable('').rows).toEqual([]);
  });
});

test.each([
  ['0100007F', '127.0.0.1'],
  ['00000000', '0.0.0.0'],
  ['0A0200C0', '192.0.2.10'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000001000000', '::1'],
  ['0000000000000000FFFF00000100007F', '::ffff:127.0.0.1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
  ['000080FE00000000FF005450B6AD1DFE', 'fe80::5054:ff:fe1d:adb6'],
  ['B80D0120010000000000000001000000', '2001:db8:0:1::1'],
  ['B80D01200000000000000100000000FF', '2001:db8::1:0:ff00:0'],
])('%s reads %s', (hex, text) => {
  expect(formatAddress(hex)).toBe(text);
});
