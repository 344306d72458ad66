// One call of rigtop: argv → command → exit code. The only place that prints failures.
import type {GlobalFlags} from './command.ts';
import {COMMANDS} from './command-table.ts';
import {jsonLine} from './documents/json-text.ts';
import type {ExitCode} from './exit-codes.ts';
import {EXIT} from './exit-codes.ts';
import {type Failure, failureDocument, formatFailure, isFailure} from './failure.ts';
import {commandHelp, programHelp} from './help-text.ts';
import {insideDemo} from './inside-demo.ts';
import type {Io} from './io.ts';
import {parseArguments} from './parse-arguments.ts';
import {VERSION} from './version.ts';

const tell = (failure: Failure, io: Io, json: boolean): ExitCode => {
  io.err(`${formatFailure(failure)}\n`);
  if (json) {
    io.out(jsonLine(failureDocument(failure)));
  }
  return failure.exit;
};

/** Flags end at `--`; behind it everything is an argument. */
const wantsJson = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
};

/** The host is loaded only where a place was named. */
const checkPlaces = async (io: Io, flags: GlobalFlags): Promise<Failure | null> => {
  const [{createHost}, {namedPlacesTrouble}] = await Promise.all([
    import('../core/os/real-host.ts'),
    import('./places-on-command-line.ts'),
  ]);
  const host = createHost({markers: new Set(), env: io.env, cwd: io.cwd});
  try {
    return await namedPlacesTrouble(host, flags);
  } finally {
    await host.close();
  }
};

const runCommand = async (argv: readonly string[], io: Io): Promise<number> => {
  const parsed = parseArguments(argv, COMMANDS);
  if (isFailure(parsed)) {
    return tell(parsed, io, wantsJson(argv));
  }
  if (parsed.help) {
    io.out(parsed.command === null ? programHelp(COMMANDS) : commandHelp(parsed.command));
    return EXIT.done;
  }
  if (parsed.version) {
    io.out(`${VERSION}\n`);
    return EXIT.done;
  }
  const {towns, repos, sockets} = parsed.flags;
  if (towns.length + repos.length + sockets.length > 0) {
    const trouble = await checkPlaces(io, parsed.flags);
    if (trouble !== null) {
      return tell(trouble, io, parsed.flags.json);
    }
  }
  const execute = parsed.command === null ? (await import('./commands/default.ts')).runDefault : await parsed.command.load();
  const narrowed = await insideDemo(io.env);
  const answer = isFailure(narrowed)
    ? narrowed
    : await execute({io, flags: parsed.flags, options: parsed.options, args: parsed.args, commands: COMMANDS, ...narrowed});
  return isFailure(answer) ? tell(answer, io, parsed.flags.json) : answer;
};

/** A hook that exits 2 denies a command in most agent programs: a wrong call of it is an answer that is missing. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const code = await runCommand(argv, io);
  return argv[0] === 'guard' && code === EXIT.usage ? EXIT.incomplete : code;
};
