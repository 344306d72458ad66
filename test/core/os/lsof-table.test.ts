import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import {parseLsofCwds, parseLsofListeners, parseUnownedListeners} from '../../../src/core/os/lsof-table.ts';

/** Captured from lsof 4.95 with -F pufdtn: a server with two descriptors, its fork, and an IPv6 one. */
const LISTEN = `p2001
u1000
f12
tIPv4
d44123
n127.0.0.1:3102
f13
tIPv6
d44124
n[::1]:3102
p2002
u1000
f12
tIPv4
d44123
n127.0.0.1:3102
p2003
u0
f3
tIPv6
d50000
n*:22
f4
tIPv4
d50001
n*:22
f5
tIPv4
d50002
nlocalhost:http
`;

describe('lsof listeners', () => {
  test('every holder of a socket, every port with the process it belongs to', () => {
    expect(parseLsofListeners(LISTEN)).toEqual([
      {port: 3102, address: '127.0.0.1', family: 4, inode: '44123', uid: 1000, owners: known([2001, 2002])},
      {port: 3102, address: '::1', family: 6, inode: '44124', uid: 1000, owners: known([2001])},
      {port: 22, address: '::', family: 6, inode: '50000', uid: 0, owners: known([2003])},
      {port: 22, address: '0.0.0.0', family: 4, inode: '50001', uid: 0, owners: known([2003])},
    ]);
  });

  test('nothing, and a name before any process', () => {
    expect(parseLsofListeners('')).toEqual([]);
    expect(parseLsofListeners('f3\nn*:80\n')).toEqual([]);
  });
});

test('working directories, blanks and all', () => {
  expect(parseLsofCwds('p10\nfcwd\nn/Users/u/my work\np11\nfcwd\nn/\np12\nfcwd\nnpermission denied\n')).toEqual(
    new Map([
      [10, '/Users/u/my work'],
      [11, '/'],
    ]),
  );
});

test('sockets that only netstat shows belong to somebody unknown: not free', () => {
  const netstat = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  127.0.0.1.3102         *.*                    LISTEN
tcp46      0      0  *.8080                 *.*                    LISTEN
tcp4       0      0  *.22                   *.*                    LISTEN
tcp4       0      0  10.0.0.2.55012         10.0.0.3.443           ESTABLISHED
`;
  expect(parseUnownedListeners(netstat, parseLsofListeners(LISTEN))).toMatchObject([
    {port: 8080, address: '::', family: 6, owners: {known: false}},
  ]);
});
