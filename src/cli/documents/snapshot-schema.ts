// What a snapshot document from elsewhere must look like before anything believes it: the machine's own records. Pure; costs the load of zod.
import * as z from 'zod';
import {HINT_STATES} from '../../core/domain/hint.ts';
import {multiplexer, register, repo, runtimeStore, town, worktree} from './places-schema.ts';
import {byName, known, list, port, shortList, whole, wholeOrNull, words, wordsOrNull} from './read-words.ts';

export const process = z.object({
  pid: whole,
  startTime: z.number(),
  ppid: whole,
  pgid: whole,
  sid: whole,
  tty: wordsOrNull,
  state: z.enum(['R', 'S', 'D', 'T', 't', 'Z', 'X', 'I', '?']),
  uid: whole,
  comm: words,
  argv: list(words),
  bornMs: z.number(),
  cpu: z.number().nullable(),
  rss: z.number(),
  cwd: known(words),
  cwdDeleted: z.boolean(),
  cwdRemade: words.optional(),
  cwdApart: words.optional(),
  inside: words.optional(),
  serves: words.optional(),
  env: known(byName(words)),
});

const pane = z.object({
  id: words,
  windowId: words,
  windowIndex: whole,
  windowName: words,
  index: whole,
  active: z.boolean(),
  pid: whole,
  dead: z.boolean(),
  exitStatus: wholeOrNull,
  startCommand: words,
  tty: words,
});

const session = z.object({
  kind: multiplexer,
  socket: words,
  server: words,
  id: words,
  created: z.number(),
  name: words,
  attached: whole,
  activity: z.number(),
  group: wordsOrNull,
  panes: list(pane),
  env: byName(words).nullable(),
});

const server = z.object({
  kind: multiplexer,
  name: words,
  socket: words,
  state: z.enum(['ok', 'absent', 'unknown']),
  because: words,
  pid: wholeOrNull,
  version: wordsOrNull,
  sessions: list(session),
});

const listener = z.object({
  port,
  address: words,
  family: z.union([z.literal(4), z.literal(6)]),
  inode: words,
  uid: whole,
  owners: known(list(whole)),
});

const source = z.object({
  source: words,
  target: words,
  state: z.enum(['ok', 'absent', 'unknown']),
  detail: words,
  hint: words.exactOptional(),
  tookMs: z.number(),
  ageMs: z.number().exactOptional(),
});

const screen = z.object({
  socket: words,
  paneId: words,
  state: z.enum([...HINT_STATES, 'unknown']),
  text: wordsOrNull,
  since: z.number().nullable(),
});

/** Slots of all rigs, each with its services: the bounds of the configuration’s own schema, multiplied. */
const MOST_SLOTS = 100_000;

const settings = z.object({
  orphanMinAgeMs: z.number(),
  confirmGapMs: z.number(),
  termGraceMs: z.number(),
  protect: z.object({sessions: list(words), commands: list(words), paths: list(words)}),
  runtimes: list(
    z.object({name: words, processNames: list(words), scripts: list(words), args: list(words), plain: z.literal(true).optional()}),
  ),
  towns: shortList(words),
  repos: shortList(words),
  rigs: shortList(
    z.object({
      name: words,
      path: words,
      session: wordsOrNull,
      slots: z.int().min(0).max(10_000),
      slotStride: port.min(1),
      services: shortList(z.object({name: words, basePort: port, command: wordsOrNull})),
    }),
  ).refine(rigs => rigs.reduce((sum, {slots, services}) => sum + slots * Math.max(1, services.length), 0) <= MOST_SLOTS, {
    message: `more than ${MOST_SLOTS} slots and services`,
  }),
  registers: shortList(
    z.object({
      name: words,
      file: words,
      list: words,
      id: words,
      session: words,
      status: words,
      active: list(words),
      updated: wordsOrNull,
      multiplexer,
      close: list(words).nullable(),
    }),
  ),
  sockets: list(words).nullable(),
});

/** All but the processes, which are many and judged one by one. */
export const surroundings = z.object({
  rigtop: words,
  takenAt: z.iso.datetime(),
  monotonicMs: z.number(),
  tookMs: z.number(),
  uptimeMs: z.number(),
  bootedAt: z.iso.datetime(),
  hostname: words,
  platform: words,
  bootId: wordsOrNull,
  self: z.object({
    pid: whole,
    startTime: z.number(),
    uid: whole,
    ancestors: list(whole),
    pane: z.object({socket: words, paneId: words}).nullable(),
    pidNamespace: whole.exactOptional(),
    machineId: words.exactOptional(),
  }),
  sources: list(source),
  processesComplete: z.boolean(),
  listeners: list(listener),
  servers: list(server),
  towns: list(town),
  repos: list(repo),
  registers: list(register),
  runtimeStores: list(runtimeStore).default([]),
  worktrees: list(worktree),
  screens: list(screen).default([]),
  programs: byName(words),
  checkouts: list(z.object({directory: words, root: words, mainRoot: words, branch: words.optional()})),
  settings,
});
