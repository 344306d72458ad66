// npm run bench: every scenario, or those named; ours and the naive way side by side in one run. Removes all it made.
import {parseArgs} from 'node:util';
import {createScope} from '../test/support/scope.ts';
import {benchChurn} from './churn.ts';
import {benchGrowth} from './growth.ts';
import {benchGuard} from './guard.ts';
import {benchIdle, type IdleOptions} from './idle.ts';
import {benchJudge} from './judge.ts';
import {benchKill} from './kill.ts';
import {benchLook} from './look.ts';
import {benchMachines} from './machines.ts';
import {benchMachinesNats} from './machines-nats.ts';
import {formatReport, type Line} from './report.ts';
import {benchScreen} from './screen.ts';
import {benchSlots} from './slots.ts';
import {benchStart} from './start.ts';
import {benchStatus} from './status.ts';
import {benchTown} from './town.ts';
import {buildWorld, withOrphans} from './world.ts';

interface Scenario {
  readonly title: string;
  run(): Promise<readonly Line[]>;
}

const QUICK_MINUTES = 1;

const scope = createScope();
/** Made when first asked for, once. */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const fleet = once(() => buildWorld(scope, {sessions: 200, processes: 2000, orphans: 100, listeners: 200}));
const worseFleet = once(async () => withOrphans(scope, await fleet(), 500));

const {values, positionals: wanted} = parseArgs({
  allowPositionals: true,
  options: {minutes: {type: 'string', default: '10'}, quick: {type: 'boolean', default: false}, nats: {type: 'boolean', default: false}},
});
const idle: IdleOptions = {minutes: values.quick ? QUICK_MINUTES : Number(values.minutes), whole: !values.quick};

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  start: {
    title: 'Start',
    run: async () => {
      const empty = await scope.tempDir();
      return benchStart(scope, {PATH: process.env.PATH ?? '', HOME: empty, TMUX_TMPDIR: empty, LANG: 'C.UTF-8'}, empty);
    },
  },
  status: {title: 'A whole status of 200 sessions, 2 000 processes, 200 listeners', run: async () => benchStatus(await fleet())},
  idle: {
    title: 'The idle screen over 200 sessions, 2 000 processes, 200 listeners',
    run: async () => benchIdle(scope, await fleet(), idle),
  },
  small: {
    title: 'The idle screen over 10 sessions, 250 processes',
    run: async () =>
      benchIdle(scope, await buildWorld(scope, {sessions: 10, processes: 250, orphans: 10, listeners: 20}), {...idle, whole: false}),
  },
  machines: values.nats
    ? {title: 'A thousand machines of 250 processes that publish, in one table', run: () => benchMachinesNats()}
    : {title: 'Other machines of 250 processes in one table', run: () => benchMachines()},
  growth: {title: 'One idle look as machines grow', run: () => benchGrowth()},
  look: {title: 'One look at 200 sessions, 2 000 processes, 200 listeners', run: async () => benchLook(await fleet())},
  judge: {title: 'Judging and planning over the same fleet with 500 orphans', run: async () => benchJudge(await worseFleet())},
  slots: {title: '1 000 declared ports, all held', run: () => benchSlots(scope)},
  town: {title: 'A town of 20 rigs × 20 polecats', run: () => benchTown(scope)},
  guard: {
    title: 'The guard before a command, beside 2 000 processes',
    run: async () => {
      const empty = await scope.tempDir();
      return benchGuard(scope, {PATH: process.env.PATH ?? '', HOME: empty, LANG: 'C.UTF-8'});
    },
  },
  kill: {title: 'Ending a tree of 50 processes', run: () => benchKill(scope)},
  churn: {title: 'An hour of looks at a fleet that changes', run: async () => benchChurn()},
  screen: {title: 'The screen over the same fleet', run: async () => benchScreen(scope, await worseFleet())},
};

try {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    if (wanted.length === 0 || wanted.includes(name)) {
      console.log(formatReport(scenario.title, await scenario.run()));
    }
  }
} finally {
  await scope.close();
}
