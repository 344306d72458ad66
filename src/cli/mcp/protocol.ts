// The Model Context Protocol as a server of tools speaks it over stdio: JSON-RPC 2.0 messages in, answers out. Knows no tool itself.
import {isRecord, type JsonRecord, recordField, textField} from '../../core/domain/json-fields.ts';
import {ownValue} from '../../core/domain/own-value.ts';
import type {MessageLine} from './message-lines.ts';

/** Newest first. */
export const PROTOCOL_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'] as const;

/** What a tool tells its client of itself; the client may believe it or not. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: JsonRecord;
    readonly required?: readonly string[];
    readonly additionalProperties: false;
  };
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: false;
  };
}

/** What came of a tool: text for a model. `failed`: it was not done, and why. */
export interface ToolAnswer {
  readonly text: string;
  readonly failed: boolean;
}

export interface ToolCall {
  readonly name: string;
  readonly args: JsonRecord;
  /** What the client adds for the server, such as the conversation that calls. */
  readonly meta: JsonRecord;
  /** Aborted when the client takes the call back. */
  readonly signal: AbortSignal;
}

export interface ServerParts {
  readonly name: string;
  readonly version: string;
  readonly instructions: string;
  readonly tools: readonly ToolDescription[];
  call(call: ToolCall): Promise<ToolAnswer>;
  /** Writes one message. */
  send(message: JsonRecord): void;
}

type Id = string | number;

const CODES = {parse: -32_700, request: -32_600, method: -32_601, params: -32_602, internal: -32_603} as const;

const isId = (value: unknown): value is Id => typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));

const failure = (id: Id | null, code: number, message: string): JsonRecord => ({jsonrpc: '2.0', id, error: {code, message}});

/** A fault of the request itself. */
class RequestFault extends Error {
  readonly code: number;
  constructor(message: string, {code, ...options}: ErrorOptions & {readonly code: number}) {
    super(message, options);
    this.code = code;
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RequestFault(`this line is no JSON: ${error instanceof Error ? error.message : ''}`.slice(0, 200), {
      code: CODES.parse,
      cause: error,
    });
  }
};

const initialized = ({name, version, instructions}: ServerParts, params: JsonRecord): JsonRecord => {
  const asked = textField(params, 'protocolVersion');
  return {
    protocolVersion: PROTOCOL_VERSIONS.find(each => each === asked) ?? PROTOCOL_VERSIONS[0],
    capabilities: {tools: {}},
    serverInfo: {name, version},
    instructions,
  };
};

const callTool = async (parts: ServerParts, params: JsonRecord, signal: AbortSignal): Promise<JsonRecord> => {
  const name = textField(params, 'name');
  if (!parts.tools.some(tool => tool.name === name) || name === null) {
    throw new RequestFault(`there is no tool ${JSON.stringify(name)}; tools/list tells which there are`, {code: CODES.params});
  }
  const args = ownValue(params, 'arguments') ?? {};
  if (!isRecord(args)) {
    throw new RequestFault('the arguments of a tool are an object', {code: CODES.params});
  }
  const {text, failed} = await parts.call({name, args, meta: recordField(params, '_meta') ?? {}, signal});
  return {content: [{type: 'text', text}], isError: failed};
};

const answer = async (parts: ServerParts, method: string, params: JsonRecord, signal: AbortSignal): Promise<JsonRecord> => {
  switch (method) {
    case 'initialize':
      return initialized(parts, params);
    case 'ping':
      return {};
    case 'tools/list':
      return {tools: parts.tools};
    case 'tools/call':
      return callTool(parts, params, signal);
    default:
      throw new RequestFault(`there is no method ${JSON.stringify(method).slice(0, 100)}`, {code: CODES.method});
  }
};

export interface McpServer {
  /** Takes one line; its answer, if it gets one, is sent when it is there. Never throws. */
  take(line: MessageLine): Promise<void>;
}

/** Requests are answered as they come, side by side. One that was taken back gets no answer. */
export const createMcpServer = (parts: ServerParts): McpServer => {
  const running = new Map<Id, AbortController>();

  const takeBack = (params: JsonRecord): void => {
    const id = ownValue(params, 'requestId');
    if (isId(id)) {
      running.get(id)?.abort();
    }
  };

  const request = async (id: Id, method: string, params: JsonRecord): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const result = await answer(parts, method, params, controller.signal);
      if (!controller.signal.aborted) {
        parts.send({jsonrpc: '2.0', id, result});
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        const code = error instanceof RequestFault ? error.code : CODES.internal;
        parts.send(failure(id, code, error instanceof Error ? error.message : String(error)));
      }
    } finally {
      if (running.get(id) === controller) {
        running.delete(id);
      }
    }
  };

  const takeMessage = async (message: unknown): Promise<void> => {
    if (!isRecord(message) || ownValue(message, 'jsonrpc') !== '2.0') {
      throw new RequestFault('a message is one object with "jsonrpc": "2.0"', {code: CODES.request});
    }
    const [id, method] = [ownValue(message, 'id'), ownValue(message, 'method')];
    if (typeof method !== 'string') {
      // An answer to something that was never asked.
      if (method === undefined && ('result' in message || 'error' in message)) {
        return;
      }
      throw new RequestFault('a request has a method', {code: CODES.request});
    }
    const params = recordField(message, 'params') ?? {};
    if (id === undefined) {
      if (method === 'notifications/cancelled') {
        takeBack(params);
      }
      return;
    }
    if (!isId(id)) {
      throw new RequestFault('the id of a request is a text or a number', {code: CODES.request});
    }
    if (running.has(id)) {
      throw new RequestFault('a request of this id is being answered', {code: CODES.request});
    }
    await request(id, method, params);
  };

  return {
    take: async line => {
      try {
        if ('tooLong' in line) {
          throw new RequestFault('this message is too long', {code: CODES.request});
        }
        await takeMessage(parse(line.text));
      } catch (error) {
        const code = error instanceof RequestFault ? error.code : CODES.internal;
        parts.send(failure(null, code, error instanceof Error ? error.message : String(error)));
      }
    },
  };
};
