// What agent programs contribute of themselves: sessions, daemons, jobs and ports that they record.
import type {Source} from '../../core/source.ts';
import {zombieRuntime} from './detect/zombie-runtime.ts';
import {keptByRecords, livingRecords} from './living-records.ts';
import {createRuntimeCollector} from './read/runtime-collector.ts';
import {recordedPorts} from './recorded-ports.ts';
import {readScreen} from './screens/reading.ts';

const MARKED: readonly string[] = [
  'AI_AGENT',
  'CLAUDECODE',
  'CLAUDE_CODE_CHILD_SESSION',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_SESSION_KIND',
  'CLAUDE_JOB_DIR',
  'CLAUDE_PID',
  'CODEX_CI',
  'CODEX_SANDBOX',
  'CODEX_SANDBOX_NETWORK_DISABLED',
  'CODEX_SESSION_ID',
  'CODEX_THREAD_ID',
  'CURSOR_AGENT',
  'GEMINI_CLI',
  'GOOSE_TERMINAL',
  'OPENCODE',
  'OPENCODE_PID',
  'QWEN_CODE',
  'QWEN_CODE_SESSION_ID',
];

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
