// A stand-in for an agent program as the process table shows one: it is called as the agent is, runs each command in a tool shell with a
// session of its own (setsid(2)) and the agent's marks, and writes the record that the agent writes of itself.
import {spawn} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ProcessId} from '../../src/core/domain/process.ts';
import {identify, isAlive, MARKER, signalTo} from './marked.ts';
import type {Scope} from './scope.ts';
import {waitFor} from './wait-for.ts';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AgentStandIn extends ProcessId {
  readonly conversation: string;
  /** Runs a line of shell as a tool of the agent. */
  run(line: string): Promise<Answer>;
  /** Starts a line of shell as a child that stays; `how` says where it ends up. Its identity. */
  start(line: string, how?: 'below' | 'reparented'): Promise<ProcessId>;
  end(): void;
}

export interface AgentFacts {
  readonly conversation: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A directory for what the tools write. */
  readonly outputs: string;
}

/** A line that begins with `&` stays in the background, as the agent's own child. */
const LOOP = `while IFS= read -r line; do
  export CLAUDECODE=1 CLAUDE_CODE_SESSION_ID=$CONVERSATION CLAUDE_PID=$$
  case "$line" in
    '&'*) setsid bash -c "\${line#&}" < /dev/null & ;;
    *) setsid -w bash -c "$line" < /dev/null ;;
  esac
done`;

/** `~/.claude/sessions/PID.json`, as Claude Code writes it. */
const writeRecord = (home: string, {pid, startTime}: ProcessId, {conversation, cwd}: AgentFacts): void => {
  mkdirSync(join(home, '.claude', 'sessions'), {recursive: true});
  const record = {pid, procStart: String(startTime), sessionId: conversation, cwd, kind: 'interactive', entrypoint: 'cli', status: 'busy'};
  writeFileSync(join(home, '.claude', 'sessions', `${pid}.json`), JSON.stringify(record), {mode: 0o600});
};

/** A Claude Code session at work in `cwd`. `env.HOME` is where it keeps its record. */
export const startAgent = (scope: Scope, facts: AgentFacts): AgentStandIn => {
  const {conversation, cwd, env, outputs} = facts;
  const child = spawn('/bin/bash', ['-c', LOOP], {
    argv0: 'claude',
    cwd,
    env: {...env, CONVERSATION: conversation, [MARKER]: scope.marker()},
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  const id = identify(child.pid ?? 0);
  scope.add(() => signalTo(id, 'SIGKILL'));
  writeRecord(env.HOME ?? '', id, facts);
  let count = 0;
  const fresh = (): string => {
    count += 1;
    return join(outputs, `${conversation}-${count}`);
  };
  const read = (path: string): string | null => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null;
    }
  };
  const tell = (line: string): void => {
    child.stdin.write(`${line}\n`);
  };
  return {
    ...id,
    conversation,
    run: async line => {
      const base = fresh();
      tell(`{ ${line}; } > ${base}.out 2> ${base}.err; echo $? > ${base}.part; mv ${base}.part ${base}.code`);
      const code = await waitFor(`the end of ${line}`, () => read(`${base}.code`) ?? false, {deadlineMs: 120_000});
      return {code: Number(code), stdout: read(`${base}.out`) ?? '', stderr: read(`${base}.err`) ?? ''};
    },
    start: async (line, how = 'below') => {
      const base = fresh();
      const inner = `echo $$ > ${base}.part; mv ${base}.part ${base}.pid; ${line}`;
      tell(how === 'below' ? `&${inner}` : `( setsid bash -c '${inner.replaceAll("'", "'\\''")}' > /dev/null 2>&1 & )`);
      const pid = Number(await waitFor(`the start of ${line}`, () => read(`${base}.pid`) ?? false));
      return identify(pid);
    },
    end: () => {
      if (isAlive(id)) {
        signalTo(id, 'SIGKILL');
      }
    },
  };
};
