// rigtop mcp: what agents ask for, as tools over stdin and stdout; `install` and `uninstall` tell an agent program of it.
import {join} from 'node:path';
import {homeOf} from '../../config/layers.ts';
import {formatProblem} from '../../config/problem.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonLine} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {isFailure, wrongUsage} from '../failure.ts';
import {createLineReader} from '../mcp/message-lines.ts';
import {createMcpServer, type ToolAnswer, type ToolCall} from '../mcp/protocol.ts';
import {INSTRUCTIONS, TOOLS} from '../mcp/tool-list.ts';
import {VERSION} from '../version.ts';

/** The machine is looked at when a tool is first called, by one engine for all calls; what it takes is loaded then, too. */
const openTools = async (invocation: Invocation) => {
  const [{openFleet, readConfig}, {performWithHands}, {createTools}] = await Promise.all([
    import('../open-fleet.ts'),
    import('../acting/perform-with-hands.ts'),
    import('../mcp/answer-tools.ts'),
  ]);
  const config = await readConfig(invocation);
  for (const problem of config.problems) {
    invocation.io.err(`rigtop: ${formatProblem(problem)}\n`);
  }
  const {engine} = openFleet(invocation, config, config.problems.length > 0 ? null : performWithHands, {readsScreens: true});
  return {engine, tools: createTools({engine, config})};
};

/** Serves one client until it closes its end of stdin. Nothing but messages leaves by stdout. */
const serve = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io} = invocation;
  let opened: ReturnType<typeof openTools> | null = null;
  const call = async (asked: ToolCall): Promise<ToolAnswer> => {
    opened ??= openTools(invocation);
    return (await opened).tools.call(asked);
  };
  const server = createMcpServer({
    name: 'rigtop',
    version: VERSION,
    instructions: INSTRUCTIONS,
    tools: TOOLS,
    call,
    send: message => io.out(jsonLine(message)),
  });
  const lines = createLineReader();
  const answering = new Set<Promise<void>>();
  const ended = new Promise<void>(resolve => {
    process.stdin.once('end', resolve).once('error', () => resolve());
    io.closed.addEventListener('abort', () => resolve());
  });
  process.stdin.on('data', (bytes: Buffer) => {
    for (const line of lines.add(bytes)) {
      const answered = server.take(line).finally(() => answering.delete(answered));
      answering.add(answered);
    }
  });
  await ended;
  process.stdin.destroy();
  // What was asked before the end is still answered, unless nobody reads it.
  if (!io.closed.aborted) {
    await Promise.all(answering);
  }
  await (await (opened as ReturnType<typeof openTools> | null))?.engine.close();
  return EXIT.done;
};

const install = async (invocation: Invocation, remove: boolean): Promise<CommandAnswer> => {
  const {io, args} = invocation;
  const [{settingsDirectory, settingsProgram}, {mcpEntry}, {changeSettings, leftOf}, {ownCommand}, {readSettings}] = await Promise.all([
    import('../agent-settings/programs.ts'),
    import('../agent-settings/mcp-entry.ts'),
    import('../agent-settings/change-settings.ts'),
    import('../agent-settings/own-command.ts'),
    import('../../core/os/settings-file.ts'),
  ]);
  const program = settingsProgram(args[1] ?? '');
  if (isFailure(program)) {
    return program;
  }
  const place = {home: homeOf(io.env), env: io.env};
  const commented = join(settingsDirectory(program, place), 'opencode.jsonc');
  const isCommented = program === 'opencode' && (await readSettings(commented)).state !== 'missing';
  const entry = mcpEntry(program, place, ownCommand('mcp'), file => isCommented && file === commented);
  return changeSettings(invocation, {
    file: entry.file,
    edit: remove ? entry.remove : entry.set,
    goesWith: remove ? leftOf(entry) : null,
    home: place.home,
    done: remove ? `${program} is not told of it any more.` : `${program} knows of it from its next start on.`,
    already: remove ? `${program} is not told of it.` : `${program} knows of it already.`,
  });
};

export const runMcp = async (invocation: Invocation): Promise<CommandAnswer> => {
  const [word] = invocation.args;
  if (word === undefined) {
    return serve(invocation);
  }
  return word === 'install' || word === 'uninstall'
    ? install(invocation, word === 'uninstall' || invocation.options.isSet('uninstall'))
    : wrongUsage(`rigtop mcp knows no ${word}`, 'rigtop mcp serves; rigtop mcp install PROGRAM, uninstall PROGRAM');
};
