import {expect, test} from 'vitest';
import {parseUnixListeners} from '../../../src/core/look/unix-listeners.ts';

test('unix sockets somebody listens on, with blanks in their paths', () => {
  const table = `Num       RefCount Protocol Flags    Type St Inode Path
00000000f824e4c1: 00000003 00000000 00000000 0001 03  1589 /tmp/tmux-0/connected
00000000bd75ed85: 00000002 00000000 00010000 0001 01  1588 /tmp/tmux-0/default
00000000bd75ed86: 00000002 00000000 00010000 0001 01 21588 /tmp/tmux-0/my server
00000000bd75ed88: 00000002 00000000 00010000 0001 01 41588 /tmp/tmux-0/default
00000000bd75ed87: 00000002 00000000 00010000 0001 01 31588 @abstract
00000000bd75ed88: 00000002 00000000 00010000 0001 01 31589
`;
  expect([...parseUnixListeners(table)]).toEqual([
    ['/tmp/tmux-0/default', 2],
    ['/tmp/tmux-0/my server', 1],
  ]);
});
