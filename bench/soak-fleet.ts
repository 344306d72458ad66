// The fleet of the soak: a town of polecats and a rig of slots, 60 stand-in agents in all, with bystanders among them.
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ProcessId} from '../src/core/domain/process.ts';
import {townSocketName} from '../src/core/domain/town-socket.ts';
import {createRigtop, type Rigtop} from '../test/cli/rigtop.ts';
import {freeBase} from '../test/os/slots-fleet.ts';
import {identify, isAlive} from '../test/support/marked.ts';
import {type PrivateTmux, privateTmux} from '../test/support/private-tmux.ts';
import type {Scope} from '../test/support/scope.ts';
import {type Started, startOne} from '../test/support/throwaway.ts';
import {buildTown} from '../test/support/town.ts';
import {waitFor} from '../test/support/wait-for.ts';

const POLECATS = 40;
const SLOTS = 20;
const BYSTANDERS = 8;
/** Longer than any soak: an agent ends only when something ends it. */
export const LIFE_S = 6 * 3600;

/** Something that the supervisor keeps alive. */
export interface Kept {
  readonly ref: string;
  readonly session: string;
  readonly tmux: PrivateTmux;
  readonly port: number | null;
  /** The process that was last started as it, when it lives. */
  alive(): ProcessId | null;
}

export interface SoakFleet {
  readonly rigtop: Rigtop;
  readonly town: PrivateTmux;
  readonly slots: PrivateTmux;
  /** A copy of sleep(1) that rigtop takes for an agent program. */
  readonly agentProgram: string;
  readonly kept: readonly Kept[];
  readonly bystanders: Started[];
  readonly args: readonly string[];
}

const lastStarted = (pidFile: string): ProcessId | null => {
  try {
    const id = identify(Number(readFileSync(pidFile, 'utf8')));
    return isAlive(id) ? id : null;
  } catch {
    return null;
  }
};

const SERVICE = `
import {writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
const [, , port, pids] = process.argv;
writeFileSync(pids + '/slot-' + port, String(process.pid));
createServer().listen(Number(port), '127.0.0.1');
setTimeout(() => process.exit(0), ${LIFE_S * 1000});
`;

/** What the town's own tool does for a restart: the session with its marks, and the lock that says who is at work. */
const tool = (town: string, socket: string, pids: string, agent: string): string => `#!/bin/sh
[ "$1 $2" = "session restart" ] || { echo "unknown: $*" >&2; exit 2; }
name=\${3#app/}
place=${town}/app/polecats/$name/app
tmux -L ${socket} -f /dev/null new-session -d -s "ap-$name" -c "$place" -e GT_ROLE=app/polecats/$name -e GT_ROOT=${town} \\
  "echo \\$\\$ > ${pids}/$name; exec ${agent} ${LIFE_S}" || exit 1
for i in $(seq 100); do [ -s ${pids}/$name ] && break; sleep 0.1; done
mkdir -p "$place/.runtime"
printf '{"pid": %s, "acquired_at": "%s", "session_id": "ap-%s"}' "$(cat ${pids}/$name)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$name" > "$place/.runtime/agent.lock"
`;

export const buildSoakFleet = async (scope: Scope): Promise<SoakFleet> => {
  const root = await scope.tempDir();
  const names = Array.from({length: POLECATS}, (_, index) => `cat${index}`);
  const town = await buildTown(join(root, 'town'), {name: 'here', rigs: {app: {prefix: 'ap', polecats: names}}});
  const slots = await privateTmux(scope, {name: 'default'});
  const server = await privateTmux(scope, {name: townSocketName(town.path, town.path), tmpdir: slots.tmpdir});
  const rigtop = await createRigtop(scope, {tmpdir: slots.tmpdir});
  const [bin, pids, search] = ['bin', 'pids', 'search'].map(each => join(root, each)) as [string, string, string];
  for (const each of [bin, pids, search]) {
    mkdirSync(each);
  }
  const agentProgram = join(bin, 'claude');
  copyFileSync('/bin/sleep', agentProgram);
  const socket = townSocketName(town.path, town.path);
  writeFileSync(join(bin, 'gt'), tool(town.path, socket, pids, agentProgram), {mode: 0o755});
  const script = rigtop.write('serve.mjs', SERVICE);
  const base = await freeBase(SLOTS);
  const command = `exec ${process.execPath} ${script} {port} ${pids}`;
  rigtop.write(
    'home/.config/rigtop/config.toml',
    `[thresholds]\norphan_min_age = "2s"\nterm_grace = "1s"
[supervise]\ninterval = "1s"\nkeep = ["agent:app/*", "slot:search/*/web"]
  [supervise.cleanup]\n  kinds = ["orphan-process"]\n  min_age = "1m"\n  per_hour = 100
[[towns]]\npath = "${town.path}"
[[rigs]]\nname = "search"\npath = "${search}"\nsession = "search-{slot}"\nslots = ${SLOTS}
  [[rigs.services]]\n  name = "web"\n  base_port = ${base}\n  command = "${command}"\n`,
  );
  const env = {PATH: `${bin}:${process.env.PATH}`};
  // The server has to outlive its agents.
  await server.newSession('people', {cwd: root, command: ['sleep', String(LIFE_S)]});
  for (const name of names) {
    await rigtop.shell(`gt session restart app/${name}`, {env});
  }
  for (let slot = 1; slot <= SLOTS; slot += 1) {
    await slots.newSession(`search-${slot}`, {cwd: search, command: [agentProgram, String(LIFE_S)]});
    await slots.run(
      'new-window',
      '-d',
      '-t',
      `=search-${slot}:`,
      '-n',
      'web',
      '-c',
      search,
      command.replace('{port}', String(base + slot)),
    );
  }
  const kept: Kept[] = [
    ...names.map(name => ({
      ref: `agent:app/${name}`,
      session: `ap-${name}`,
      tmux: server,
      port: null,
      alive: () => lastStarted(join(pids, name)),
    })),
    ...Array.from({length: SLOTS}, (_, index) => ({
      ref: `slot:search/${index + 1}/web`,
      session: `search-${index + 1}`,
      tmux: slots,
      port: base + index + 1,
      alive: () => lastStarted(join(pids, `slot-${base + index + 1}`)),
    })),
  ];
  await waitFor('the whole fleet', () => kept.every(each => each.alive() !== null), {
    describe: () => kept.flatMap(each => (each.alive() === null ? each.ref : [])).join(' '),
  });
  const bystanders = await Promise.all(
    Array.from({length: BYSTANDERS}, (_, index) =>
      startOne(scope, {name: 'bystander', lifeMs: LIFE_S * 1000, cwd: index % 2 === 0 ? search : root}),
    ),
  );
  return {rigtop, town: server, slots, agentProgram, kept, bystanders, args: []};
};
