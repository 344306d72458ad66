// The program behind every name in the demo: it listens, forks, ignores signals or leaves as its environment tells it. Not pure.
import {spawn} from 'node:child_process';
import {appendFileSync, existsSync, readFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {DEMO_DIRECTORY} from '../core/domain/demo-directory.ts';
import {type Behaviour, type ChildBehaviour, STAND_IN, type StartedPart} from './behaviour.ts';

/** Last resort: a stand-in whose directory is gone belongs to nobody. */
const ALONE_CHECK_MS = 5_000;

/** Erase the screen, and to its first cell (ECMA-48: ED, CUP). */
const CLEARED = '\u001b[2J\u001b[H';

const directory = process.env[DEMO_DIRECTORY] ?? '';
const behaviour = JSON.parse(process.env[STAND_IN] ?? '{"part":"nobody"}') as Behaviour;

const startChild = ({program, args = [], cwd, setsid = false, shell = false, ...child}: ChildBehaviour): void => {
  const argv = [join(directory, 'bin', program), ...args];
  const options = {
    stdio: 'ignore' as const,
    detached: setsid,
    ...(cwd === undefined ? {} : {cwd}),
    env: {...process.env, [STAND_IN]: JSON.stringify(child)},
  };
  if (shell) {
    // `; :` keeps the shell from replacing itself by the program.
    spawn('/bin/sh', ['-c', '"$0" "$@"; :', 'node', ...argv], options);
  } else {
    spawn('node', argv, options);
  }
};

const listen = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer(socket => socket.end());
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const startTime = (): number => {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
};

for (const signal of behaviour.ignore ?? []) {
  process.on(signal, () => undefined);
}
if (behaviour.title !== undefined) {
  process.title = behaviour.title;
}
const port = behaviour.listen === undefined || behaviour.listen === null ? null : await listen(behaviour.listen);
for (const child of behaviour.children ?? []) {
  startChild(child);
}
const print = (lines: readonly string[] = []): void => {
  for (const line of lines) {
    process.stdout.write(`${line}\n`);
  }
};
print(behaviour.screen);
const {answered} = behaviour;
if (answered !== undefined) {
  process.stdin.once('data', () => {
    process.stdout.write(CLEARED);
    print(answered);
  });
}
const started: StartedPart = {part: behaviour.part, pid: process.pid, startTime: startTime(), port};
// One short write with O_APPEND: lines of several writers do not mix.
appendFileSync(join(directory, 'started.jsonl'), `${JSON.stringify(started)}\n`);

if (behaviour.leave === true) {
  process.exit(0);
}
setInterval(() => {
  if (!existsSync(directory)) {
    process.exit(0);
  }
}, ALONE_CHECK_MS);
