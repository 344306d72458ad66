// Two agents in sibling work trees as literals: what commands are played over.
import {known} from '../../src/core/domain/known.ts';
import type {SocketUse} from '../../src/core/domain/socket-use.ts';
import {type Caller, type Facts, NO_FACTS} from '../../src/guard/facts.ts';
import {process} from './processes.ts';

const PROCESSES = [
  process(1, 0, 'init', {uid: 0}),
  process(10, 1, 'claude'),
  process(11, 10, 'node vite --port 3000'),
  process(12, 10, 'node mcp-server.js'),
  process(20, 1, 'claude --resume'),
  process(21, 20, 'node vite --port 3001'),
  process(22, 20, 'node mcp-server.js'),
  process(30, 1, 'firefox', {comm: 'firefox'}),
  process(40, 1, 'postgres', {uid: 70}),
];

export const socket = (pids: readonly number[], localPort: number, remotePort = 0): SocketUse => ({
  protocol: 'tcp',
  family: 4,
  localAddress: '127.0.0.1',
  localPort,
  remotePort,
  listening: remotePort === 0,
  inode: `${localPort}${remotePort}`,
  pids,
});

export const FACTS: Facts = {
  ...NO_FACTS,
  processes: known(new Map(PROCESSES.map(each => [each.pid, each]))),
  sockets: new Map([['sockets:', known([socket([11], 3000), socket([21], 3001), socket([30], 50_000, 3000)])]]),
};

export const CALLER: Caller = {
  runtimePid: 10,
  uid: 1000,
  user: 'u',
  home: '/home/u',
  cwd: '/w/a',
  root: '/w/a',
  variables: new Map([['HOME', '/home/u']]),
  tmux: {directory: '/tmp/tmux-1000', socket: '/tmp/tmux-1000/default', pane: null},
};
