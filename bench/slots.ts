// 40 services × 25 slots with 1 000 listeners: who holds which port, against one lsof per port.

import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {DEFAULT_SETTINGS} from '../src/config/defaults.ts';
import type {ConfiguredRig, Settings} from '../src/core/domain/settings.ts';
import {assess, emptyMemory} from '../src/core/judge/assess.ts';
import {createCollector} from '../src/core/look/collector.ts';
import {SOURCES} from '../src/sources/sources.ts';
import type {Scope} from '../test/support/scope.ts';
import {pause} from '../test/support/wait-for.ts';
import {createCountedHost} from './counted-host.ts';
import {startListeners} from './listeners.ts';
import {type Cost, cpuMs, measure} from './measure.ts';
import {type Line, line, ms, promised, times} from './report.ts';

const SERVICES = 40;
const SLOTS = 25;
const LISTENERS_PER_PROGRAM = 100;
const LOOKS = 10;
const SAMPLE = 5;
const GAP_MS = 100;

/** Slot s has ports base + s × 40 … + 39: a block of a thousand, somewhere below the ephemeral ports. */
const rigAt = (path: string, base: number): ConfiguredRig => ({
  name: 'shop',
  path,
  session: null,
  slots: SLOTS,
  slotStride: SERVICES,
  services: Array.from({length: SERVICES}, (_, index) => ({name: `service-${index}`, basePort: base + index, command: null})),
});

/** A block of free ports; a program that cannot have all of its own says so by failing. */
const occupyBlock = async (env: NodeJS.ProcessEnv, cwd: string): Promise<number> => {
  for (const base of [11_000, 13_000, 15_000, 17_000, 19_000]) {
    try {
      for (let first = 0; first < SERVICES * SLOTS; first += LISTENERS_PER_PROGRAM) {
        await startListeners(LISTENERS_PER_PROGRAM, env, {from: base + SERVICES + first, cwd});
      }
      return base;
    } catch {
      // Somebody holds one of them; what was started here stays, marked, on ports that are not declared.
    }
  }
  throw new Error('no block of a thousand free ports');
};

export const benchSlots = async (scope: Scope): Promise<readonly Line[]> => {
  const home = await scope.tempDir();
  const env = {PATH: process.env.PATH ?? '', HOME: home, TMUX_TMPDIR: home, RIGTOP_TEST: scope.marker()};
  const base = await occupyBlock(env, home);
  const settings: Settings = {...DEFAULT_SETTINGS, rigs: [rigAt(home, base)]};
  const {host, take} = createCountedHost(env, home);
  const collector = createCollector(host, settings, SOURCES);
  let judged = assess(await collector.look(), settings, emptyMemory, SOURCES);
  const costs: Cost[] = [];
  let programs = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    await pause(GAP_MS);
    take();
    const {value, cost} = await measure(async () => assess(await collector.look(), settings, judged.memory, SOURCES));
    judged = value;
    costs.push(cost);
    programs = Math.max(programs, take().programs);
  }
  await collector.close();
  await host.close();

  const lsof = await measure(async () => {
    for (let port = 0; port < SAMPLE; port += 1) {
      await promisify(execFile)('lsof', ['-nP', '-i', `:${base + SERVICES + port * SERVICES}`]);
    }
  });
  const {services} = judged.assessment;
  const held = services.filter(service => service.listeners.length > 0).length;
  const own = costs.reduce((sum, cost) => sum + cpuMs(cost), 0) / costs.length;
  const naive = (cpuMs(lsof.cost) / SAMPLE) * services.length;
  return [
    line('declared ports, of them held', `${services.length}, ${held}`),
    line('one look with its verdicts, CPU', ms(own)),
    promised('programs started per look', String(programs), 'none per port', programs <= 3),
    line(`one lsof per port (${SAMPLE} run, extrapolated), CPU`, ms(naive)),
    promised('lsof CPU / ours', times(naive / own), 'at least 100 ×', naive / own >= 100),
  ];
};
