// How an agent program starts rigtop: by absolute names, because it does not have the PATH of a person's shell.
import type {McpCommand} from './mcp-entry.ts';

/** This Node, and the program by the name that it was started by now: a link that an installer keeps stays valid after an upgrade. */
export const ownCommand = (...words: readonly string[]): McpCommand => ({
  command: process.execPath,
  args: [process.argv[1] ?? 'rigtop', ...words],
});
