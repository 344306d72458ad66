// A client of an MCP server over stdio, by hand: what it sends and gets are lines of JSON, and anything else on stdout is a fault.
import type {ChildProcess} from 'node:child_process';
import {waitFor} from './wait-for.ts';

export interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: number | string | null;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: {readonly code: number; readonly message: string};
}

export interface ToolText {
  readonly text: string;
  readonly isError: boolean;
}

export interface McpClient {
  /** Everything that came on stdout so far. */
  readonly messages: readonly Message[];
  /** Writes one line as it is. */
  write(line: string): void;
  /** The answer to a request, whatever it is. */
  ask(method: string, params?: unknown): Promise<Message>;
  answerTo(id: number | string): Promise<Message>;
  call(name: string, args?: unknown, meta?: unknown): Promise<ToolText>;
  /** Closes stdin; the exit code. */
  close(): Promise<number | null>;
}

export const createMcpClient = (child: ChildProcess): McpClient => {
  const messages: Message[] = [];
  let rest = '';
  let exit: number | null | undefined;
  child.once('exit', code => {
    exit = code;
  });
  child.stdin?.on('error', () => undefined);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    rest += text;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      messages.push(JSON.parse(rest.slice(0, end)) as Message);
      rest = rest.slice(end + 1);
    }
  });
  let last = 0;
  const write = (line: string): void => {
    child.stdin?.write(`${line}\n`);
  };
  const answerTo = (id: number | string): Promise<Message> =>
    waitFor(`the answer to ${id}`, () => messages.find(message => message.id === id), {deadlineMs: 60_000});
  const ask: McpClient['ask'] = (method, params = {}) => {
    last += 1;
    write(JSON.stringify({jsonrpc: '2.0', id: last, method, params}));
    return answerTo(last);
  };
  return {
    messages,
    write,
    ask,
    answerTo,
    call: async (name, args = {}, meta = {}) => {
      const {result, error} = await ask('tools/call', {name, arguments: args, _meta: meta});
      const [content] = (result?.content ?? []) as readonly {readonly text: string}[];
      return {text: content?.text ?? `error ${error?.code}: ${error?.message}`, isError: result?.isError === true || error !== undefined};
    },
    close: async () => {
      child.stdin?.end();
      await waitFor('its end', () => exit !== undefined);
      return exit ?? null;
    },
  };
};
