// Agents below what launched them: a package runner, or a script that starts the native program. The agent is the one that works. Pure.
import type {RuntimeProcess} from '../../domain/agent.ts';
import type {Process} from '../../domain/process.ts';
import type {Look} from '../../look/index/look.ts';
import {isCarrier, scriptOf} from '../../look/index/program-of.ts';

/** Children of the same process group, those of shells and runners among them in their place. */
const ownChildren = (look: Pick<Look, 'children' | 'processes'>, above: Process, depth = 0): readonly Process[] =>
  (look.children.get(above.pid) ?? []).flatMap(pid => {
    const child = look.processes.get(pid);
    if (child === undefined || child.pgid !== above.pgid || child.state === 'Z' || depth > 8) {
      return [];
    }
    return [child, ...(isCarrier(child) ? ownChildren(look, child, depth + 1) : [])];
  });

/**
 * The agent itself, from the topmost process of its program: `node codex.js` → `codex`, `node gemini` → `node --max-old-space-size gemini`.
 * A script that starts the same program again in its own process group is its launcher; an agent that an agent starts has a group
 * or session of its own.
 */
export const agentBelow = (
  look: Pick<Look, 'children' | 'processes'>,
  runtimes: ReadonlyMap<number, RuntimeProcess>,
  top: Process,
): Process => {
  const seen = new Set<number>();
  let agent = top;
  while (!seen.has(agent.pid) && scriptOf(agent.argv) !== null) {
    seen.add(agent.pid);
    const name = runtimes.get(agent.pid)?.runtime;
    const same = ownChildren(look, agent).filter(child => runtimes.get(child.pid)?.runtime === name);
    const [only] = same;
    if (only === undefined || same.length > 1) {
      break;
    }
    agent = only;
  }
  return agent;
};
