// rigtop supervise: the loop itself, or a word to the one that runs.
import {createHost} from '../../core/os/real-host.ts';
import {formatNote, type SuperviseRecord} from '../../supervise/record.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonText} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {incomplete, refused, wrongUsage} from '../failure.ts';
import {readConfig} from '../open-fleet.ts';
import {isRunning, readRecord} from '../unattended/read-record.ts';
import {placesOf, runSupervisor} from '../unattended/run-supervisor.ts';
import {sendWish} from '../unattended/wishes.ts';

const WISHES = ['stop', 'reload', 'resume', 'pause'] as const;

const describe = (record: SuperviseRecord, running: boolean): string => {
  const {mode, pid, startedAt, heartbeat, intervalMs, paused, hampered, state, notes} = record;
  const lines = [
    running
      ? `running as process ${pid} since ${startedAt}, ${mode === 'act' ? 'acts' : 'observes only'}`
      : `not running; process ${pid} was the last one`,
    `looked ${heartbeat.count} times, last at ${heartbeat.at ?? 'never'}, every ${intervalMs / 1000} s`,
    ...(state.halted === null
      ? []
      : [`HALTED since ${new Date(state.halted.since).toISOString()}: ${state.halted.because}; rigtop supervise resume goes on`]),
    ...(paused ? ['PAUSED: looks go on, nothing is done; rigtop supervise resume goes on'] : []),
    ...(hampered === null ? [] : [`acts no more: ${hampered}`]),
    ...notes.slice(-10).map(formatNote),
  ];
  return `${lines.join('\n')}\n`;
};

const speak = async (invocation: Invocation, word: string): Promise<CommandAnswer> => {
  const {io, flags} = invocation;
  const host = createHost({env: io.env, cwd: io.cwd});
  try {
    const places = placesOf(host, await readConfig(invocation));
    const record = await readRecord(host, places.record);
    const running = record !== null && isRunning(record, host.bootId);
    if (word === 'status') {
      if (flags.json) {
        io.out(jsonText({running, ...record}));
      } else {
        io.out(record === null ? 'no supervisor has run with this configuration\n' : describe(record, running));
      }
      return running ? EXIT.done : EXIT.findings;
    }
    if (record === null || !running) {
      return refused('not-running', 'no supervisor with this configuration runs', 'rigtop supervise starts one');
    }
    const wish = WISHES.find(each => each === word);
    if (wish === undefined) {
      return wrongUsage(`supervise knows no "${word}"`, `it takes status, ${WISHES.join(', ')}`);
    }
    const sent = await sendWish(record, wish, places.requests);
    return sent.ok ? EXIT.done : incomplete(`process ${record.pid} could not be told: ${sent.because}`, 'rigtop supervise status shows it');
  } finally {
    await host.close();
  }
};

export const runSupervise = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {args, options, flags} = invocation;
  const [word] = args;
  if (word !== undefined) {
    return speak(invocation, word);
  }
  const act = options.isSet('act');
  return act && flags.readOnly
    ? refused('read-only', 'this is read-only: a supervisor could not act', 'leave out --read-only or --act')
    : runSupervisor(invocation, act);
};
