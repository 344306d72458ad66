// Entry of the hook: `rigtop guard --for PROGRAM` loads this and nothing of the rest, because it is asked before every command of an agent.
import {isHookProgram} from '../../guard/hooks/hook-input.ts';
import {runHook} from './run-hook.ts';

/** What a script takes for an incomplete answer; 2 would deny the command in most programs. */
const NO_ANSWER = 3;

const [, , , , program = ''] = process.argv;
if (isHookProgram(program)) {
  // Not waited for here: what it loads later loads parts of this file.
  void runHook(program);
} else {
  process.stderr.write(`rigtop: guard --for cannot be "${program}": rigtop guard --help lists the programs\n`);
  process.exitCode = NO_ANSWER;
}
