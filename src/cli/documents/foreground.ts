// Which process a pane shows: its agent, else its newest job, else its first process. Pure.
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Pane} from '../../core/domain/multiplexer.ts';
import type {Process} from '../../core/domain/process.ts';
import {indexLook} from '../../core/look/index/look.ts';

/** Null for a dead pane, whose pid may be anybody's by now, and where what runs in it is not told. */
export const foregroundOf = (pane: Pane, {snapshot, fleet}: Assessment): Process | null => {
  const {panes, treeOf} = indexLook(snapshot);
  const [first, ...below] = pane.dead || !panes.byPid.has(pane.pid) ? [] : treeOf(pane.pid);
  if (first === undefined) {
    return null;
  }
  const agent = [first, ...below].find(process => fleet.runtimes.has(process.pid));
  const jobs = below.filter(process => process.pid === process.pgid && process.sid === first.sid && process.state !== 'Z');
  const newest = jobs.reduce<Process | null>((latest, job) => (latest === null || job.bornMs >= latest.bornMs ? job : latest), null);
  return agent ?? newest ?? first;
};
