// Parsers of what agent programs record: fields as the real programs write them, and nothing else out of them.
import {expect, test} from 'vitest';
import {parseClaudeDaemon, parseClaudeRoster, parseClaudeSession} from '../../../src/sources/runtimes/parse-claude.ts';
import {parseCodexDaemon, parseCodexMeta, parseQwenSession} from '../../../src/sources/runtimes/parse-others.ts';

const FILE = '/f.json';

test('a session of Claude Code, its state and where its pid counts', () => {
  const session = {
    pid: 111,
    procStart: '183896',
    pidDomain: 'linux:0123abcd:pid:[4026531836]',
    sessionId: '7a66cabe-040d-4fb3-a0ff-1b96c8f97cb9',
    cwd: '/home/u/w/a',
    kind: 'bg',
    entrypoint: 'cli',
    status: 'waiting',
    waitingFor: 'permission prompt',
    statusUpdatedAt: 1_795_836_228_619,
    messagingSocketPath: '/run/user/0/cc-socks/111.sock',
  };
  expect(parseClaudeSession(session, FILE)).toEqual({
    program: 'claude',
    file: FILE,
    role: 'session',
    background: true,
    pid: 111,
    startTime: 183_896,
    domain: {bootId: null, namespace: 4_026_531_836, machine: '0123abcd'},
    locked: false,
    conversation: '7a66cabe-040d-4fb3-a0ff-1b96c8f97cb9',
    directory: '/home/u/w/a',
    state: 'waiting',
    question: 'permission prompt',
    stateSince: 1_795_836_228_619,
  });
});

test('one at a terminal, one told to print, and one of an older version', () => {
  const at = (more: object) => parseClaudeSession({pid: 30, kind: 'interactive', ...more}, FILE);
  expect(at({entrypoint: 'cli'})).toMatchObject({background: false, startTime: null, state: null});
  expect(at({entrypoint: 'sdk-cli'})).toMatchObject({background: true});
  expect(at({})).toMatchObject({background: false});
});

test('what names no process is none: text, fractions, init’s parent', () => {
  for (const pid of ['111', 1.5, 0, -4, null, 1e12]) {
    expect(parseClaudeSession({pid}, FILE), String(pid)).toBeNull();
  }
});

test('the roster: host and session of each worker, without prompts and secrets', () => {
  const worker = {
    pid: 81,
    procStart: '183782',
    replPid: 111,
    replProcStart: '183896',
    sessionId: 's-1',
    cwd: '/home/u/w/a',
    rvAuth: 'SECRET',
    ptyAuth: 'SECRET',
    dispatch: {launch: {mode: 'prompt', args: ['--session-id', 's-1', 'PROMPT']}},
  };
  const rows = parseClaudeRoster({supervisorPid: 50, workers: {'7a66cabe': worker, broken: 7}}, FILE);
  expect(rows.map(({pid, role, startTime, conversation}) => [pid, role, startTime, conversation])).toEqual([
    [81, 'host', 183_782, 's-1'],
    [111, 'session', 183_896, 's-1'],
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/SECRET|PROMPT/);
  expect(parseClaudeRoster({}, FILE)).toEqual([]);
});

test('daemons of Claude Code and Codex', () => {
  expect(parseClaudeDaemon({pid: 50, procStart: '123252', spawnedBy: {pid: 28}}, FILE)).toMatchObject({role: 'daemon', startTime: 123_252});
  const codex = {pid: 69, processStartTime: 'Sat Nov 28', processIdentity: {bootId: '4193c3eb', startTicks: 139_463}};
  expect(parseCodexDaemon(codex, FILE)).toMatchObject({role: 'daemon', pid: 69, startTime: 139_463, domain: {bootId: '4193c3eb'}});
});

test('where a Codex conversation works, and a session of Qwen Code', () => {
  expect(parseCodexMeta({type: 'session_meta', payload: {id: 'x', cwd: '/home/u/w/b'}})).toBe('/home/u/w/b');
  const qwen = {
    schemaVersion: 1,
    pid: 70,
    procStart: '4193c3eb-e515:9001',
    pidNs: 4_026_531_836,
    sessionId: 'q',
    cwd: '/w',
    kind: 'tui',
    ipcToken: 'SECRET',
  };
  const record = parseQwenSession(qwen, FILE);
  expect(record).toMatchObject({
    pid: 70,
    startTime: 9_001,
    background: false,
    domain: {bootId: '4193c3eb-e515', namespace: 4_026_531_836, machine: null},
  });
  expect(JSON.stringify(record)).not.toContain('SECRET');
});
