// What agent programs contribute of themselves: sessions, daemons, jobs and ports that they record.
import {AGENT_PROGRAM_MARKS} from '../../core/look/index/origin.ts';
import type {Source} from '../../core/source.ts';
import {zombieRuntime} from './detect/zombie-runtime.ts';
import {keptByRecords, livingRecords} from './living-records.ts';
import {createRuntimeCollector} from './read/runtime-collector.ts';
import {recordedPorts} from './recorded-ports.ts';
import {readScreen} from './screens/reading.ts';

const MARKED: readonly string[] = [...AGENT_PROGRAM_MARKS, 'CLAUDE_CODE_SESSION_KIND', 'CLAUDE_JOB_DIR', 'CLAUDE_PID'];

export const runtimes: Source = {
  name: 'runtimes',
  markers: MARKED,
  readRecords: createRuntimeCollector,
  readScreen,
  livingRecords,
  recordedPorts,
  vouches: keptByRecords,
  cures: new Map([['runtimes', 'make the file readable and whole, or remove it: the agent program writes it anew']]),
  detectors: [zombieRuntime],
};
