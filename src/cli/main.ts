// Entry of the program, loaded by the launcher once the version of Node is known to do.
import {createProcessIo} from './io.ts';
import {run} from './run.ts';

const io = createProcessIo();
const code = await run(process.argv.slice(2), io);
// The stream's own trouble (a full disk) may have set a code already.
process.exitCode ??= code;
