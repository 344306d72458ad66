// Judging one look of the big fleet, and planning to end all its orphans. No I/O is measured here.

import {DEFAULT_SETTINGS} from '../src/config/defaults.ts';
import {isRefusal} from '../src/core/domain/plan.ts';
import {assess, emptyMemory} from '../src/core/judge/assess.ts';
import {createCollector} from '../src/core/look/collector.ts';
import {makePlan} from '../src/core/plan/make-plan.ts';
import {SOURCES} from '../src/sources/sources.ts';
import {pause} from '../test/support/wait-for.ts';
import {createCountedHost} from './counted-host.ts';
import {median, quantile, threadMs} from './measure.ts';
import {type Line, line, ms, promised} from './report.ts';
import type {World} from './world.ts';

const RUNS = 25;
const FRAME_MS = 16;

const repeated = <T>(work: () => T): {readonly value: T; readonly tookMs: readonly number[]} => {
  const runs = Array.from({length: RUNS}, () => threadMs(work));
  return {value: (runs.at(-1) ?? threadMs(work)).value, tookMs: runs.map(run => run.tookMs)};
};

const spread = (tookMs: readonly number[]): string => `${ms(median(tookMs))} / ${ms(quantile(tookMs, 0.95))}`;

export const benchJudge = async (world: World): Promise<readonly Line[]> => {
  const {host} = createCountedHost(world.tmux.env, world.tmux.tmpdir);
  const settings = {...DEFAULT_SETTINGS, orphanMinAgeMs: 0, sockets: [world.tmux.socket]};
  const collector = createCollector(host, settings, SOURCES);
  const first = assess(await collector.look(), settings, emptyMemory, SOURCES);
  await pause(settings.confirmGapMs * 2);
  const snapshot = await collector.look();
  await collector.close();
  await host.close();

  const judged = repeated(() => assess(snapshot, settings, first.memory, SOURCES));
  const {assessment} = judged.value;
  const orphans = assessment.findings.filter(finding => finding.kind === 'orphan-process' && finding.certainty === 'sure');
  const planned = repeated(() =>
    makePlan({action: 'cleanup', asked: ['orphan-process']}, assessment, settings, {id: 'b000', now: 0, sources: SOURCES}),
  );
  const targets = isRefusal(planned.value) ? 0 : planned.value.targets.length;
  return [
    line('findings', `${assessment.findings.length}, of them ${orphans.length} sure orphans`),
    line('judging one look, own processor time p50 / p95', spread(judged.tookMs)),
    promised(
      `planning to end ${targets} processes, p50 / p95`,
      spread(planned.tookMs),
      `500, each in at most ${FRAME_MS} ms`,
      targets >= world.orphans && quantile(planned.tookMs, 0.95) <= FRAME_MS,
    ),
  ];
};
