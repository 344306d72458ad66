// A server that hands its listening socket to a child: both hold it. Prints {"port","pids"} when both do.
import {fork} from 'node:child_process';
import {writeSync} from 'node:fs';
import {createServer} from 'node:net';

const LIFE_MS = 600_000;
setTimeout(() => process.exit(0), LIFE_MS);

if (process.send === undefined) {
  const server = createServer(socket => socket.end()).listen(0, '127.0.0.1', () => {
    const child = fork(process.argv[1], {stdio: ['ignore', 'inherit', 'inherit', 'ipc']});
    child.once('message', () => writeSync(1, `${JSON.stringify({port: server.address().port, pids: [process.pid, child.pid]})}\n`));
    child.send('socket', server);
  });
} else {
  process.once('message', (_, server) => {
    globalThis.kept = server;
    process.send('kept');
  });
}
