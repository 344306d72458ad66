// Asks a program one question with a hard deadline, without loading anything for it: for answers that must come at once.
import {execFile} from 'node:child_process';
import {leastEnvironment, locateProgram} from './surroundings.ts';

export type ProgramAnswer =
  | {readonly state: 'ok'; readonly stdout: string}
  | {readonly state: 'missing'}
  | {readonly state: 'failed'; readonly because: string};

const MOST_BYTES = 8 * 1024 * 1024;

type Env = Readonly<Record<string, string | undefined>>;

/** argv only, never a shell; SIGKILL at the deadline. `keep`: variables that it gets beside the least. */
export const askProgram = (
  name: string,
  args: readonly string[],
  {env, timeoutMs, keep = []}: {readonly env: Env; readonly timeoutMs: number; readonly keep?: readonly string[]},
): Promise<ProgramAnswer> => {
  const found = locateProgram(name, env.PATH);
  if (typeof found === 'string') {
    return Promise.resolve(found === 'missing' ? {state: 'missing'} : {state: 'failed', because: `${name} may not be run`});
  }
  const kept = Object.fromEntries(keep.flatMap(each => (env[each] === undefined ? [] : [[each, env[each]]])));
  return new Promise(resolve => {
    execFile(
      found.program,
      [...args],
      {cwd: '/', env: {...leastEnvironment(env), LC_ALL: 'C', ...kept}, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: MOST_BYTES},
      (error, stdout, stderr) => {
        if (error === null) {
          resolve({state: 'ok', stdout});
          return;
        }
        const [said = ''] = stderr.trim().split('\n');
        resolve({state: 'failed', because: error.killed === true ? `${name} did not answer within ${timeoutMs} ms` : `${name}: ${said}`});
      },
    );
  });
};
