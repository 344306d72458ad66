import {describe, expect, test} from 'vitest';
import type {Agent} from '../../../src/core/domain/agent.ts';
import type {ScreenReading} from '../../../src/core/domain/hint.ts';
import {type Server, sessionKey} from '../../../src/core/domain/multiplexer.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {agentPanes, withHints} from '../../../src/core/judge/agent-hints.ts';
import {pane, session} from '../../store/fleet.ts';

const SOCKET = '/tmp/tmux-1000/default';

const agent = (more: Partial<Agent> = {}): Agent => ({
  ref: 'agent:shop/a',
  rig: 'shop',
  name: 'a',
  role: 'agent',
  town: null,
  runtime: 'claude',
  state: 'running',
  because: 'claude 7 runs in %3',
  session: `${SOCKET}\u0000$1\u0000170`,
  sessionRef: 'session:default/a',
  process: {pid: 7, startTime: 70},
  pane: '%3',
  slot: null,
  evidence: [],
  ...more,
});

const screen = (more: Partial<ScreenReading>): ScreenReading => ({
  socket: SOCKET,
  paneId: '%3',
  state: 'busy',
  text: null,
  since: 5,
  ...more,
});

const hintOf = (of: Agent, ...screens: readonly ScreenReading[]) => withHints([of], {screens} as unknown as Snapshot)[0]?.hint ?? null;

const record = (state: 'idle' | 'busy' | 'waiting' | 'shell', question: string | null = null): Agent =>
  agent({record: {conversation: 'c', directory: '/w', state, question, stateSince: 9}});

describe('by its screen', () => {
  test('what the screen of its pane says', () => {
    expect(hintOf(agent(), screen({state: 'asks', text: 'Go on?'}), screen({paneId: '%4', state: 'idle'}))).toEqual({
      state: 'asks',
      since: 5,
      text: 'Go on?',
      source: 'screen',
    });
  });

  test('nothing where the screen says nothing, there is no pane, or it does not run', () => {
    expect(hintOf(agent(), screen({state: 'unknown'}))).toBeNull();
    expect(hintOf({...agent(), pane: '%9'}, screen({}))).toBeNull();
    expect(hintOf(agent({state: 'zombie'}), screen({}))).toBeNull();
  });

  test('nothing where two agents share a pane: its screen is one of them’s', () => {
    const both = withHints([agent(), agent({ref: 'agent:shop/b'})], {screens: [screen({})]} as unknown as Snapshot);
    expect(both.map(({hint}) => hint)).toEqual([undefined, undefined]);
  });

  test('what was known before is forgotten', () => {
    expect(hintOf(agent({hint: {state: 'asks', since: 1, text: null, source: 'screen'}}))).toBeNull();
  });
});

describe('by its own record', () => {
  test('which wins, with the words of the screen where both say the same', () => {
    const asks = screen({state: 'asks', text: 'Do you want to proceed?'});
    expect(hintOf(record('waiting', 'permission prompt'), asks)).toEqual({
      state: 'asks',
      since: 9,
      text: 'Do you want to proceed?',
      source: 'record',
    });
    expect(hintOf(record('busy'), asks)).toEqual({state: 'busy', since: 9, text: null, source: 'record'});
    expect(hintOf(record('waiting', 'permission prompt'))).toMatchObject({text: 'permission prompt', source: 'record'});
  });

  test('that it is at its prompt; what was finished is on the screen', () => {
    expect(hintOf(record('idle'), screen({state: 'done', text: '41 tests pass'}))).toMatchObject({
      state: 'done',
      text: '41 tests pass',
      source: 'record',
    });
    expect(hintOf(record('idle'), screen({state: 'idle'}))).toMatchObject({state: 'idle', source: 'record'});
    expect(hintOf(record('shell'), screen({state: 'busy', text: '1 shell'}))).toMatchObject({state: 'busy', text: '1 shell'});
  });

  test('that it works, while its screen has long stood still', () => {
    expect(hintOf(record('busy'), screen({state: 'stuck', text: 'stands still'}))).toEqual({
      state: 'stuck',
      since: 5,
      text: 'stands still',
      source: 'screen',
    });
  });
});

test('only panes of agents that run, or have left one behind, on servers that answer are worth reading', () => {
  const server = (socket: string, more: Partial<Server> = {}): Server => ({
    kind: 'tmux',
    name: 'default',
    socket,
    state: 'ok',
    because: '',
    pid: 1,
    version: '3.5',
    sessions: [],
    ...more,
  });
  const left = session('b', '$2', [pane('%8', 8, {dead: true}), pane('%9', 9)], {socket: SOCKET});
  const withoutPane = (more: Partial<Agent>): Agent => {
    const {pane: _, ...rest} = agent(more);
    return rest;
  };
  const agents = [
    agent(),
    agent({state: 'stopped', pane: '%4'}),
    agent({session: 'herdr\u0000x\u00001', pane: 'w1:p1'}),
    agent({session: '/tmp/other\u0000$1\u00001', pane: '%6'}),
    withoutPane({state: 'zombie', session: sessionKey(left)}),
    withoutPane({state: 'running', session: sessionKey(left)}),
  ];
  const servers = [server(SOCKET, {sessions: [left]}), server('herdr', {kind: 'herdr'}), server('/tmp/other', {state: 'unknown'})];
  expect(agentPanes({servers} as unknown as Snapshot, agents)).toEqual([
    {socket: SOCKET, paneId: '%3', runtime: 'claude'},
    {socket: SOCKET, paneId: '%9', runtime: 'claude'},
  ]);
});
