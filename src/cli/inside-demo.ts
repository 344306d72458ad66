// Where rigtop is called in the shell of a demo: that demo is all there is, as it is on the demo's own screen.
import {DEMO_DIRECTORY} from '../core/domain/demo-directory.ts';
import type {Invocation} from './command.ts';
import {type Failure, wrongUsage} from './failure.ts';

/** What narrows the machine to the demo of this shell; nothing outside of one. */
export const insideDemo = async (env: Invocation['io']['env']): Promise<Pick<Invocation, 'restrict'> | Failure> => {
  const directory = env[DEMO_DIRECTORY];
  if (directory === undefined || directory === '') {
    return {};
  }
  const restrict = (await import('../demo/demo-host.ts')).demoHostAt(directory);
  return restrict === null ? wrongUsage(`the demo of this shell is gone (${directory})`, 'leave the shell') : {restrict};
};
