// Entry of the program, loaded by the launcher once the version of Node is known to do.
import {beFrugal} from '../core/os/small-heap.ts';
import {EXIT} from './exit-codes.ts';
import {createProcessIo} from './io.ts';
import {run} from './run.ts';

beFrugal();
const io = createProcessIo();
try {
  const code = await run(process.argv.slice(2), io);
  // The stream's own trouble (a full disk) may have set a code already.
  process.exitCode ??= code;
} catch (error) {
  // A fault of the program must not look like findings to a script: the answer is missing.
  io.err(
    `rigtop: a fault of rigtop itself, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = EXIT.incomplete;
}
