// A town of 20 rigs × 20 polecats beside large clones: what is read of it per look, in counts.

import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {DEFAULT_SETTINGS} from '../src/config/defaults.ts';
import {createCollector} from '../src/core/look/collector.ts';
import {SOURCES} from '../src/sources/sources.ts';
import type {Scope} from '../test/support/scope.ts';
import {buildTown} from '../test/support/town.ts';
import {pause} from '../test/support/wait-for.ts';
import {createCountedHost} from './counted-host.ts';
import {measure} from './measure.ts';
import {type Line, line, ms, promised} from './report.ts';

const RIGS = 20;
const POLECATS = 20;
const SETTLED_MS = 3000;
/** Directories in each of a few clones: what a walk over the tree would have to pass. */
const CLONE = {clones: 20, folders: 40, files: 5} as const;

const names = (count: number, prefix: string): readonly string[] => Array.from({length: count}, (_, index) => `${prefix}${index}`);

const fillClone = async (path: string): Promise<number> => {
  for (const folder of names(CLONE.folders, 'node_modules/part-')) {
    await mkdir(join(path, folder, 'lib'), {recursive: true});
    await Promise.all(names(CLONE.files, 'file-').map(file => writeFile(join(path, folder, 'lib', file), '')));
  }
  return CLONE.folders * (CLONE.files + 2);
};

export const benchTown = async (scope: Scope): Promise<readonly Line[]> => {
  const home = await scope.tempDir();
  const path = join(home, 'gt');
  const rigs = Object.fromEntries(names(RIGS, 'rig').map((rig, index) => [rig, {prefix: `r${index}`, polecats: names(POLECATS, 'cat')}]));
  const town = await buildTown(path, {rigs});
  let entries = 0;
  for (const rig of names(CLONE.clones, 'rig')) {
    entries += await fillClone(town.at(rig, 'mayor', 'rig'));
    entries += await fillClone(town.polecatPath(rig, 'cat0'));
  }
  const env = {PATH: process.env.PATH ?? '', HOME: home, TMUX_TMPDIR: home};
  const {host, take} = createCountedHost(env, home);
  const collector = createCollector(host, {...DEFAULT_SETTINGS, towns: [path]}, SOURCES);
  const first = await measure(() => collector.look());
  const cold = take();
  // A file that was changed a moment ago is read again, because its time stamp may not tell two changes apart.
  await pause(SETTLED_MS);
  await collector.look();
  take();
  const second = await measure(() => collector.look());
  const warm = take();
  await collector.close();
  await host.close();
  const found = second.value.towns[0]?.rigs;
  const workers = found?.known === true ? found.value.reduce((sum, rig) => sum + rig.workers.length, 0) : 0;
  const asked = (counts: typeof cold): number => counts.reads + counts.lists + counts.inspections;
  const perAgent = asked(cold) / Math.max(1, workers);
  return [
    line('in the town', `${RIGS} rigs, ${workers} workers, ${entries} other files and directories`),
    line('first look', `${ms(first.cost.wallMs)}, ${cold.reads} reads, ${cold.lists} lists, ${cold.inspections} inspections`),
    line('unchanged look', `${ms(second.cost.wallMs)}, ${warm.reads} reads, ${warm.lists} lists, ${warm.inspections} inspections`),
    promised('asked of the disk per agent, first look', perAgent.toFixed(1), 'by agents, not by trees', perAgent <= 20),
    promised('files read again though unchanged', String(warm.reads), 'none', warm.reads === 0),
  ];
};
