// rigtop status: one report of the fleet, as text or as JSON, and an exit code for scripts.
import type {Thing} from '../../core/domain/thing.ts';
import {keepHeapSmall, NOBODY_WAITS, restingHeap} from '../../core/os/small-heap.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {configTrouble} from '../config-sources.ts';
import {jsonText} from '../documents/json-text.ts';
import {statusDocument} from '../documents/status-document.ts';
import {EXIT} from '../exit-codes.ts';
import {type Failure, isFailure, wrongUsage} from '../failure.ts';
import {parseKinds} from '../kinds.ts';
import {narrowTo} from '../narrow-assessment.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {allowsColor, createPaint} from '../paint.ts';
import {followStatus} from '../report/follow-status.ts';
import {formatReport} from '../report/report.ts';
import {resolveArgument} from '../resolve-argument.ts';
import {parseInterval} from '../screen-flags.ts';
import {type Counts, statusExit} from '../status-exit.ts';

/** What makes the exit code 1. A blind spot is no finding about the fleet: it makes the answer incomplete (3), unless asked for by kind. */
export const parseFailOn = (text: string): Counts | Failure => {
  if (text === 'none') {
    return () => false;
  }
  if (text === 'any') {
    return finding => finding.kind !== 'blind-spot';
  }
  const words = text.split(',').map(word => word.trim());
  const alone = words.find(word => word === 'any' || word === 'none');
  if (alone !== undefined) {
    return wrongUsage(`--fail-on ${alone} stands alone`, `--fail-on ${alone}, or kinds such as --fail-on orphan,wrong-owner`);
  }
  const kinds = parseKinds(words, '--fail-on', ['any', 'none']);
  return isFailure(kinds) ? kinds : finding => kinds.includes(finding.kind);
};

export const runStatus = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, flags, options, args} = invocation;
  const counts = parseFailOn(options.text('fail-on') ?? 'any');
  if (isFailure(counts)) {
    return counts;
  }
  const intervalMs = parseInterval(options);
  if (isFailure(intervalMs)) {
    return intervalMs;
  }
  if (options.isSet('machines')) {
    return options.isSet('follow')
      ? wrongUsage('--follow tells of this machine', 'leave --follow or --machines away')
      : (await import('./machines-status.ts')).runMachinesStatus(invocation, counts);
  }
  if (options.isSet('follow') && args.length > 0) {
    return wrongUsage('--follow tells of the whole fleet', `for one thing: rigtop status --follow | grep ${args[0]}`);
  }
  const config = await readConfig(invocation);
  const {engine, host} = openFleet(invocation, config, null, {readsScreens: true});
  try {
    if (options.isSet('follow')) {
      const paint = flags.json ? null : createPaint(allowsColor(flags.color, io));
      keepHeapSmall();
      const rest = restingHeap();
      await followStatus({engine, host, intervalMs: intervalMs ?? config.intervalMs, paint, rest: () => rest(NOBODY_WAITS)}, io);
      return configTrouble(config, io) ?? EXIT.done;
    }
    const whole = await engine.refreshUntilSettled();
    const things = args.map(ref => resolveArgument(ref, whole));
    const unresolved = things.find(isFailure);
    if (unresolved !== undefined) {
      return unresolved;
    }
    const assessment = args.length === 0 ? whole : narrowTo(whole, things as readonly Thing[]);
    const readOnly = config.readOnly;
    io.out(
      flags.json
        ? jsonText(statusDocument(assessment, {readOnly}))
        : formatReport(assessment, {
            readOnly,
            paint: createPaint(allowsColor(flags.color, io)),
            columns: io.columns,
          }),
    );
    return configTrouble(config, io) ?? statusExit(assessment, counts);
  } finally {
    await engine.close();
  }
};
