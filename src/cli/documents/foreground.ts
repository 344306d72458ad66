// Which process a pane shows: its agent, else its newest job, else its first process. Pure.
import type {Assessment} from '../../core/domain/fleet.ts';
import {type childrenByParent, descendantsOf} from '../../core/domain/forest.ts';
import type {Pane} from '../../core/domain/multiplexer.ts';
import type {Process} from '../../core/domain/process.ts';

/** Null for a dead pane, whose pid may be anybody's by now, and where the process cannot be seen. */
export const foregroundOf = (pane: Pane, assessment: Assessment, children: ReturnType<typeof childrenByParent>): Process | null => {
  const {snapshot, fleet} = assessment;
  const first = pane.dead ? undefined : snapshot.processes.get(pane.pid);
  if (first === undefined) {
    return null;
  }
  const below = descendantsOf(children, first.pid).flatMap(({pid}) => snapshot.processes.get(pid) ?? []);
  const agent = [first, ...below].find(process => fleet.runtimes.has(process.pid));
  const jobs = below.filter(process => process.pid === process.pgid && process.sid === first.sid && process.state !== 'Z');
  const newest = jobs.reduce<Process | null>((latest, job) => (latest === null || job.bornMs >= latest.bornMs ? job : latest), null);
  return agent ?? newest ?? first;
};
