// One call of rigtop: argv → command → exit code. The only place that prints failures.
import {COMMANDS} from './command-table.ts';
import {jsonLine} from './documents/json-text.ts';
import type {ExitCode} from './exit-codes.ts';
import {EXIT} from './exit-codes.ts';
import {type Failure, failureDocument, formatFailure, isFailure} from './failure.ts';
import {commandHelp, programHelp} from './help.ts';
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

export const run = async (argv: readonly string[], io: Io): Promise<number> => {
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
  const execute = parsed.command === null ? (await import('./commands/default.ts')).runDefault : await parsed.command.load();
  const answer = await execute({io, flags: parsed.flags, options: parsed.options, args: parsed.args, commands: COMMANDS});
  return isFailure(answer) ? tell(answer, io, parsed.flags.json) : answer;
};
