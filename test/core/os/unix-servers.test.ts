// The kernel's table of unix sockets, down to those that listen.
import {expect, test} from 'vitest';
import {parseListening} from '../../../src/core/os/unix-servers.ts';

test('listening sockets by inode, abstract ones and relative paths too; accepted and unnamed ones are none', () => {
  const text = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 36201 /tmp/x.pipe
0000000000000000: 00000003 00000000 00000000 0001 03 36202 /tmp/x.pipe
0000000000000000: 00000003 00000000 00000000 0001 03 36203
0000000000000000: 00000002 00000000 00010000 0001 01 36204 @abstract name
0000000000000000: 00000002 00000000 00010000 0001 01 36205 s.sock
`;
  expect([...parseListening(text)]).toEqual([
    ['36201', '/tmp/x.pipe'],
    ['36204', '@abstract name'],
    ['36205', 's.sock'],
  ]);
});
