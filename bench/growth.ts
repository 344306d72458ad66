// What an idle look costs as a machine grows, and as what matters on it grows: processor time, programs, and the longest turn of the loop.
import {DEFAULT_SETTINGS} from '../src/config/defaults.ts';
import {createEngine} from '../src/core/engine.ts';
import {inSlices} from '../src/core/os/slices.ts';
import {beFrugal} from '../src/core/os/small-heap.ts';
import {SOURCES} from '../src/sources/sources.ts';
import {createScreenStore} from '../src/store/store.ts';
import {createScope} from '../test/support/scope.ts';
import {pause} from '../test/support/wait-for.ts';
import {createCountedHost} from './counted-host.ts';
import {cpuMs, longestTurnMs, measure} from './measure.ts';
import {type Line, line, ms, promised} from './report.ts';
import {buildWorld, type WorldSize} from './world.ts';

const WARM_UP = 5;
const LOOKS = 8;
const TURNS = 4;
const INTERVAL_MS = 2000;
const BLOCK_MS = 8;

const sizes: readonly WorldSize[] = [
  ...[250, 1000, 4000, 10_000].map(processes => ({sessions: 10, processes, orphans: 10, listeners: 20})),
  ...[10, 100, 1000].map(sessions => ({sessions, processes: 2500, orphans: 10, listeners: 20})),
];

const benchSize = async (size: WorldSize): Promise<readonly Line[]> => {
  const scope = createScope();
  try {
    const world = await buildWorld(scope, size);
    const {host, take} = createCountedHost(world.tmux.env, world.tmux.tmpdir);
    const settings = {...DEFAULT_SETTINGS, sockets: [world.tmux.socket]};
    const engine = createEngine({host, settings, sources: SOURCES, makePerform: null});
    const store = createScreenStore({readOnly: true});
    const look = async (): Promise<void> => inSlices(store.receiving(await engine.refresh()));
    // As the screen is.
    beFrugal();
    const first = await longestTurnMs(look);
    for (let count = 0; count < WARM_UP; count += 1) {
      await look();
      await pause(INTERVAL_MS);
    }
    take();
    let cpu = 0;
    for (let count = 0; count < LOOKS; count += 1) {
      cpu += cpuMs((await measure(look)).cost);
      await pause(INTERVAL_MS);
    }
    const {programs} = take();
    const turns: number[] = [];
    for (let count = 0; count < TURNS; count += 1) {
      turns.push(await longestTurnMs(look));
      await pause(INTERVAL_MS);
    }
    await engine.close();
    const name = `${size.processes} processes, ${size.sessions} sessions`;
    const longest = Math.max(...turns);
    return [
      line(`${name}: a look`, `${ms(cpu / LOOKS)} CPU, ${programs} programs in ${LOOKS} looks`),
      promised('  longest turn of the event loop, own time', ms(longest), `at most ${BLOCK_MS} ms`, longest <= BLOCK_MS),
      promised('  the same in the first look', ms(first), `at most ${BLOCK_MS} ms`, first <= BLOCK_MS),
    ];
  } finally {
    await scope.close();
  }
};

export const benchGrowth = async (): Promise<readonly Line[]> => {
  const lines: Line[] = [];
  for (const size of sizes) {
    lines.push(...(await benchSize(size)));
  }
  return lines;
};
