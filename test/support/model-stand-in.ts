// A model on loopback that lets real agents work without an account. A prompt with `RUN command` makes the agent call its own shell tool,
// `BG command` the same in the background, `TOOL name {…}` another tool by the end of its name, `SLOW seconds` is answered with silence first;
// everything else with a sentence.
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Scope} from './scope.ts';
import {pause} from './wait-for.ts';

export interface ModelStandIn {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  /** What tools have answered, as the requests tell it, one text each. */
  readonly answers: readonly string[];
  /** The orders that have come, each as it was typed, once for each request that brings it. */
  readonly orders: readonly string[];
}

type Kind = 'RUN' | 'BG' | 'SLOW' | 'TOOL' | 'TEXT';

interface Order {
  readonly kind: Kind;
  readonly text: string;
}

const SAY: Order = {kind: 'TEXT', text: ''};
const SENTENCE = 'All done.';

type Json = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'object' && each !== null) : [];

/** The text of a message's content: a string, or parts that may hold text. */
const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : list(content)
        .map(({text}) => (typeof text === 'string' ? text : ''))
        .join('\n');

/** The last order in the text, because programs put words of their own before what was typed. */
const orderIn = (text: string): Order => {
  const last = [...text.matchAll(/\b(RUN|BG|SLOW|TOOL) ([^\n]*)/g)].at(-1);
  return last === undefined ? SAY : {kind: last[1] as Kind, text: (last[2] ?? '').trim()};
};

/** An order needs the tool that carries it out: requests for a title or a summary bring none. */
const withTool = (order: Order, tool: string | undefined): Order => (tool === undefined ? SAY : order);

const calls = ({kind}: Order): boolean => kind === 'RUN' || kind === 'BG' || kind === 'TOOL';

/** The tool that an order wants: the shell, or the one whose name ends as it says. */
const toolFor = ({kind, text}: Order, names: readonly string[], shell: RegExp): string | undefined => {
  const [wanted = ''] = text.split(' ');
  return names.find(name => (kind === 'TOOL' ? name === wanted || name.endsWith(`_${wanted}`) : shell.test(name)));
};

/** The arguments that it is called with. */
const givenTo = ({kind, text}: Order, shell: Json): Json =>
  kind === 'TOOL' ? (JSON.parse(text.slice(text.indexOf(' ') + 1) || '{}') as Json) : shell;

/** What tools have answered, of every stand-in of this process. */
const answered: string[] = [];
const note = (texts: readonly unknown[]): void => {
  answered.push(...texts.map(text => JSON.stringify(text)));
};

/** The orders that have come to every stand-in of this process. */
const heard: string[] = [];
const hear = (order: Order): Order => {
  if (order !== SAY) {
    heard.push(`${order.kind} ${order.text}`);
  }
  return order;
};

let answers = 0;
const newId = (prefix: string): string => {
  answers += 1;
  return `${prefix}_${answers}`;
};

const events = (response: ServerResponse): void => {
  response.writeHead(200, {'content-type': 'text/event-stream'});
};

const send = (response: ServerResponse, data: unknown, event?: string): void => {
  response.write(`${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
};

const json = (response: ServerResponse, document: Json): void => {
  response.writeHead(200, {'content-type': 'application/json'});
  response.end(JSON.stringify(document));
};

/** Messages as Claude sends them: the last user turn begins behind the last answer. */
const anthropic = async (request: Json, response: ServerResponse): Promise<void> => {
  const messages = list(request.messages);
  const asked = messages.slice(messages.findLastIndex(({role}) => role === 'assistant') + 1);
  const parts = asked.flatMap(({content}) => (typeof content === 'string' ? [{type: 'text', text: content} as Json] : list(content)));
  const hasResult = parts.some(({type}) => type === 'tool_result');
  const asks = hear(orderIn(textOf(parts)));
  const tool = toolFor(
    asks,
    list(request.tools).map(({name}) => String(name)),
    /^bash$/i,
  );
  const order = hasResult ? SAY : withTool(asks, tool);
  note(parts.filter(({type}) => type === 'tool_result').map(({content}) => content));
  const head = {id: newId('msg'), type: 'message', role: 'assistant', model: request.model};
  const usage = {input_tokens: 1, output_tokens: 1};
  if (request.stream !== true) {
    json(response, {...head, content: [{type: 'text', text: SENTENCE}], stop_reason: 'end_turn', usage});
    return;
  }
  events(response);
  const event = (type: string, data: Json): void => send(response, {type, ...data}, type);
  event('message_start', {message: {...head, content: [], stop_reason: null, usage}});
  if (order.kind === 'SLOW') {
    for (let second = 0; second < Number(order.text) && !response.destroyed; second++) {
      event('ping', {});
      await pause(1000);
    }
  }
  const command = {command: order.text, description: 'run it', ...(order.kind === 'BG' ? {run_in_background: true} : {})};
  event('content_block_start', {
    index: 0,
    content_block: calls(order) ? {type: 'tool_use', id: newId('toolu'), name: tool, input: {}} : {type: 'text', text: ''},
  });
  event('content_block_delta', {
    index: 0,
    delta: calls(order)
      ? {type: 'input_json_delta', partial_json: JSON.stringify(givenTo(order, command))}
      : {type: 'text_delta', text: SENTENCE},
  });
  event('content_block_stop', {index: 0});
  event('message_delta', {delta: {stop_reason: calls(order) ? 'tool_use' : 'end_turn'}, usage});
  event('message_stop', {});
  response.end();
};

/** Tools of servers are in a namespace of their server: `mcp__NAME`, and their own name. */
const namedIn = (tool: string | undefined): Json => {
  const [, namespace, name] = /^(mcp__.+)__(.+)$/.exec(tool ?? '') ?? [];
  return namespace === undefined ? {name: tool} : {namespace, name};
};

/** The responses API, as Codex uses it. */
const responses = async (request: Json, response: ServerResponse): Promise<void> => {
  const last = list(request.input).at(-1) ?? {};
  const names = list(request.tools).flatMap(({name, type, tools}) =>
    type === 'namespace' ? list(tools).map(each => `${String(name)}__${String(each.name)}`) : [String(name ?? type)],
  );
  const asks = hear(orderIn(textOf(last.content)));
  const tool = toolFor(asks, names, /^(exec_command|shell_command|shell|local_shell)$/);
  const order = /call_output/.test(String(last.type)) ? SAY : withTool(asks, tool);
  note(/call_output/.test(String(last.type)) ? [last.output] : []);
  const id = newId('resp');
  events(response);
  const event = (type: string, data: Json): void => send(response, {type, ...data}, type);
  event('response.created', {response: {id}});
  if (order.kind === 'SLOW') {
    await pause(Number(order.text) * 1000);
  }
  const given =
    tool === 'exec_command'
      ? {cmd: order.text, yield_time_ms: 3000}
      : {command: tool === 'shell_command' ? order.text : ['sh', '-c', order.text]};
  const item = calls(order)
    ? {type: 'function_call', id: newId('fc'), call_id: newId('call'), ...namedIn(tool), arguments: JSON.stringify(givenTo(order, given))}
    : {type: 'message', id: newId('msg'), role: 'assistant', content: [{type: 'output_text', text: SENTENCE}]};
  const details = {input_tokens_details: {cached_tokens: 0}, output_tokens_details: {reasoning_tokens: 0}};
  event('response.output_item.done', {output_index: 0, item});
  event('response.completed', {response: {id, output: [item], usage: {input_tokens: 1, output_tokens: 1, total_tokens: 2, ...details}}});
  response.end();
};

/** Chat completions, as Qwen Code uses them. */
const chat = async (request: Json, response: ServerResponse): Promise<void> => {
  const last = list(request.messages).at(-1) ?? {};
  const names = list(request.tools).map(each => String((each.function as Json | undefined)?.name));
  const asks = hear(orderIn(textOf(last.content)));
  const tool = toolFor(asks, names, /^(bash|run_shell_command|shell)$/);
  const order = last.role === 'tool' ? SAY : withTool(asks, tool);
  note(last.role === 'tool' ? [last.content] : []);
  if (order.kind === 'SLOW') {
    await pause(Number(order.text) * 1000);
  }
  const given = {command: order.text, description: 'run it', is_background: order.kind === 'BG'};
  const delta = calls(order)
    ? {
        role: 'assistant',
        tool_calls: [
          {index: 0, id: newId('call'), type: 'function', function: {name: tool, arguments: JSON.stringify(givenTo(order, given))}},
        ],
      }
    : {role: 'assistant', content: SENTENCE};
  const finish = calls(order) ? 'tool_calls' : 'stop';
  const head = {id: newId('chat'), created: 1, model: request.model};
  if (request.stream !== true) {
    const usage = {prompt_tokens: 1, completion_tokens: 1, total_tokens: 2};
    json(response, {...head, object: 'chat.completion', choices: [{index: 0, message: delta, finish_reason: finish}], usage});
    return;
  }
  events(response);
  const chunk = (part: Json, reason: string | null): void =>
    send(response, {...head, object: 'chat.completion.chunk', choices: [{index: 0, delta: part, finish_reason: reason}]});
  chunk(delta, null);
  chunk({}, finish);
  send(response, '[DONE]');
  response.end();
};

/** `generateContent` and its stream, as Gemini CLI uses them. */
const gemini = async (request: Json, response: ServerResponse, streamed: boolean): Promise<void> => {
  const parts = list(list(request.contents).at(-1)?.parts);
  const names = list(request.tools).flatMap(({functionDeclarations}) => list(functionDeclarations).map(({name}) => String(name)));
  const asks = hear(orderIn(textOf(parts)));
  const tool = toolFor(asks, names, /^run_shell_command$/);
  const order = parts.some(part => part.functionResponse !== undefined) ? SAY : withTool(asks, tool);
  note(parts.flatMap(part => part.functionResponse ?? []));
  if (order.kind === 'SLOW') {
    await pause(Number(order.text) * 1000);
  }
  const given = {command: order.text, description: 'run it', is_background: order.kind === 'BG'};
  // Without a stream it is asked which model the prompt is worth.
  const choice = JSON.stringify({reasoning: SENTENCE, model_choice: 'flash', complexity_reasoning: SENTENCE, complexity_score: 10});
  const answer = calls(order) ? {functionCall: {name: tool, args: givenTo(order, given)}} : {text: SENTENCE};
  const part = streamed ? answer : {text: choice};
  const document = {
    candidates: [{content: {role: 'model', parts: [part]}, finishReason: 'STOP', index: 0}],
    usageMetadata: {promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2},
  };
  if (!streamed) {
    json(response, document);
    return;
  }
  events(response);
  send(response, document);
  response.end();
};

const answer = async (url: string, request: Json, response: ServerResponse): Promise<void> => {
  if (/count_?tokens/i.test(url)) {
    json(response, {input_tokens: 1, totalTokens: 1});
  } else if (url.includes('/messages')) {
    await anthropic(request, response);
  } else if (url.includes('/responses')) {
    await responses(request, response);
  } else if (url.includes('chat/completions')) {
    await chat(request, response);
  } else if (/generateContent/i.test(url)) {
    await gemini(request, response, /stream/i.test(url));
  } else if (url.includes('/models')) {
    json(response, {object: 'list', data: [{id: 'stand-in', object: 'model'}], models: []});
  } else {
    json(response, {});
  }
};

const parse = (body: string): Json => {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return {};
  }
};

/** Listens on a free port of loopback until the scope closes. */
export const startModel = async (scope: Scope): Promise<ModelStandIn> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(request.url ?? '', parse(Buffer.concat(chunks).toString('utf8')), response).catch((error: unknown) => {
        response.destroy(error as Error);
      });
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  scope.add(() => {
    server.closeAllConnections();
    return new Promise<void>(resolve => server.close(() => resolve()));
  });
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answers: answered, orders: heard};
};
