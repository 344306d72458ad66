// A small real program that misbehaves as told: argv[2] is a Spec (see throwaway.ts) as JSON. It reports itself on fd 1 once it is ready.
import {spawn} from 'node:child_process';
import {readFileSync, writeSync} from 'node:fs';
import {createServer} from 'node:net';

/** Nothing that a test starts outlives it for long, even when the test itself is killed; unless told otherwise. */
const LIFE_MS = 600_000;

const spec = JSON.parse(process.argv[2]);

const start = child => {
  const argv = [process.argv[1], JSON.stringify(child)];
  const options = {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: child.setsid === true,
    cwd: child.cwd,
    env: {...(child.emptyEnv ? {} : process.env), ...child.env},
  };
  // `; :` keeps the shell from replacing itself by the program.
  return child.shell
    ? spawn('/bin/sh', ['-c', '"$0" "$@"; :', process.execPath, ...argv], options)
    : spawn(process.execPath, argv, options);
};

const listen = server =>
  spec.listen === undefined
    ? undefined
    : new Promise((resolve, reject) =>
        server.once('error', reject).listen({port: 0, ...spec.listen}, () => resolve(server.address().port)),
      );

const server = createServer(socket => socket.end());
setTimeout(() => process.exit(0), spec.lifeMs ?? LIFE_MS);
for (const signal of spec.ignore ?? []) {
  process.on(signal, () => undefined);
}
if (spec.onTerm !== undefined) {
  process.on('SIGTERM', () => {
    start(spec.onTerm);
    if (spec.onTerm.thenExit) {
      setTimeout(() => process.exit(0), 50);
    }
  });
}
if (spec.title !== undefined) {
  process.title = spec.title;
}
const port = await listen(server);
for (const child of spec.children ?? []) {
  start(child);
}
const stat = readFileSync('/proc/self/stat', 'latin1');
const startTime = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
writeSync(1, `${JSON.stringify({name: spec.name, pid: process.pid, startTime, port: port ?? null})}\n`);
if (spec.leave) {
  process.exit(0);
}
if (spec.exitAfterMs !== undefined) {
  setTimeout(() => process.exit(0), spec.exitAfterMs);
}
