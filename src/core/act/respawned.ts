// Whether a pane whose program was ended has started it again: “gone” alone would be half the truth.

import type {TargetOutcome} from '../domain/outcome.ts';
import type {ClosingHead} from '../plan/closing-heads.ts';
import {controlOf} from './acting-source.ts';
import type {Ending} from './end-sessions.ts';

const LOOK_AGAIN_MS = 100;

/** Those whose pane a hook would start again when its program ends; nothing is switched off in panes that nobody asked to end. */
export const armedHeads = async ({host, controls}: Ending, heads: readonly ClosingHead[]): Promise<readonly ClosingHead[]> => {
  const armed: ClosingHead[] = [];
  for (const socket of new Set(heads.map(head => head.socket))) {
    const control = controlOf(controls, socket);
    const respawn = control?.respawn;
    if (control === undefined || respawn === undefined) {
      continue;
    }
    const server = await control.readServer(host, socket);
    const remaining = new Set(server.state === 'ok' ? server.panes.filter(({remains}) => remains).map(({paneId}) => paneId) : []);
    for (const head of heads.filter(each => each.socket === socket && remaining.has(each.paneId))) {
      if (await respawn.isArmed(host, socket, [head.paneId])) {
        armed.push(head);
      }
    }
  }
  return armed;
};

/** What came back in these panes within `forMs`, in words, by the pid that was ended. */
export const watchRespawn = async (
  {host, controls}: Ending,
  heads: readonly ClosingHead[],
  forMs: number,
): Promise<ReadonlyMap<number, string>> => {
  const back = new Map<number, string>();
  const until = host.monotonicMs() + forMs;
  while (back.size < heads.length) {
    for (const socket of new Set(heads.map(head => head.socket))) {
      const server = await controlOf(controls, socket)?.readServer(host, socket);
      for (const {paneId, pid, serverPid} of heads.filter(each => each.socket === socket)) {
        const now =
          server?.state === 'ok' && server.serverPid === serverPid ? server.panes.find(pane => pane.paneId === paneId) : undefined;
        if (now !== undefined && !now.dead && now.pid !== pid) {
          back.set(pid, `pane ${paneId} started it again as ${now.pid}`);
        }
      }
    }
    const left = until - host.monotonicMs();
    if (left <= 0 || back.size === heads.length) {
      break;
    }
    await host.sleep(Math.min(LOOK_AGAIN_MS, left));
  }
  return back;
};

/** The outcomes with what came back: gone, and there again. */
export const withReturned = (targets: readonly TargetOutcome[], back: ReadonlyMap<number, string>): readonly TargetOutcome[] =>
  targets.map(target => {
    const again = target.pid === null || target.result !== 'gone' ? undefined : back.get(target.pid);
    return again === undefined ? target : {...target, because: again};
  });
