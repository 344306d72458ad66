// What a snapshot document from elsewhere must say of towns, repositories and work trees. Pure; costs the load of zod.
import * as z from 'zod';
import {MOST_RECORDED_SLOTS, MOST_SERVICES} from '../../core/domain/repo.ts';
import {byName, known, list, port, shortList, whole, wholeOrNull, words, wordsOrNull} from './read-words.ts';

const moment = z.number();
const momentOrNull = moment.nullable();

const worker = z.object({
  role: z.enum(['witness', 'refinery', 'crew', 'polecat', 'mayor', 'deacon', 'boot', 'dog']),
  name: words,
  path: words,
  home: words,
  worktree: z.boolean(),
  slot: wholeOrNull,
});

const estop = z.object({path: words, trigger: words, at: moment, reason: words});

const rig = z.object({
  name: words,
  prefix: words,
  path: words,
  exists: z.boolean(),
  workers: list(worker),
  pending: list(z.object({name: words, at: moment})),
  blind: list(z.object({path: words, because: words})),
  operation: known(z.object({status: wordsOrNull, autoRestart: z.boolean().nullable(), blocked: list(words)}).nullable()),
  estop: known(estop.nullable()),
});

const lock = z.object({
  path: words,
  digest: words,
  content: known(z.object({pid: whole, acquiredAt: momentOrNull, sessionId: wordsOrNull, hostname: wordsOrNull})),
  modifiedAt: moment,
  worker,
  rig: words,
});

const daemon = z.object({
  pid: known(wholeOrNull),
  pidWrittenAt: momentOrNull,
  lockHolder: known(wholeOrNull),
  state: known(z.object({running: z.boolean(), pid: wholeOrNull, startedAt: momentOrNull, lastHeartbeat: momentOrNull}).nullable()),
  restarts: known(
    list(z.object({agent: words, count: whole, lastRestart: momentOrNull, backoffUntil: momentOrNull, crashLoopSince: momentOrNull})),
  ),
});

const records = z.object({
  heartbeats: known(list(z.object({session: words, at: moment, state: wordsOrNull, bead: wordsOrNull}))),
  deaconHeartbeat: known(z.object({at: moment, cycle: z.number().nullable(), lastAction: wordsOrNull}).nullable()),
  deaconPaused: known(z.object({reason: wordsOrNull, by: wordsOrNull, at: momentOrNull}).nullable()),
  dogs: known(list(z.object({name: words, state: wordsOrNull, work: wordsOrNull}))),
  locks: list(lock),
  lockTroubles: list(z.object({path: words, worker, rig: words, because: words})),
  daemon,
  estop: known(estop.nullable()),
  shutdown: known(wholeOrNull),
  helpers: list(
    z.object({kind: z.enum(['nudge-poller', 'dolt', 'acp']), pid: whole, session: wordsOrNull, path: words, writtenAt: moment}),
  ),
  events: known(
    list(z.object({at: moment, origin: z.enum(['events', 'log']), type: words, actor: words, text: words, session: wordsOrNull})),
  ),
});

/** Looks of versions that did not tell it are of things that were found. */
const provenance = z.enum(['named', 'found']).default('found');

export const town = z.object({
  name: words,
  path: words,
  realPath: words,
  paths: list(words),
  provenance,
  socketName: words,
  socketNames: list(words),
  rigs: known(list(rig)),
  workers: list(worker),
  records,
});

const service = z.object({
  name: words,
  basePort: port,
  hostPort: port.nullable(),
  run: z.enum(['native', 'docker']),
  command: wordsOrNull,
  extraPorts: shortList(z.object({basePort: port})),
});

const config = z.object({
  mode: z.enum(['container', 'host', 'hybrid']),
  prefix: words,
  maxSlots: z.int().min(1).max(255),
  slotStride: z.int().min(1).max(255),
  worktreeDir: words,
  services: z.array(service).max(MOST_SERVICES),
  faults: list(words),
});

const session = z.object({
  slug: words,
  slot: whole,
  mode: words,
  branch: wordsOrNull,
  worktreePath: words,
  worktreeRealPath: words,
  worktreeExists: known(z.boolean()),
  status: z.enum(['active', 'pending', 'stopped']),
  pending: z.object({id: words, since: words}).nullable(),
  composeProject: wordsOrNull,
  portOverrides: byName(port),
  processManager: wordsOrNull,
  tmuxSession: wordsOrNull,
  servicesSubset: list(words).nullable(),
  startedAt: wordsOrNull,
  pidFiles: known(list(z.object({path: words, service: words, pid: wholeOrNull, startToken: wordsOrNull}))),
});

export const repo = z.object({
  /** Versions that did not tell it knew one such tool. */
  tool: words.default('ecluse'),
  name: words,
  root: words,
  realRoot: words,
  provenance,
  config: known(config),
  sessions: known(z.array(session).max(MOST_RECORDED_SLOTS)),
});

export const worktree = z.object({
  path: words,
  mainRoot: words,
  main: z.boolean(),
  branch: wordsOrNull,
  locked: wordsOrNull,
  prunable: wordsOrNull,
  dirty: known(z.boolean()),
});

export const multiplexer = words;

export const register = z.object({
  store: words,
  file: words,
  rows: known(
    list(
      z.object({
        id: words,
        title: wordsOrNull,
        status: words,
        active: z.boolean(),
        seat: z.object({kind: multiplexer, session: words, agent: wordsOrNull}).nullable(),
        usedAt: momentOrNull,
        worker: wholeOrNull,
        exempt: wordsOrNull,
        resumes: wordsOrNull,
      }),
    ),
  ),
  close: list(words).nullable(),
});

const runtimeRecord = z.object({
  program: words,
  file: words,
  role: z.enum(['session', 'host', 'daemon']),
  background: z.boolean(),
  pid: whole,
  startTime: z.number().nullable(),
  domain: z.object({bootId: wordsOrNull, namespace: wholeOrNull, machine: wordsOrNull}),
  locked: z.boolean(),
  conversation: wordsOrNull,
  directory: wordsOrNull,
  state: z.enum(['idle', 'busy', 'waiting', 'shell']).nullable(),
  question: wordsOrNull,
  stateSince: z.number().nullable(),
});

const runtimeJob = z.object({
  id: words,
  file: words,
  conversations: list(words),
  directory: wordsOrNull,
  runs: z.boolean(),
  state: words,
  updatedAt: z.number().nullable(),
});

const portRecord = z.object({port, service: words, file: words, pid: wholeOrNull, directory: wordsOrNull});

export const runtimeStore = z.object({
  program: words,
  place: words,
  records: known(list(runtimeRecord)),
  jobs: list(runtimeJob).exactOptional(),
  ports: list(portRecord).exactOptional(),
  unreadable: list(z.object({file: words, because: words})),
});
