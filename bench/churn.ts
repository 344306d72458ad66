// An hour of a busy fleet in a minute: processes come, exec, listen and go between looks. What the screen and the judge remember must not grow.

import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import type {Process} from '../src/core/domain/process.ts';
import type {Snapshot} from '../src/core/domain/snapshot.ts';
import {assess, emptyMemory} from '../src/core/judge/assess.ts';
import {SOURCES} from '../src/sources/sources.ts';
import {createScreenStore} from '../src/store/store.ts';
import {inPane, later, listener, look, pane, process as record, server, session, settings} from '../test/support/world.ts';
import {median} from './measure.ts';
import {type Line, line, promised} from './report.ts';

const LOOKS = 1800;
const INTERVAL_MS = 2000;
const PROCESSES = 300;
const WARM_UP = 200;
/** A single sample says little: what a fleet holds at one moment, it does not at the next. */
const SAMPLE_EVERY = 20;
/** Of the heap after warming up: what a fleet of one size may need more or less of at any moment. */
const SLACK = 1.15;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const heapMiB = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_048_576;
};

/** The fleet at look `at`: every process lives for thirty looks, so a tenth of them changes hands every three. */
const fleetAt = (at: number): Snapshot => {
  const members = Array.from({length: PROCESSES}, (_, index): Process => {
    const generation = Math.floor((at + index) / 30);
    const pid = 2000 + ((generation * PROCESSES + index) % 30_000);
    const left = index % 7 === 0;
    return record(pid, left ? 1 : 700, index % 3 === 0 ? 'claude --continue' : `node vite --port ${4000 + index}`, {
      startTime: generation * 1000 + index,
      cwd: `/w/rig-${index % 20}/tree-${generation % 50}`,
      env: inPane(`%${left ? 9000 + index : index}`),
      tty: left ? null : `pts/${index}`,
    });
  });
  const seated = members.filter(({ppid}) => ppid === 700);
  const sessions = seated.map(({pid}, index) =>
    session(`work-${index}`, [pane(`%${index}`, pid)], {id: `$${index}`, created: 1_700_000_000}),
  );
  return later(
    look({
      processes: members,
      servers: [server('default', sessions)],
      listeners: members.slice(0, 50).map(({pid}, index) => listener(4000 + index, pid)),
    }),
    at * INTERVAL_MS,
  );
};

export const benchChurn = (): readonly Line[] => {
  const store = createScreenStore({readOnly: true});
  let memory = emptyMemory;
  const heaps: number[] = [];
  for (let at = 0; at < LOOKS; at += 1) {
    const judged = assess(fleetAt(at), settings, memory, SOURCES);
    memory = judged.memory;
    store.receive(judged.assessment);
    if (at >= WARM_UP && at % SAMPLE_EVERY === 0) {
      heaps.push(heapMiB());
    }
  }
  const third = Math.floor(heaps.length / 3);
  const [warm, end] = [median(heaps.slice(0, third)), median(heaps.slice(-third))];
  return [
    line('looks, processes that came and went', `${LOOKS}, ${Math.round((LOOKS / 30) * PROCESSES)}`),
    promised(
      'heap, first and last third after warming up, median',
      `${warm.toFixed(1)} / ${end.toFixed(1)} MiB`,
      'flat',
      end <= warm * SLACK,
    ),
  ];
};
