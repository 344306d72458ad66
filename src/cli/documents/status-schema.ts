// Definition of `rigtop/status@1`: the published JSON Schema and what tests hold real output against. Pure; costs the load of zod.
import * as z from 'zod';
import {FINDING_KINDS} from '../../core/domain/finding.ts';
import {HINT_STATES} from '../../core/domain/hint.ts';

const when = z.iso.datetime();
const ref = z.string();
const pid = z.int();
const evidence = z.array(z.object({fact: z.string(), source: z.string()}));
const process = z.object({pid, startTime: z.number(), command: z.string()});

export const findingSchema = z.object({
  id: z.string().regex(/^f-[0-9a-f]+$/),
  kind: z.enum(FINDING_KINDS),
  severity: z.enum(['high', 'medium', 'low']),
  certainty: z.enum(['sure', 'unknown']),
  subject: ref,
  title: z.string(),
  evidence,
  processes: z.array(process),
  protectedBy: z
    .object({rule: z.string(), because: z.string(), unlock: z.enum(['crew', 'attached', 'shell', 'editor']).nullable()})
    .nullable(),
  remedies: z.array(z.enum(['kill', 'flush', 'restart', 'clean-lock'])),
  holds: z.array(z.int()).optional(),
  rig: z.string().nullable().optional(),
});

export const hintSchema = z
  .object({
    state: z.enum(HINT_STATES),
    since: when.nullable(),
    text: z.string().nullable(),
    source: z.enum(['record', 'screen']),
  })
  .nullable();

const source = z.object({
  source: z.string(),
  target: z.string(),
  state: z.enum(['ok', 'absent', 'unknown']),
  detail: z.string(),
  hint: z.string().nullable().optional(),
  tookMs: z.number(),
});

const rig = z.object({
  ref,
  name: z.string(),
  origin: z.string().describe('gastown, discovered, or the tool that gives its slots: config, ecluse'),
  path: z.string(),
  town: z.string().nullable().optional(),
  operational: z.boolean().nullable(),
  because: z.string().nullable(),
});

const agent = z.object({
  ref,
  rig: z.string(),
  name: z.string(),
  role: z.enum(['mayor', 'deacon', 'boot', 'dog', 'overseer', 'witness', 'refinery', 'crew', 'polecat', 'agent']),
  runtime: z.string().nullable(),
  state: z.enum(['running', 'zombie', 'crashed', 'stopped', 'parked', 'unknown']),
  because: z.string().optional(),
  session: ref.nullable(),
  pid: pid.nullable(),
  startedAt: when.nullable(),
  slot: z.int().nullable(),
  town: z.string().nullable().optional(),
  evidence: evidence.optional(),
  hosts: ref.nullable().optional(),
  hint: hintSchema.optional(),
  conversation: z.string().nullable().optional(),
  memory: z.int().nullable().optional(),
});

const pane = z.object({
  id: z.string(),
  /** Null for a dead pane of which tmux tells no pid. */
  pid: pid.nullable(),
  dead: z.boolean(),
  exitStatus: z.int().nullable(),
  command: z.string(),
  cwd: z.string().nullable(),
});

const session = z.object({
  ref,
  server: z.string(),
  id: z.string(),
  name: z.string(),
  createdAt: when.nullable(),
  attached: z.int(),
  agent: ref.nullable(),
  panes: z.array(pane),
  socket: z.string().optional(),
  kind: z.string().optional(),
});

const SERVICE_STATES = ['up', 'down', 'wrong-owner', 'wrong-port', 'stray', 'free', 'unmanaged', 'unknown'] as const;

const service = z.object({
  ref,
  rig: z.string(),
  slot: z.int(),
  slug: z.string().nullable(),
  service: z.string(),
  port: z.int(),
  state: z.enum(SERVICE_STATES),
  because: z.string().optional(),
  expected: z.object({pid: pid.nullable(), session: ref.nullable()}).nullable(),
  listeners: z.array(z.object({pid, startTime: z.number(), address: z.string(), command: z.string()})),
  actualPorts: z.array(z.int()),
  conflictingSlot: z.object({slot: z.int(), slug: z.string().nullable()}).nullable(),
  worktree: z.string().nullable().optional(),
});

const port = z.object({
  port: z.int(),
  addresses: z.array(z.string()).describe('None where nobody was seen to listen'),
  pid: pid.nullable().describe('Who listens, the topmost of several; null where nobody does, or nobody who may be seen'),
  command: z.string().nullable(),
  agent: ref.nullable(),
  rig: z.string().nullable(),
  cwd: z.string().nullable(),
  service: ref.nullable().describe('The service that is declared there, or has moved there'),
  state: z.enum([...SERVICE_STATES, 'undeclared', 'orphan']).describe('That of the service where one is declared'),
  because: z.string(),
  conflict: z
    .object({port: z.int(), pid: pid.nullable(), agent: ref.nullable(), because: z.string()})
    .nullable()
    .describe('Who else wants the port, or whose it is, as far as shows without a declaration'),
});

const lock = z.object({
  ref,
  path: z.string(),
  agent: ref.nullable(),
  pid: pid.nullable(),
  session: z.string().nullable(),
  host: z.string().nullable(),
  acquiredAt: when.nullable(),
  state: z.enum(['held', 'stale', 'orphaned', 'collision', 'invalid', 'unknown']),
  because: z.string().optional(),
});

export const statusSchema = z.object({
  schema: z.literal('rigtop/status@1'),
  host: z.string(),
  takenAt: when,
  tookMs: z.number(),
  readOnly: z.boolean(),
  sources: z.array(source),
  counts: z.object({
    rigs: z.int(),
    agents: z.int(),
    sessions: z.int(),
    findings: z.int(),
    orphans: z.int(),
    zombies: z.int(),
    wrongOwners: z.int(),
    unknown: z.int(),
    /** Agents that ask or have finished; then those that do each. */
    needYou: z.int().optional(),
    asks: z.int().optional(),
    done: z.int().optional(),
    busy: z.int().optional(),
    stuck: z.int().optional(),
    idle: z.int().optional(),
  }),
  rigs: z.array(rig),
  agents: z.array(agent),
  sessions: z.array(session),
  services: z.array(service),
  ports: z.array(port),
  locks: z.array(lock),
  findings: z.array(findingSchema),
});

export type StatusDocument = z.infer<typeof statusSchema>;
export type FindingDocument = z.infer<typeof findingSchema>;
export type HintDocument = z.infer<typeof hintSchema>;
