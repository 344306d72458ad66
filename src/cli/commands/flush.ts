// rigtop flush SCOPE: every session, process and listener of a slot, a rig, a repository or a work tree.
import {resolve} from 'node:path';
import {expandHome} from '../../config/config-files.ts';
import {realPathOf} from '../../config/real-paths.ts';
import {carryOut} from '../acting/carry-out.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {isFailure, wrongUsage} from '../failure.ts';
import {resolveReference} from '../resolve.ts';

/** Words that look like places are directories; every other one is a reference. */
const isPath = (text: string): boolean => /^(\/|~(\/|$)|\.{1,2}(\/|$))/.test(text);

export const runFlush = (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, args, options} = invocation;
  const [scope = ''] = args;
  const docker = options.isSet('docker');
  return carryOut(invocation, async assessment => {
    if (isPath(scope)) {
      return {action: 'flush', asked: [await realPathOf(resolve(io.cwd, expandHome(scope, io.env.HOME ?? '~')))], docker};
    }
    const thing = resolveReference(scope, assessment);
    if (isFailure(thing)) {
      return thing;
    }
    return thing.sort === 'slot' || thing.sort === 'rig'
      ? {action: 'flush', asked: [thing.ref], docker}
      : wrongUsage(
          `${thing.ref} cannot be flushed`,
          'a flush takes slot:RIG/SLOT, rig:NAME or a directory; rigtop kill stops other things',
        );
  });
};
