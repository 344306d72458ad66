// `rigtop line`, before anything else is loaded: prints what a running rigtop has left. A status bar asks every few seconds.
import {stateDirectory} from '../core/act/state-directory.ts';
import {oneLine} from '../core/domain/command-line.ts';
import {readLeft} from '../core/os/left-file.ts';
import {forStatusBar, withAge} from '../words/status-line.ts';
import {EXIT} from './exit-codes.ts';
import {leftLinePath, MOST_LEFT_BYTES, parseLeftLine, standingOf} from './status-line/left-line.ts';

/** False where nothing usable was left: then the command looks for itself. */
export const printLeft = (): boolean => {
  const {env, stdout} = process;
  const left = env.HOME ? readLeft(leftLinePath(stateDirectory(env, env.HOME)), MOST_LEFT_BYTES) : null;
  const said = left === null ? null : parseLeftLine(left.text);
  const ageMs = Date.now() - (left?.at ?? 0);
  const standing = standingOf(ageMs);
  if (said === null || standing === 'useless') {
    return false;
  }
  stdout.on('error', () => undefined);
  const line = oneLine(said.line);
  stdout.write(`${forStatusBar(standing === 'old' ? withAge(line, ageMs) : line)}\n`);
  process.exitCode = said.blind || standing === 'old' ? EXIT.incomplete : EXIT.done;
  return true;
};
