// rigtop demo: a real throw-away fleet, shown on the screen or reported, and removed again.
import type {Host} from '../../core/os/host.ts';
import type {DemoFleet} from '../../demo/demo-fleet.ts';
import {canShowScreen} from '../can-show-screen.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {incomplete} from '../failure.ts';

/** What the screen needs to know of the terminal; everything else comes from the demo. */
const TERMINAL = /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|TERM_PROGRAM|LANG|LC_[A-Z]+)$/;

/** The same call, as if the demo were all there is: its places, its tmux servers, its journal, its processes. */
const insideDemo = (invocation: Invocation, demo: DemoFleet, restrict: (host: Host) => Host): Invocation => {
  const {io, flags} = invocation;
  const terminal = Object.fromEntries(Object.entries(io.env).filter(([name]) => TERMINAL.test(name)));
  return {
    ...invocation,
    io: {...io, env: {...demo.env, ...terminal}, cwd: demo.directory},
    flags: {...flags, config: flags.config ?? demo.configPath, towns: [], repos: [], sockets: []},
    args: [],
    restrict,
    lesson: {nested: io.env.TMUX !== undefined},
  };
};

export const runDemo = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io} = invocation;
  const [{buildDemoFleet}, {demoHost}] = await Promise.all([import('../../demo/demo-fleet.ts'), import('../../demo/demo-host.ts')]);
  let demo: DemoFleet;
  try {
    demo = await buildDemoFleet({env: io.env});
  } catch (error) {
    return incomplete(error instanceof Error ? error.message : String(error), 'nothing of it was left behind');
  }
  try {
    const inside = insideDemo(invocation, demo, host => demoHost(host, demo.id));
    return canShowScreen(inside)
      ? await (await import('../screen/run-screen.ts')).runScreen(inside)
      : await (await import('./status.ts')).runStatus(inside);
  } finally {
    const survivors = await demo.remove();
    if (survivors.length > 0) {
      io.err(
        `rigtop: could not end ${survivors.map(({pid}) => pid).join(', ')} of the demo in ${demo.directory}: end them, then remove it\n`,
      );
    }
  }
};
