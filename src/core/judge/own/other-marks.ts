// Whose a process says it is by the marks of its environment: the caller's, another living agent's, or that of one which has ended. Pure.
import {commandLine, oneLine} from '../../domain/command-line.ts';
import {knownValue} from '../../domain/known.ts';
import {ownValue} from '../../domain/own-value.ts';
import {mayHaveStarted, type Process} from '../../domain/process.ts';
import {CONVERSATION_MARKS, ownerPid} from '../../look/index/origin.ts';
import {ownWords} from '../../look/index/own-environment.ts';
import type {Caller} from './caller.ts';
import type {OwnWorld} from './own-world.ts';

type Env = Readonly<Record<string, string>>;

/** `mine`: it bears the caller's own conversation. `other`, `unknown`: why it is, or may be, somebody else's. */
export type MarkVerdict = {readonly whose: 'mine' | 'nobody'} | {readonly whose: 'other' | 'unknown'; readonly because: string};

/** Variables by which a program shows what it has started without naming its conversation. */
const PROGRAM_MARKS: readonly (readonly [string, string])[] = [
  ['claude', 'CLAUDECODE'],
  ['codex', 'CODEX_CI'],
  ['codex', 'CODEX_SANDBOX'],
  ['gemini', 'GEMINI_CLI'],
  ['opencode', 'OPENCODE'],
  ['qwen', 'QWEN_CODE'],
  ['cursor', 'CURSOR_AGENT'],
  ['goose', 'GOOSE_TERMINAL'],
];

/** What an environment says beyond what the caller's own program was started with: that says who started the agent. */
const beyond = (env: Env, given: Env): Env =>
  Object.fromEntries(Object.entries(env).filter(([name, value]) => ownValue(given, name) !== value));

/** Why a conversation may go on; null where it is known to have ended. */
const mayGoOn = (
  {assessment: {snapshot, fleet}}: OwnWorld,
  program: string,
  id: string,
): {readonly surely: boolean; readonly because: string} | null => {
  const records = [...fleet.records.values()].flat().filter(({record}) => record.program === program && record.role === 'session');
  const living = records.find(({record}) => record.conversation === id);
  if (living !== undefined) {
    return {surely: true, because: `conversation ${oneLine(id)} of ${program} goes on in ${living.process.pid}`};
  }
  const silent = [...fleet.runtimes.values()].find(
    ({runtime, process}) =>
      runtime === program &&
      !(fleet.records.get(process.pid) ?? []).some(({record}) => record.role === 'session' && record.conversation !== null),
  );
  if (silent !== undefined) {
    return {
      surely: false,
      because: `${program} ${silent.process.pid} may be its conversation ${oneLine(id)}: no record says which one it is`,
    };
  }
  const blind = snapshot.runtimeStores.find(store => store.program === program && (!store.records.known || store.unreadable.length > 0));
  return blind === undefined
    ? null
    : {surely: false, because: `conversation ${oneLine(id)} of ${program} may go on: ${blind.place} could not be read as a whole`};
};

/** The conversations that an environment names, each with its program. */
const conversationsIn = (env: Env): readonly {readonly program: string; readonly id: string}[] =>
  CONVERSATION_MARKS.flatMap(({program, name}) => {
    const id = ownValue(env, name);
    return id === undefined || id === '' ? [] : [{program, id}];
  });

const byConversations = (world: OwnWorld, caller: Caller, env: Env): MarkVerdict => {
  const named = conversationsIn(env);
  // A thread of Codex that another thread has started bears both of them: the innermost stands first.
  const innermost = named.filter(({program}, at) => named.findIndex(each => each.program === program) === at);
  const others = innermost.filter(({program, id}) => program !== caller.program || id !== caller.conversation);
  const goesOn = others.flatMap(({program, id}) => mayGoOn(world, program, id) ?? []);
  const worst = goesOn.find(({surely}) => surely) ?? goesOn[0];
  if (worst !== undefined) {
    return {whose: worst.surely ? 'other' : 'unknown', because: worst.because};
  }
  return {whose: caller.conversation !== null && innermost.length > others.length ? 'mine' : 'nobody'};
};

/** The verdict over one process, wherever it runs. */
export const markedAs = (world: OwnWorld, caller: Caller, process: Process): MarkVerdict => {
  const {assessment, look} = world;
  if (!process.env.known) {
    return {whose: 'unknown', because: `its environment is not known: ${process.env.because}`};
  }
  const starter = look.processes.get(caller.process.pid);
  const env = beyond(ownWords(look, process), (starter === undefined ? undefined : knownValue(starter.env)) ?? {});
  const owner = ownerPid(env);
  const living = owner === null ? undefined : look.processes.get(owner.pid);
  if (
    owner !== null &&
    living !== undefined &&
    living.pid !== caller.process.pid &&
    assessment.fleet.runtimes.has(living.pid) &&
    mayHaveStarted(living, process)
  ) {
    return {whose: 'other', because: `it is a tool of ${commandLine(living, 40)} ${living.pid} (${owner.name}=${owner.pid})`};
  }
  const byConversation = byConversations(world, caller, env);
  if (byConversation.whose !== 'nobody') {
    return byConversation;
  }
  const stranger = PROGRAM_MARKS.find(([program, name]) => program !== caller.program && ownValue(env, name) !== undefined);
  return stranger === undefined
    ? byConversation
    : {whose: 'unknown', because: `${stranger[0]} has started it (${stranger[1]}), and which of its sessions cannot be told`};
};
