// One machine's looks as lines for a reader elsewhere: the first whole, then what changed and is worth a line. Pure but for what it remembers.
import {isKernelThread, type Process} from '../../core/domain/process.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {jsonLine} from '../documents/json-text.ts';
import {diffDocuments, type Patch} from '../documents/patch.ts';
import {CHANGE_SCHEMA, type Observer, snapshotDocument} from '../documents/snapshot-document.ts';
import {HEARTBEAT_MS} from './heartbeat.ts';

/** Below these, memory, processor and a session's last sign of life are as good as the numbers sent before. */
const CPU_POINTS = 5;
const MEMORY_SHARE = 0.1;
const ACTIVITY_SECONDS = 10;

type Document = Omit<ReturnType<typeof snapshotDocument>, 'processes'>;

/** R, S, D and I take turns all the time; only the others mean something by themselves. */
const isRunning = (state: Process['state']): boolean => 'RSDI'.includes(state);

const isSteady = (sent: Process, now: Process): boolean =>
  Math.abs((now.cpu ?? 0) - (sent.cpu ?? 0)) < CPU_POINTS &&
  Math.abs(now.rss - sent.rss) <= sent.rss * MEMORY_SHARE &&
  (sent.state === now.state || (isRunning(sent.state) && isRunning(now.state))) &&
  // The kernel renames its workers by what they do at the moment.
  (sent.comm === now.comm || (isKernelThread(sent) && isKernelThread(now)));

/** The process as it was sent, unless more than its jitter has changed. */
const steadyProcess = (sent: Process | undefined, now: Process): Process => {
  if (sent === undefined || sent === now || sent.startTime !== now.startTime || !isSteady(sent, now)) {
    return now;
  }
  const {cpu, rss, state, comm} = sent;
  return diffDocuments(sent, {...now, cpu, rss, state, comm}) === null ? sent : now;
};

const steadyServers = (sent: Snapshot['servers'], now: Snapshot['servers']): Snapshot['servers'] => {
  const before = new Map(sent.flatMap(({sessions}) => sessions.map(each => [`${each.socket} ${each.id}`, each.activity] as const)));
  return now.map(server => ({
    ...server,
    sessions: server.sessions.map(session => {
      const activity = before.get(`${session.socket} ${session.id}`) ?? 0;
      return session.activity - activity < ACTIVITY_SECONDS ? {...session, activity} : session;
    }),
  }));
};

/** How long a source took is no news, nor for how long it has not been asked because nothing of it ran. */
const steadySources = (sent: Snapshot['sources'], now: Snapshot['sources']): Snapshot['sources'] =>
  now.map(({ageMs: _, ...source}, at) => ({...source, tookMs: sent[at]?.tookMs ?? source.tookMs}));

/** When the look was taken changes with every one. */
const withoutClocks = ({takenAt: _, monotonicMs: __, tookMs: ___, uptimeMs: ____, ...rest}: Document) => rest;

/** The next look's line; null where there is nothing to tell. */
export const createReporter = (observer: Observer): ((look: Snapshot) => string | null) => {
  let sent: {readonly look: Snapshot; readonly document: Document} | null = null;
  let sentAt = Number.NEGATIVE_INFINITY;
  let confirmed = false;

  return look => {
    const steady: Snapshot =
      sent === null
        ? look
        : {
            ...look,
            servers: steadyServers(sent.look.servers, look.servers),
            sources: steadySources(sent.look.sources, look.sources),
            processes: new Map([...look.processes].map(([pid, now]) => [pid, steadyProcess(sent?.look.processes.get(pid), now)])),
          };
    const {processes: _, ...document} = snapshotDocument(steady, observer);
    if (sent === null) {
      sent = {look: steady, document};
      sentAt = look.monotonicMs;
      return jsonLine(snapshotDocument(look, observer));
    }
    const processes = diffDocuments(Object.fromEntries(sent.look.processes), Object.fromEntries(steady.processes));
    const isNews = processes !== null || diffDocuments(withoutClocks(sent.document), withoutClocks(document)) !== null;
    // One quiet look behind every change: a verdict that rests on absence needs two looks.
    if (!isNews && confirmed && look.monotonicMs - sentAt < HEARTBEAT_MS) {
      return null;
    }
    const changes = diffDocuments(sent.document, document) as Readonly<Record<string, Patch | null>> | null;
    confirmed = !isNews;
    sent = {look: steady, document};
    sentAt = look.monotonicMs;
    return jsonLine({schema: CHANGE_SCHEMA, ...changes, ...(processes === null ? {} : {processes})});
  };
};
