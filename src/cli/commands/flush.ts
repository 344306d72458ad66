// rigtop flush SCOPE: every session, process and listener of a slot, a rig, a repository or a work tree.
import {dirname, resolve} from 'node:path';
import {expandHome} from '../../config/config-files.ts';
import {realPathOf} from '../../config/real-paths.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {isInside} from '../../core/domain/paths.ts';
import {createHost} from '../../core/os/real-host.ts';
import {carryOut} from '../acting/plan-command.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {type Failure, isFailure, wrongUsage} from '../failure.ts';
import {placesNear} from '../places-on-command-line.ts';
import {resolveArgument} from '../resolve-argument.ts';

/** Words that look like places are directories; every other one is a reference. */
const isPath = (text: string): boolean => /^(\/|~(\/|$)|\.{1,2}(\/|$))/.test(text);

/** A directory that is not there, and in which nothing lives that was started while it was. */
const neverWas = async ({io}: Invocation, path: string, {snapshot}: Assessment): Promise<Failure | null> => {
  const lives = [...snapshot.processes.values()].some(({cwd}) => cwd.known && isInside(cwd.value, path));
  if (lives) {
    return null;
  }
  const host = createHost({markers: new Set(), env: io.env, cwd: io.cwd});
  try {
    const found = await host.files.inspect(path);
    return found.state === 'missing'
      ? wrongUsage(
          `there is no directory ${path}, and nothing lives in one that was`,
          await placesNear(host, path, `look at ${dirname(path)}`),
          'not-found',
        )
      : null;
  } finally {
    await host.close();
  }
};

export const runFlush = (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, args, options} = invocation;
  const [scope = ''] = args;
  const docker = options.isSet('docker');
  return carryOut(invocation, async assessment => {
    if (isPath(scope)) {
      const path = await realPathOf(resolve(io.cwd, expandHome(scope, io.env.HOME ?? '~')));
      return (await neverWas(invocation, path, assessment)) ?? {action: 'flush', asked: [path], docker};
    }
    const thing = resolveArgument(scope, assessment);
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
