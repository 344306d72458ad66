// rigtop locks: the identity locks of agents with their verdicts; --clean plans moving the left-over ones aside.

import type {Assessment} from '../../core/domain/fleet.ts';
import type {AgentLock, LockState} from '../../core/domain/lock.ts';
import {lockRef} from '../../core/domain/reference.ts';
import type {Settings} from '../../core/domain/settings.ts';
import type {Host} from '../../core/os/host.ts';
import {identifyLooseLocks} from '../../sources/gastown/locks/agent-locks.ts';
import {scanLocks} from '../../sources/gastown/read/scan-locks.ts';
import {countOf} from '../../words/counts.ts';
import {carryOut} from '../acting/plan-command.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {configTrouble} from '../config-sources.ts';
import {jsonText} from '../documents/json-text.ts';
import {statusDocument} from '../documents/status-document.ts';
import {EXIT, type ExitCode} from '../exit-codes.ts';
import {wrongUsage} from '../failure.ts';
import type {Io} from '../io.ts';
import {formatLocks} from '../locks/format-locks.ts';
import {runWorkerLock} from '../locks/lock-commands.ts';
import {openFleet, readConfig} from '../open-fleet.ts';
import {allowsColor, createPaint} from '../paint.ts';
import {patiently} from '../progress-line.ts';

/** A town with big clones beside it takes minutes to walk; what is not reached in this time is said to be unknown. */
const DEEP_MS = 20_000;

const BAD: ReadonlySet<LockState> = new Set(['stale', 'orphaned', 'collision', 'invalid']);

const exitOf = ({snapshot}: Assessment, locks: readonly AgentLock[], whole: boolean): ExitCode => {
  if (locks.some(lock => BAD.has(lock.state))) {
    return EXIT.findings;
  }
  const blind = !whole || locks.some(lock => lock.state === 'unknown') || snapshot.sources.some(source => source.state === 'unknown');
  return blind ? EXIT.incomplete : EXIT.done;
};

/** The whole towns walked for locks in places that no registry names. */
const lookDeeper = async (io: Io, host: Host, settings: Settings, assessment: Assessment) => {
  const {snapshot, fleet, locks} = assessment;
  const roots = snapshot.towns.map(town => town.realPath);
  let walked = 0;
  const scan = await patiently(
    io,
    () => `walking towns for locks: ${countOf(walked, 'directory')}`,
    scanLocks(host, roots, DEEP_MS, directories => {
      walked = directories;
    }),
  );
  const known = new Set(await Promise.all(locks.map(async lock => realPathOf(host, lock.path))));
  const loose = identifyLooseLocks(
    snapshot,
    fleet,
    settings,
    scan.files.filter(file => !known.has(file.path)),
  );
  return {locks: [...locks, ...loose.map(({seats: _, ...lock}) => lock)], scan};
};

const realPathOf = async (host: Host, path: string): Promise<string> => {
  const real = await host.files.realPath(path);
  return real.state === 'ok' ? real.value : path;
};

const listLocks = async (invocation: Invocation): Promise<CommandAnswer> => {
  const {io, flags, options} = invocation;
  const config = await readConfig(invocation);
  const {engine, host} = openFleet(invocation, config);
  try {
    const assessment = await engine.refreshUntilSettled();
    const deep = options.isSet('deep') ? await lookDeeper(io, host, config.settings, assessment) : null;
    const locks = deep?.locks ?? assessment.locks;
    const scan = deep?.scan ?? null;
    const findings = assessment.findings.filter(finding => finding.subject.startsWith('lock:'));
    if (flags.json) {
      const document = statusDocument({...assessment, locks, findings}, {readOnly: config.readOnly});
      const further = scan === null ? {} : {deep: {directories: scan.directories, stopped: scan.stopped, troubles: scan.troubles}};
      io.out(jsonText({...document, ...further}));
    } else {
      io.out(formatLocks(assessment, locks, scan, {paint: createPaint(allowsColor(flags.color, io)), columns: io.columns}));
    }
    return configTrouble(config, io) ?? exitOf(assessment, locks, scan === null || !scan.stopped);
  } finally {
    await engine.close();
  }
};

/** `lock:PATH`, or the path alone. */
const lockReference = (text: string): string => (text.startsWith('/') ? lockRef(text) : text);

export const runLocks = (invocation: Invocation): Promise<CommandAnswer> => {
  const {args, options} = invocation;
  const [word, directory] = args;
  if (word === 'acquire' || word === 'check' || word === 'release') {
    return directory === undefined
      ? Promise.resolve(wrongUsage(`locks ${word} needs a directory`, `usage: rigtop locks ${word} DIR`))
      : runWorkerLock(invocation, word, directory);
  }
  if (options.isSet('clean')) {
    return options.isSet('deep')
      ? Promise.resolve(wrongUsage('--clean moves locks of known workers only', 'leave out --deep'))
      : carryOut(invocation, () => ({action: 'clean-locks', asked: args.map(lockReference)}));
  }
  return word === undefined
    ? listLocks(invocation)
    : Promise.resolve(wrongUsage(`locks knows no "${word}"`, 'it is acquire, check or release, each with a directory'));
};
