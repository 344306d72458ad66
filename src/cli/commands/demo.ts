// rigtop demo: a real throw-away fleet, shown on the screen or reported, and removed again.
import type {Host} from '../../core/os/host.ts';
import type {DemoFleet} from '../../demo/demo-fleet.ts';
import {canShowScreen} from '../can-show-screen.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {incomplete, wrongUsage} from '../failure.ts';

/** What the screen needs to know of the terminal; everything else comes from the demo. */
const TERMINAL = /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|TERM_PROGRAM|INK_SCREEN_READER|LANG|LC_[A-Z]+)$/;

/** The same call, as if the demo were all there is: its places, its tmux servers, its journal, its processes. */
const shownInDemo = (invocation: Invocation, demo: DemoFleet, restrict: (host: Host) => Host): Invocation => {
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

/** The ports of the guide's examples. */
const GUIDE_PORTS = 30_600;

/** What a shell in the demo keeps of the caller's environment, beside what the demo itself keeps. */
const shellEnv = ({env}: Invocation['io']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && (TERMINAL.test(name) || name === 'SHELL') ? [[name, value]] : [],
    ),
  );

/** What to try first, in lines for the narrowest usual terminal. */
const shellWords = (port: number): string =>
  [
    'A shell in the demo: rigtop sees its fleet and nothing else. Try',
    '  rigtop status            what is wrong, and why',
    `  rigtop explain :${port}    who has a port that is another’s`,
    `  rigtop kill :${port}       what freeing it would end; y does it`,
    '  rigtop                   all of it on a screen; q comes back',
    'and all else that the guide shows. Leaving the shell removes the demo.',
    '',
  ].join('\n');

const runShell = async ({io, args}: Invocation, demo: DemoFleet): Promise<CommandAnswer> => {
  const [command] = args;
  if (command === undefined && io.stdinIsTerminal) {
    const {takenPort} = await import('../../demo/demo-config.ts');
    io.err(shellWords(takenPort(demo)));
  }
  const {runInDemo} = await import('../../demo/demo-shell.ts');
  const ended = await runInDemo(demo, command === undefined ? [io.env.SHELL || '/bin/sh'] : args, shellEnv(io));
  return ended instanceof Error
    ? wrongUsage(`${command ?? 'your shell'} cannot be run: ${ended.message}`, 'rigtop demo --shell -- COMMAND runs one that is on PATH')
    : ended;
};

const show = async (invocation: Invocation, demo: DemoFleet): Promise<CommandAnswer> => {
  const {demoHost} = await import('../../demo/demo-host.ts');
  const inside = shownInDemo(invocation, demo, host => demoHost(host, demo.id));
  return canShowScreen(inside)
    ? (await import('../screen/run-screen.ts')).runScreen(inside)
    : (await import('./status.ts')).runStatus(inside);
};

export const runDemo = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, args, options} = invocation;
  const hasShell = options.isSet('shell');
  const [spare] = args;
  if (spare !== undefined && !hasShell) {
    return wrongUsage(`rigtop demo cannot use "${spare}"`, 'rigtop demo --shell -- COMMAND runs a command in a demo');
  }
  const {buildDemoFleet} = await import('../../demo/demo-fleet.ts');
  let demo: DemoFleet;
  try {
    demo = await buildDemoFleet({env: io.env, ...(hasShell ? {basePort: GUIDE_PORTS} : {})});
  } catch (error) {
    return incomplete(error instanceof Error ? error.message : String(error), 'nothing of it was left behind');
  }
  try {
    return await (hasShell ? runShell(invocation, demo) : show(invocation, demo));
  } finally {
    const survivors = await demo.remove();
    if (survivors.length > 0) {
      io.err(
        `rigtop: could not end ${survivors.map(({pid}) => pid).join(', ')} of the demo in ${demo.directory}: end them, then remove it\n`,
      );
    }
  }
};
