// Restarts through a town's own tool and without it, and agent locks, with the built program on a private tmux server.
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {townSocketName} from '../../src/core/domain/town-socket.ts';
import {createRigtop} from '../cli/rigtop.ts';
import {builtBinary} from '../support/built.ts';
import {identify, isAlive, signalTo} from '../support/marked.ts';
import {privateTmux} from '../support/private-tmux.ts';
import {createScope} from '../support/scope.ts';
import {startOne} from '../support/throwaway.ts';
import {buildTown, type TownOnDisk} from '../support/town.ts';
import {waitFor} from '../support/wait-for.ts';

const scope = createScope();
beforeAll(builtBinary);
afterEach(scope.close);

interface Document {
  readonly outcome?: {
    readonly ok: boolean;
    readonly started?: readonly {
      readonly ref: string;
      readonly result: string;
      readonly because: string | null;
      readonly output: readonly string[];
    }[];
  };
}

/** A town whose agents are copies of sleep(1) called claude, on its own private server; `gt` only where a test puts one. */
const openTown = async () => {
  const root = await scope.tempDir();
  const town = await buildTown(join(root, 'town'), {name: 'here', rigs: {app: {prefix: 'ap', polecats: ['fury'], crew: ['ann']}}});
  const server = await privateTmux(scope, {name: townSocketName(town.path, town.path)});
  const rigtop = await createRigtop(scope, {tmpdir: server.tmpdir});
  const programs = join(root, 'bin');
  mkdirSync(programs);
  copyFileSync('/bin/sleep', join(programs, 'claude'));
  const env = {PATH: `${programs}:${process.env.PATH}`, GT_ROLE: 'somebody', CLAUDECODE: '1', GT_SESSION: 'x', BD_ACTOR: 'y', KEPT: 'yes'};
  const claude = join(programs, 'claude');
  return {town, server, rigtop, programs, claude, env, args: ['--town', town.path]};
};

/** Writes down how it was called, then starts the session as the town's tool does: environment marks and all. */
const installTool = (town: TownOnDisk, programs: string, claude: string): string => {
  const log = town.at('gt-calls.log');
  const socket = townSocketName(town.path, town.path);
  const script = `#!/bin/sh
{ echo "$PWD: $*"; env | grep -E '^(GT_|BD_ACTOR|CLAUDECODE|TMUX=|TMUX_PANE|KEPT)'; } >> ${log}
echo 'warning: stale binary' >&2
[ "$1" = refinery ] && { echo 'no such rig' >&2; exit 3; }
tmux -L ${socket} -f /dev/null new-session -d -s ap-$1 -e GT_ROLE=app/$1 -e GT_ROOT=${town.path} -- ${claude} 600
`;
  writeFileSync(join(programs, 'gt'), script, {mode: 0o755});
  return log;
};

describe('rigtop restart', () => {
  test('a witness through gt: the whole tree gone first, a scrubbed environment, proven up', async () => {
    const {town, server, rigtop, programs, claude, env, args} = await openTown();
    const log = installTool(town, programs, claude);
    await server.newSession('ap-witness', {
      cwd: town.at('app', 'witness'),
      command: [`sh -c 'trap "" HUP; ${claude} 601 & wait'`],
      env: {GT_ROLE: 'app/witness', GT_ROOT: town.path},
    });
    const [pane] = await server.panes('=ap-witness');
    const old = await waitFor('the agent', async () => (pane === undefined ? null : identify(pane.pid)));
    const {code, document} = await rigtop.json<Document>(['restart', 'agent:app/witness', '--yes', ...args], {env});
    expect(document.outcome?.started).toMatchObject([{ref: 'agent:app/witness', result: 'up'}]);
    expect(document.outcome?.ok).toBe(true);
    expect(code).toBe(0);
    expect(isAlive(old)).toBe(false);
    expect(readFileSync(log, 'utf8')).toBe(`${town.path}: witness restart app\nKEPT=yes\n`);
    const [now] = await server.panes('=ap-witness');
    expect(now?.pid).not.toBe(old.pid);
    expect(document.outcome?.started?.[0]?.output).toContain('warning: stale binary');
  });

  test('a tool that fails is told in its own words', async () => {
    const {town, rigtop, programs, claude, env, args} = await openTown();
    installTool(town, programs, claude);
    const {code, document} = await rigtop.json<Document>(['restart', 'agent:app/refinery', '--yes', ...args], {env});
    expect(code).not.toBe(0);
    expect(document.outcome?.started).toMatchObject([{result: 'failed', because: 'gt: no such rig'}]);
  });

  test('without gt a polecat comes up from its own command, in its own place', async () => {
    const {town, server, rigtop, claude, env, args} = await openTown();
    await server.newSession('keep');
    await server.newSession('ap-fury', {
      cwd: town.polecatPath('app', 'fury'),
      command: [`exec ${claude} 602`],
      env: {GT_ROLE: 'app/polecats/fury', GT_ROOT: town.path},
    });
    const before = await server.panes('=ap-fury');
    const {code, document} = await rigtop.json<Document>(['restart', 'agent:app/fury', '--yes', ...args], {env});
    expect(document.outcome).toMatchObject({ok: true, started: [{ref: 'agent:app/fury', result: 'up'}]});
    expect(code).toBe(0);
    const after = await server.panes('=ap-fury');
    expect(after).toHaveLength(1);
    expect(after[0]?.pid).not.toBe(before[0]?.pid);
    expect(await server.run('display-message', '-p', '-t', '=ap-fury:', '#{pane_current_path}')).toBe(town.polecatPath('app', 'fury'));
    expect(await server.run('show-environment', '-t', '=ap-fury', 'GT_ROLE')).toBe('GT_ROLE=app/polecats/fury');
  });

  test('a parked rig is left alone', async () => {
    const {town, server, rigtop, env, args, claude} = await openTown();
    await town.write('.beads-wisp/config/app.json', {rig: 'app', values: {status: 'parked'}, blocked: []});
    const pane = await server.newSession('ap-fury', {
      command: [`exec ${claude} 603`],
      env: {GT_ROLE: 'app/polecats/fury', GT_ROOT: town.path},
    });
    const ran = await rigtop.run(['restart', 'agent:app/fury', '--yes', ...args], {env});
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain('parked');
    expect(isAlive(identify(pane.pid))).toBe(true);
  });
});

describe('rigtop locks', () => {
  test('tells held from left over, moves the latter aside, and nothing else', async () => {
    const {town, server, rigtop, env, args, claude} = await openTown();
    const gone = {pid: 4_194_000, acquiredAt: new Date(Date.now() - 3_600_000), sessionId: '%7'};
    const held = await town.writeLock(town.crewPath('app', 'ann'), gone);
    const left = await town.writeLock(town.polecatPath('app', 'fury'), gone);
    await town.write(`${left}.flock`, '');
    await server.newSession('ap-crew-ann', {
      cwd: town.crewPath('app', 'ann'),
      command: [`exec ${claude} 604`],
      env: {GT_ROLE: 'app/crew/ann', GT_ROOT: town.path},
    });
    const listed = await rigtop.json<{locks: {path: string; state: string}[]}>(['locks', ...args], {env});
    expect(listed.code).toBe(1);
    const own = listed.document.locks.filter(lock => lock.path.startsWith(town.path));
    expect(new Map(own.map(lock => [lock.path, lock.state]))).toEqual(
      new Map([
        [held, 'held'],
        [left, 'stale'],
      ]),
    );
    const cleaned = await rigtop.run(['locks', '--clean', left, '--yes', ...args], {env});
    expect(cleaned.code).toBe(0);
    const names = await readdir(join(town.polecatPath('app', 'fury'), '.runtime'));
    expect(names).toEqual(['agent.lock.flock', expect.stringMatching(/^agent\.lock\.stale-\d{8}T\d{6}Z$/)]);
    expect(JSON.parse(readFileSync(held, 'utf8'))).toMatchObject({pid: 4_194_000});
    const refused = await rigtop.run(['locks', '--clean', held, '--yes', ...args], {env});
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('held: its session ap-crew-ann');
  });

  test('--deep finds what no registry names', async () => {
    const {town, server, rigtop, env, args} = await openTown();
    await server.newSession('keep');
    await town.writeLock(town.at('gone', 'crew', 'old'), {pid: 4_194_000, acquiredAt: new Date(0)});
    await town.writeLock(town.at('app', 'crew', 'ann', 'node_modules', 'x'), {pid: 4_194_000});
    const {document} = await rigtop.json<{locks: {path: string; agent: string}[]; deep: {stopped: boolean}}>(['locks', '--deep', ...args], {
      env,
    });
    const own = document.locks.filter(lock => lock.path.startsWith(town.path));
    expect(own).toMatchObject([{path: town.at('gone', 'crew', 'old', '.runtime', 'agent.lock'), agent: 'agent:gone/crew/old'}]);
    expect(document.deep.stopped).toBe(false);
  });

  test('acquire, check and release: a living holder is refused with its pid, a left-over one is taken over', async () => {
    const {server, rigtop, env} = await openTown();
    await server.newSession('keep');
    const place = await scope.tempDir();
    const line = (words: string) => rigtop.shell(words, {env, cwd: place});
    const taken = await line(
      '$RIGTOP locks acquire . && $RIGTOP locks acquire . && cat .runtime/agent.lock && $RIGTOP locks release . && $RIGTOP locks check .',
    );
    expect(taken).toMatchObject({code: 0, stderr: ''});
    expect(taken.stdout).toMatch(
      /^held .*\nheld .*\n\{\n {2}"pid": \d+,\n {2}"acquired_at": ".*",\n {2}"hostname": ".*"\n\}\nfree .*\nfree .*\n$/,
    );
    const holder = await startOne(scope);
    expect((await line(`$RIGTOP locks acquire . --pid ${holder.pid}`)).code).toBe(0);
    const refused = await line('$RIGTOP locks acquire .');
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain(`pid ${holder.pid}, taken`);
    expect((await line('$RIGTOP locks release .')).code).toBe(4);
    signalTo(holder, 'SIGKILL');
    await waitFor('the holder to end', () => !isAlive(holder));
    expect((await line('$RIGTOP locks check .')).code).toBe(1);
    expect((await line('$RIGTOP locks acquire .')).stdout).toContain('a left-over lock was moved to');
  });

  test('read-only takes and gives back nothing', async () => {
    const {rigtop, env} = await openTown();
    const place = await scope.tempDir();
    expect((await rigtop.run(['locks', 'acquire', place, '--read-only'], {env})).code).toBe(4);
    expect(await readdir(place)).toEqual([]);
  });
});
