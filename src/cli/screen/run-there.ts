// rigtop on another machine, on this terminal: it shows its plan and asks there; what it ended with is said before the table comes back.
import {oneLine} from '../../core/domain/command-line.ts';
import type {Host} from '../../core/os/host.ts';
import {runOnTerminal, waitForEnter} from '../../core/os/terminal-program.ts';
import type {RunThere} from '../../ui/outside.ts';

const MEANINGS: ReadonlyMap<number, string> = new Map([
  [0, 'done'],
  [1, 'not all of it is gone'],
  [2, 'it was not understood there: the rigtop there may be older'],
  [3, 'not everything could be observed there'],
  [4, 'refused there'],
  [126, 'rigtop is not to be found there'],
  [127, 'rigtop is not to be found there'],
  [255, 'there was no connection'],
]);

/** What the end of rigtop there means, in words. */
const describeThere = (machine: string, {status, signal}: {readonly status: number | null; readonly signal: string | null}): string =>
  signal === null
    ? `${oneLine(machine)}: ${MEANINGS.get(status ?? 0) ?? 'ended'}${status === 0 ? '' : ` (status ${status})`}`
    : `${oneLine(machine)}: ended by ${signal}`;

/** What the person has read by themselves is not waited for: a session that was left. */
export const runThereFor =
  (host: Pick<Host, 'env'>): RunThere =>
  (spot, machine, {isRead}) => {
    const ended = runOnTerminal(spot.file, spot.args, host.env);
    if ('because' in ended) {
      return ended.because;
    }
    if (!isRead || ended.status !== 0) {
      waitForEnter(`\n${describeThere(machine, ended)}. Enter goes back to the table. `);
    }
    return null;
  };
