// A multiplexer that rigtop does not know, added from here alone: looked at, judged, shown, stopped and told by doctor as any other.
import {spawn} from 'node:child_process';
import {mkdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {askSources} from '../../src/cli/doctor/ask-sources.ts';
import {checkUp, type Surroundings} from '../../src/cli/doctor/checkup.ts';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {LoadedConfig} from '../../src/config/load.ts';
import {type Control, openedSince, type PaneNow, panesOfSession, type ServerNow} from '../../src/core/act/acting-source.ts';
import {confirmServer} from '../../src/core/act/server-end.ts';
import {note} from '../../src/core/domain/check.ts';
import type {Server} from '../../src/core/domain/multiplexer.ts';
import type {Process} from '../../src/core/domain/process.ts';
import {wordsBehind} from '../../src/core/domain/program-words.ts';
import {createHandOver} from '../../src/core/look/hand-over.ts';
import type {Host} from '../../src/core/os/host.ts';
import type {Source} from '../../src/core/source.ts';
import {SOURCES} from '../../src/sources/sources.ts';
import {createFakePrograms} from '../support/fake-multiplexers.ts';
import {identify, isAlive, MARKER, sight} from '../support/marked.ts';
import {createScope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';
import {type Acting, openActing} from './act-fleet.ts';

const scope = createScope();
afterEach(scope.close);

// One server for all sessions, each with one pane: `P1 NAME PID` a line, behind the server's own pid.
const POND = (state: string): string => `
state=${state}
case "$1" in
serve)
  shift; id=0
  for each in "$@"; do
    id=$((id + 1)); (cd "\${each#*=}" && exec setsid sleep 600) & echo "P$id \${each%%=*} $!" >> "$state/table"
  done
  echo $$ > "$state/pid"
  while :; do sleep 0.1; done ;;
list)
  test -e "$state/mute" && { echo 'pond: the ice is thick' >&2; exit 3; }
  test -e "$state/pid" || exit 1
  cat "$state/pid"
  while read -r id name pid; do kill -0 "$pid" 2>/dev/null && echo "$id $name $pid"; done < "$state/table"; exit 0 ;;
end)
  echo "$*" >> "$state/orders"
  while read -r id name pid; do test "$id" = "$2" && kill "$pid" 2>/dev/null; done < "$state/table"; exit 0 ;;
attach) echo "$*" >> "$state/orders" ;;
esac`;

const CREATED = 1_700_000_000;

interface Listed {
  readonly pid: number;
  readonly rows: readonly {readonly id: string; readonly name: string; readonly pid: number}[];
}

const list = async (host: Pick<Host, 'run'>): Promise<Listed | string | null> => {
  const {stdout, stderr, exitCode} = await host.run('pond', ['list'], {timeoutMs: 5000});
  const [pid, ...rows] = stdout.trim().split('\n');
  if (exitCode !== 0) {
    return exitCode === 1 ? null : stderr.trim();
  }
  return {
    pid: Number(pid),
    rows: rows.map(row => row.split(' ')).map(([id = '', name = '', head]) => ({id, name, pid: Number(head)})),
  };
};

const serves = (process: Pick<Process, 'comm' | 'argv'>): boolean => wordsBehind(process, 'pond')?.[0] === 'serve';

/** What would be its folder in `src/sources`. */
const createPond = (socket: string): {readonly source: Source; readonly control: Control} => {
  const serverOf = (listed: Listed | string | null): Server => {
    const shared = {kind: 'pond', name: 'pond', socket, version: null};
    if (listed === null || typeof listed === 'string') {
      return {...shared, state: listed === null ? 'absent' : 'unknown', because: listed ?? 'no server', pid: null, sessions: []};
    }
    const sessions = listed.rows.map(({id, name, pid}) => ({
      kind: 'pond',
      socket,
      server: 'pond',
      id,
      created: CREATED,
      name,
      attached: 0,
      activity: 0,
      group: null,
      env: null,
      panes: [
        {
          id: `${id}.1`,
          windowId: id,
          windowIndex: 0,
          windowName: '',
          index: 0,
          active: true,
          pid,
          dead: false,
          exitStatus: null,
          startCommand: '',
          tty: '',
        },
      ],
    }));
    return {...shared, state: 'ok', because: `${sessions.length} sessions`, pid: listed.pid, sessions};
  };
  const isOwn = (other: string): boolean => other === socket;
  const readServer = async (host: Host): Promise<ServerNow> => {
    const listed = await list(host);
    if (listed === null) {
      return {state: 'absent'};
    }
    const toPane = ({id, name, pid}: Listed['rows'][number]): PaneNow => ({
      sessionId: id,
      created: CREATED,
      attached: 0,
      windowId: id,
      paneId: `${id}.1`,
      pid,
      dead: false,
      remains: false,
      sessionName: name,
    });
    return typeof listed === 'string'
      ? {state: 'unknown', because: listed}
      : {state: 'ok', serverPid: listed.pid, panes: listed.rows.map(toPane)};
  };
  return {
    source: {
      name: 'pond',
      multiplexer: {isOwn, serves, attach: ({sessionId}) => ({file: 'pond', args: ['attach', sessionId]})},
      readServers: host => ({
        collect: async () => {
          const server = serverOf(await list(host));
          return {servers: [server], sources: [{source: 'pond', target: 'pond', state: server.state, detail: server.because, tookMs: 0}]};
        },
      }),
      cures: new Map([['pond', 'wait for spring']]),
      checkup: async () => [note('pond', 'made up')],
    },
    control: {
      name: 'pond',
      isOwn,
      serves,
      readServer,
      endSession: async (host, session) => {
        const before = panesOfSession(await readServer(host), session);
        const unplanned = before.filter(({paneId}) => !session.panes.includes(paneId)).map(({paneId}) => paneId);
        if (unplanned.length > 0) {
          return {result: 'refused', because: openedSince(unplanned)};
        }
        await host.run('pond', ['end', session.id], {timeoutMs: 5000});
        const after = await confirmServer(host, await readServer(host), session.serverPid);
        const isGone = after.state !== 'unknown' && panesOfSession(after, session).length === 0;
        return isGone ? {result: 'gone', because: null} : {result: 'survived', because: 'pond still shows it'};
      },
      endPane: async () => ({result: 'refused', because: 'pond closes no pane alone'}),
    },
  };
};

let state: string;
let pond: ReturnType<typeof createPond>;
let acting: Acting;
let serverPid: number;

beforeEach(async () => {
  state = await scope.tempDir();
  const project = join(state, 'project');
  const lost = join(project, 'lost');
  await mkdir(lost, {recursive: true});
  const programs = await createFakePrograms(scope);
  await programs.put('pond', POND(state));
  pond = createPond(`pond:${state}`);
  const file = join(programs.path.split(':')[0] ?? '', 'pond');
  const child = spawn(file, ['serve', `team=${lost}`, `other=${state}`], {
    cwd: '/',
    stdio: 'ignore',
    detached: true,
    env: {...process.env, TMUX: undefined, TMUX_PANE: undefined, [MARKER]: scope.marker()},
  });
  child.unref();
  serverPid = child.pid ?? 0;
  await waitFor('its panes', async () => {
    const rows = (await readFile(join(state, 'table'), 'utf8').catch(() => '')).trim().split('\n');
    const heads = rows.map(row => Number(row.split(' ')[2]));
    return heads.length === 2 && heads.every(pid => sight(pid)?.comm === 'sleep' && sight(pid)?.sid === pid);
  });
  await rm(lost, {recursive: true});
  const rig = {name: 'pond', path: project, session: 'team', slots: 0, slotStride: 0, services: []};
  acting = await openActing(scope, null, {
    env: {PATH: programs.path},
    settings: {rigs: [rig], orphanMinAgeMs: 0, confirmGapMs: 200},
    sources: [pond.source],
    acting: [{control: pond.control}],
  });
});

const headsByName = async (): Promise<ReadonlyMap<string, number>> =>
  new Map(
    (await readFile(join(state, 'table'), 'utf8'))
      .trim()
      .split('\n')
      .map(row => row.split(' '))
      .map(([, name = '', pid]) => [name, Number(pid)]),
  );

const orders = async (): Promise<readonly string[]> =>
  (await readFile(join(state, 'orders'), 'utf8').catch(() => '')).split('\n').filter(line => line !== '');

test('its sessions are seen, and the one whose directory is gone is judged', async () => {
  const {snapshot, findings} = await acting.engine.refreshUntilSettled();
  const server = snapshot.servers.find(({kind}) => kind === 'pond');
  expect(server).toMatchObject({state: 'ok', pid: serverPid});
  expect(server?.sessions.map(({name}) => name)).toEqual(['team', 'other']);
  expect(snapshot.processes.get(serverPid)?.serves).toBe('pond');
  const own = findings.filter(({subject}) => subject.startsWith('session:pond/'));
  expect(own.map(({kind, subject, certainty}) => `${kind} ${subject} ${certainty}`)).toContain('orphan-session session:pond/team sure');
  expect(own.some(({subject}) => subject === 'session:pond/other')).toBe(false);
});

test('its session ends by its own order; its neighbour and its server live', async () => {
  const heads = await headsByName();
  const [team, other] = [identify(heads.get('team') ?? 0), identify(heads.get('other') ?? 0)];
  const server = identify(serverPid);
  const plan = await acting.plan(['session:pond/team']);
  expect(plan.targets.map(({pid}) => pid)).toEqual([team.pid]);
  const outcome = await acting.act(plan);
  expect(outcome).toMatchObject({ok: true, problems: []});
  expect(isAlive(team)).toBe(false);
  expect([other, server].every(isAlive)).toBe(true);
  expect(await orders()).toEqual(['end P1']);
});

test('its server is never a target, and a plan for what it does not hold any more touches nothing', async () => {
  const refusal = await acting.refusal([`process:${serverPid}`]);
  expect(new Set(refusal.leftOut.map(({rule}) => rule))).toEqual(new Set(['multiplexer']));
  const plan = await acting.plan(['session:pond/team']);
  const [session] = plan.sessions;
  const again = {...plan, sessions: session === undefined ? [] : [{...session, created: session.created + 1}]};
  const outcome = await acting.act(again);
  expect(outcome.targets.some(({result}) => result === 'gone')).toBe(false);
  expect(await orders()).toEqual([]);
});

test('it is attached to by its own client', async () => {
  const {snapshot} = await acting.engine.refresh();
  const session = snapshot.servers.find(({kind}) => kind === 'pond')?.sessions[1];
  const handOver = createHandOver(acting.host, [...SOURCES, pond.source]);
  const address = {socket: session?.socket ?? '', sessionId: session?.id ?? '', paneId: null};
  expect(handOver.attach(address, {readOnly: false})).toBeNull();
  expect(await orders()).toEqual(['attach P2']);
  expect(await handOver.capturePane({socket: address.socket, paneId: 'P2.1'}, 5)).toEqual({ok: false, because: 'its text cannot be read'});
});

test('doctor tells how the look at it went, and its cure where it did not', async () => {
  const around = {programs: [], terminal: {isTerminal: false}, paths: {}, stateTrouble: null, node: '24.0.0'} as unknown as Surroundings;
  const config = {settings: DEFAULT_SETTINGS, files: [], problems: [], notes: [], readOnly: false} as unknown as LoadedConfig;
  const lines = async (): Promise<readonly string[]> => {
    const {snapshot} = await acting.engine.refresh();
    const told = await askSources([...SOURCES, pond.source], acting.host, snapshot);
    return checkUp({...around, ...told}, snapshot, config).map(({about, state, detail, cure}) => `${state} ${about}: ${detail} -> ${cure}`);
  };
  expect(await lines()).toEqual(expect.arrayContaining(['note pond: made up -> null', 'ok pond: 2 sessions -> null']));
  await acting.host.run('touch', [join(state, 'mute')], {timeoutMs: 5000});
  expect(await lines()).toContain('trouble pond: pond: the ice is thick -> wait for spring');
});
