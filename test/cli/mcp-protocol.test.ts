// The protocol of rigtop mcp by itself: versions, lists, calls, what is malformed, too long, taken back or asked side by side.
import {describe, expect, it} from 'vitest';
import {createLineReader, type MessageLine} from '../../src/cli/mcp/message-lines.ts';
import {createMcpServer, PROTOCOL_VERSIONS, type ToolCall} from '../../src/cli/mcp/protocol.ts';
import {TOOLS} from '../../src/cli/mcp/tool-list.ts';

interface Sent {
  readonly id?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: {readonly code: number; readonly message: string};
}

const open = (call: (call: ToolCall) => Promise<string> = async ({name}) => name) => {
  const sent: Sent[] = [];
  const server = createMcpServer({
    name: 'rigtop',
    version: '1.2.3',
    instructions: 'Mind the others.',
    tools: TOOLS,
    call: async asked => ({text: await call(asked), failed: false}),
    send: message => sent.push(message as Sent),
  });
  const take = (message: unknown): Promise<void> => server.take({text: typeof message === 'string' ? message : JSON.stringify(message)});
  return {sent, take, server};
};

const request = (id: unknown, method: unknown, params?: unknown) => ({jsonrpc: '2.0', id, method, params});

describe('the handshake', () => {
  it('answers with the version of the client where it is known, else with its newest', async () => {
    const {sent, take} = open();
    for (const [id, protocolVersion] of [...PROTOCOL_VERSIONS, '2099-01-01', 7, undefined].entries()) {
      await take(request(id, 'initialize', {protocolVersion, capabilities: {}, clientInfo: {name: 'c', version: '1'}}));
    }
    expect(sent.map(({result}) => result?.protocolVersion)).toEqual([...PROTOCOL_VERSIONS, ...Array(3).fill(PROTOCOL_VERSIONS[0])]);
    expect(sent[0]?.result).toMatchObject({capabilities: {tools: {}}, serverInfo: {name: 'rigtop', version: '1.2.3'}});
    await take({jsonrpc: '2.0', method: 'notifications/initialized'});
    await take(request('p', 'ping'));
    expect(sent.at(-1)).toMatchObject({id: 'p', result: {}});
  });

  it('lists its tools, of which one alone ends things', async () => {
    const {sent, take} = open();
    await take(request(1, 'tools/list'));
    const tools = sent[0]?.result?.tools as typeof TOOLS;
    expect(tools.map(({name}) => name)).toEqual(['fleet', 'port', 'why', 'mine', 'stop_mine']);
    expect(tools.filter(({annotations}) => annotations.destructiveHint).map(({name}) => name)).toEqual(['stop_mine']);
    expect(tools.every(({annotations}) => annotations.readOnlyHint !== annotations.destructiveHint)).toBe(true);
  });
});

describe('what is no request', () => {
  it('is answered with what is wrong, and never ends it', async () => {
    const {sent, take, server} = open();
    const faults: readonly (readonly [unknown, number])[] = [
      ['{', -32_700],
      ['[]', -32_600],
      ['null', -32_600],
      ['{"id":1,"method":"ping"}', -32_600],
      [request({}, 'ping'), -32_600],
      [request(1, 7), -32_600],
      [request(1, 'resources/list'), -32_601],
      [request(1, 'tools/call', {name: 'rm'}), -32_602],
      [request(1, 'tools/call', {name: 'fleet', arguments: []}), -32_602],
      [request(1, '__proto__'), -32_601],
    ];
    for (const [message, code] of faults) {
      const before = sent.length;
      await take(message);
      expect(
        sent.slice(before).map(({error}) => error?.code),
        JSON.stringify(message),
      ).toEqual([code]);
    }
    await server.take({tooLong: true});
    expect(sent.at(-1)).toMatchObject({id: null, error: {code: -32_600}});
    const before = sent.length;
    await take({jsonrpc: '2.0', id: 4, result: {}});
    await take({jsonrpc: '2.0', method: 'notifications/whatever'});
    expect(sent.length).toBe(before);
  });

  it('a tool that breaks is an error of its own call alone', async () => {
    const {sent, take} = open(() => Promise.reject(new Error('broke')));
    await take(request(1, 'tools/call', {name: 'fleet'}));
    await take(request(2, 'ping'));
    expect(sent).toMatchObject([
      {id: 1, error: {code: -32_603, message: 'broke'}},
      {id: 2, result: {}},
    ]);
  });
});

describe('calls', () => {
  it('are answered as they come, and not at all once they are taken back', async () => {
    const waiting = new Map<string, () => void>();
    const {sent, take} = open(
      ({name, signal}) =>
        new Promise(resolve => {
          waiting.set(name, () => resolve(signal.aborted ? 'late' : 'done'));
        }),
    );
    const first = take(request(1, 'tools/call', {name: 'fleet'}));
    const second = take(request(2, 'tools/call', {name: 'mine'}));
    await take(request(1, 'ping'));
    await take({jsonrpc: '2.0', method: 'notifications/cancelled', params: {requestId: 1}});
    waiting.get('mine')?.();
    waiting.get('fleet')?.();
    await Promise.all([first, second]);
    expect(sent.map(({id}) => id)).toEqual([null, 2]);
    await take(request(1, 'ping'));
    expect(sent.at(-1)).toMatchObject({id: 1, result: {}});
  });
});

describe('lines', () => {
  const read = (chunks: readonly (string | Buffer)[], longest?: number): readonly MessageLine[] => {
    const reader = createLineReader(longest);
    return chunks.flatMap(chunk => reader.add(Buffer.from(chunk)));
  };

  it('are told from bytes however they are cut', () => {
    const bytes = Buffer.from('{"a":"ä🙂"}\r\n\n{"b":1}\n{"c"');
    const cut = [...bytes].map(byte => Buffer.from([byte]));
    expect(read(cut)).toEqual([{text: '{"a":"ä🙂"}\r'}, {text: '{"b":1}'}]);
    expect(read([bytes, ':2}\n'])).toHaveLength(3);
  });

  it('that are too long are told once and not kept', () => {
    expect(read(['x'.repeat(8), 'x'.repeat(8), 'x\n{}\n'], 10)).toEqual([{tooLong: true}, {text: '{}'}]);
    expect(read([`${'x'.repeat(30)}\n${'y'.repeat(30)}\n{}\n`], 10)).toEqual([{tooLong: true}, {tooLong: true}, {text: '{}'}]);
  });
});
