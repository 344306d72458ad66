// Programs that hold many listening sockets each, ready when they say so.
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

const LISTENING = `
const {createServer} = require('node:net');
const [count, from] = process.argv.slice(1).map(Number);
const servers = Array.from({length: count}, (_, index) => createServer().listen(from === 0 ? 0 : from + index, '127.0.0.1'));
let left = servers.length;
for (const server of servers) {
  server.on('error', () => process.exit(1));
  server.on('listening', () => {
    left -= 1;
    if (left === 0) console.log(JSON.stringify(servers.map(one => one.address().port)));
  });
}
`;

export interface ListenerOptions {
  /** First of consecutive ports; any free ones without it. */
  readonly from?: number;
  readonly cwd?: string;
}

/** One program with `count` listeners; their ports. Rejects when one of them could not be had. */
export const startListeners = async (
  count: number,
  env: NodeJS.ProcessEnv,
  {from = 0, cwd = process.cwd()}: ListenerOptions = {},
): Promise<readonly number[]> => {
  const child = spawn(process.execPath, ['-e', LISTENING, String(count), String(from)], {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  child.unref();
  const ports = await new Promise<readonly number[]>((resolve, reject) => {
    createInterface({input: child.stdout}).once('line', text => resolve(JSON.parse(text) as number[]));
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`a program could not listen on ${count} ports from ${from}`)));
  });
  child.stdout.destroy();
  return ports;
};
