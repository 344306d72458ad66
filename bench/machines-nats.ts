// A thousand machines that publish: a real publisher's lines, recorded once and published again under as many names. What the reader costs.
import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {DeliverPolicy, jetstream} from '@nats-io/jetstream';
import {connect, type NatsConnection} from '@nats-io/transport-node';
import {STREAM, subjectOf} from '../src/cli/nats/bucket.ts';
import {encodeLine, type PublishedLine, readHead, unpackLine} from '../src/cli/nats/published-line.ts';
import {type NatsServer, startNatsServer} from '../test/support/nats-server.ts';
import {createScope, type Scope} from '../test/support/scope.ts';
import {pause, waitFor} from '../test/support/wait-for.ts';
import {processorMs, residentMb} from './measure.ts';
import {openTable} from './open-table.ts';
import {type Line, line, ms, promised} from './report.ts';
import {buildWorld} from './world.ts';

const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));
const PROCESSES = 250;
const SESSIONS = 10;
const MACHINES = 1_000;
/** Long enough for a few whole looks of a calm machine, each with all that changed behind it. */
const RECORDED_MS = 120_000;
/** Machines do not begin at the same moment. */
const SPREAD_MS = 10_000;
const WARM_UP_MS = 30_000;
const MEASURED_MS = 50_000;
const WANTED = {percent: 40, mb: 400, fullMs: 15_000};

interface Recorded {
  readonly head: PublishedLine;
  readonly data: Uint8Array;
  /** Milliseconds after the first. */
  readonly at: number;
}

const environment = (home: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  TMUX_TMPDIR: home,
  LANG: 'C.UTF-8',
});

/** The lines of `rigtop publish` over a real fleet, from a whole one to before the last whole one. */
const record = async (scope: Scope, server: NatsServer, client: NatsConnection): Promise<readonly Recorded[]> => {
  const world = await buildWorld(scope, {sessions: SESSIONS, processes: PROCESSES, orphans: 5, listeners: 20});
  const child = spawn(process.execPath, [PROGRAM, 'publish', server.url, '--name', 'recorded', '--socket', world.tmux.socket], {
    cwd: world.tmux.tmpdir,
    env: world.tmux.env,
    stdio: 'ignore',
  });
  await pause(RECORDED_MS);
  child.kill();
  const consumer = await jetstream(client).consumers.get(STREAM, {
    filter_subjects: subjectOf('recorded'),
    deliver_policy: DeliverPolicy.All,
  });
  const {num_pending: there} = await consumer.info();
  const lines: Recorded[] = [];
  const messages = await consumer.consume();
  for await (const message of messages) {
    const head = readHead(message.data);
    if (head !== null) {
      lines.push({head, data: message.data, at: message.time.getTime()});
    }
    if (lines.length === there) {
      break;
    }
  }
  await messages.close();
  const from = lines.findIndex(({head}) => head.number === 0);
  const upTo = lines.findLastIndex(({head}) => head.number === 0);
  const kept = lines.slice(from, upTo > from ? upTo : undefined);
  return kept.map(each => ({...each, at: each.at - (kept[0]?.at ?? 0)}));
};

/** The whole look as that of another machine. */
const renamed = ({head}: Recorded, name: string): Uint8Array => {
  const text = unpackLine(head, 64 * 1024 * 1024) ?? '';
  return encodeLine(
    head,
    text.replace(/"hostname":"[^"]*"/, `"hostname":"${name}"`).replace(/"bootId":"/, match => `${match}${name}`),
  );
};

/** The same lines as another machine's. */
const renamedAll = (lines: readonly Recorded[], name: string): readonly Recorded[] =>
  lines.map(each => (each.head.number === 0 ? {...each, data: renamed(each, name)} : each));

/** Publishes all of it at once as all of these machines: it stands in the bucket, and nobody publishes any more. */
const fill = async (client: NatsConnection, machines: ReadonlyMap<string, readonly Recorded[]>): Promise<void> => {
  for (const [name, lines] of machines) {
    for (const {data} of lines) {
      client.publish(subjectOf(name), data);
    }
    await client.flush();
  }
  const bucket = await (await jetstream(client).jetstreamManager()).streams.get(STREAM);
  const wanted = machines.size * ([...machines.values()][0]?.length ?? 0);
  await waitFor('all of it in the bucket', async () => (await bucket.info()).state.messages >= wanted);
};

/** Publishes all of it again and again as this machine, until the scope closes. */
const replay = (scope: Scope, client: NatsConnection, lines: readonly Recorded[], name: string): void => {
  const last = (lines.at(-1)?.at ?? 0) + 2_000;
  let timer: NodeJS.Timeout;
  const send = (index: number): void => {
    const each = lines[index];
    if (each !== undefined) {
      client.publish(subjectOf(name), each.data);
      timer = setTimeout(send, (lines[index + 1]?.at ?? last) - each.at, index + 1);
    } else {
      send(0);
    }
  };
  timer = setTimeout(send, Math.random() * SPREAD_MS, 0);
  scope.add(() => clearTimeout(timer));
};

export const benchMachinesNats = async (): Promise<readonly Line[]> => {
  const scope = createScope();
  try {
    const home = await scope.tempDir();
    const env = environment(home);
    const server = await startNatsServer(scope, {open: true});
    // Whoever reads first makes the bucket.
    spawn(process.execPath, [PROGRAM, 'status', '--machines', server.url], {env, stdio: 'ignore'});
    const client = await connect({servers: server.host});
    scope.add(() => client.close());
    await waitFor(
      'the bucket',
      async () => (await (await jetstream(client).jetstreamManager()).streams.info(STREAM)).config.name === STREAM,
    );
    const lines = await record(scope, server, client);
    const [first] = lines;
    if (first === undefined) {
      throw new Error('nothing was published');
    }
    const bytes = lines.map(({data}) => data.length);
    const machines = new Map(Array.from({length: MACHINES}, (_, index) => [`m${index}`, renamedAll(lines, `m${index}`)]));
    await fill(client, machines);
    const standing = await openTable(scope, await scope.tempDir(), [server.url], MACHINES * SESSIONS);
    await standing.end();
    for (const [name, own] of machines) {
      replay(scope, client, own, name);
      await pause(1);
    }
    await pause(SPREAD_MS * 2);
    const {pid, fullMs, workMs} = await openTable(scope, await scope.tempDir(), [server.url], MACHINES * SESSIONS);
    await pause(WARM_UP_MS);
    const before = processorMs(pid);
    await pause(MEASURED_MS);
    const percent = ((processorMs(pid) - before) / MEASURED_MS) * 100;
    const mb = residentMb(pid);
    return [
      line('a machine: a whole look, as published', `${Math.round((bytes[0] ?? 0) / 1024)} KiB`),
      line(
        'a machine: lines',
        `${lines.length} in ${Math.round((lines.at(-1)?.at ?? 0) / 1000)} s, ${bytes.reduce((sum, size) => sum + size, 0)} bytes`,
      ),
      // Told apart: without the publishers, which are the bench's own, and with them on the same cores.
      promised(
        `${MACHINES} machines that stand in the bucket: until all of them are in the table`,
        ms(standing.fullMs),
        ms(WANTED.fullMs),
        standing.fullMs <= WANTED.fullMs,
      ),
      line(`${MACHINES} machines that stand in the bucket: processor time until then`, ms(standing.workMs)),
      promised(`${MACHINES} machines: until all of them are in the table`, ms(fullMs), ms(WANTED.fullMs), fullMs <= WANTED.fullMs),
      line(`${MACHINES} machines: processor time until then`, ms(workMs)),
      promised(`${MACHINES} machines: of a core`, `${percent.toFixed(1)} %`, `${WANTED.percent} %`, percent <= WANTED.percent),
      promised(`${MACHINES} machines: resident`, `${Math.round(mb)} MB`, `${WANTED.mb} MB`, mb <= WANTED.mb),
    ];
  } finally {
    await scope.close();
  }
};
