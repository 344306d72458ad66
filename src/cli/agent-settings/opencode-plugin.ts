// The plugin by which OpenCode asks before its shell tool runs: it has no hooks, but loads files. Pure.

/** A module of its own, without dependencies. A guard that is broken or late says nothing, and then the command runs. */
export const opencodePlugin = (
  node: string,
  script: string,
): string => `// Asks rigtop before a command runs. Written by \`rigtop guard install opencode\`, removed by \`rigtop guard uninstall opencode\`.
import {execFile} from 'node:child_process';

const PROGRAM = ${JSON.stringify(node)};
const ARGS = ${JSON.stringify([script, 'guard', '--for', 'opencode'])};

const ask = input =>
  new Promise(resolve => {
    const child = execFile(PROGRAM, ARGS, {timeout: 5000, killSignal: 'SIGKILL'}, (_, stdout) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        resolve(null);
      }
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(JSON.stringify(input));
  });

export const RigtopGuard = async ({directory}) => ({
  'tool.execute.before': async ({tool, sessionID}, {args}) => {
    if (tool !== 'bash' || typeof args?.command !== 'string') {
      return;
    }
    const answer = await ask({sessionID, cwd: args.workdir ?? directory, tool_input: {command: args.command}});
    if (answer?.decision === 'deny') {
      throw new Error(answer.reason);
    }
  },
});
`;
