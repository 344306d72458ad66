// Slots of ecluse: its marks and names, what a pending operation means, and how its services are started again. Pure.
import type {PlanStart} from '../../core/domain/plan.ts';
import type {SlotRecord, SlotRepo} from '../../core/domain/repo.ts';
import type {DeclaredService} from '../../core/domain/slot-place.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {recordedSlots} from '../../core/judge/slots/recorded-slots.ts';
import {proofOfStart, refOfService, startInWindow} from '../../core/judge/slots/service-start.ts';

/** Variables that say who called: `ecluse up` must not take them for its own. */
const CALLERS = ['GT_*', 'CLAUDECODE', 'TMUX*', 'ECLUSE_*', 'ZELLIJ*'];
const STARTER_MS = 120_000;

/** Operation ids begin with the pid of who began it. One that is gone left the operation half done; its own tool takes it over. */
const pendingText = ({processes}: Snapshot, {slug, pending}: SlotRecord): string => {
  const pid = /^(\d+)-/.exec(pending?.id ?? '')?.[1];
  const isGone = pid !== undefined && !processes.has(Number(pid));
  const whose = isGone ? `an operation of process ${pid}, which is gone,` : 'an operation of ecluse';
  const cure = isGone ? `; \`ecluse down ${slug}\` settles it` : '';
  return `${whose} is pending on it since ${pending?.since ?? 'some time'}${cure}`;
};

/** What ecluse runs for the slot, as the repository declares it. */
const declaredCommands = ({config}: SlotRepo): string =>
  (config.known ? config.value.services : []).flatMap(({name, command}) => (command === null ? [] : `${name}: ${command}`)).join('; ');

/** Through ecluse itself when it is there; else the command that its window was started with, in the same place. */
const restart = ({programs}: Snapshot, repo: SlotRepo, service: DeclaredService): PlanStart | string => {
  const isFound = repo.provenance === 'found';
  const ecluse = programs.get('ecluse');
  if (ecluse !== undefined && service.slug !== null) {
    const way = {kind: 'command', file: ecluse, args: ['up', service.slug], cwd: service.worktree ?? repo.realRoot} as const;
    return {
      ref: refOfService(service),
      because: `ecluse starts what of the slot is not running${isFound ? `, as ${repo.realRoot} says, which nobody named: ${declaredCommands(repo)}` : ''}`,
      ...(isFound ? {claimOf: repo.realRoot} : {}),
      way: {...way, without: CALLERS, timeoutMs: STARTER_MS},
      proof: proofOfStart(service, null),
    };
  }
  const {session} = service;
  const pane = session?.panes.find(candidate => candidate.windowName === service.service);
  return session === null || pane === undefined || pane.startCommand === ''
    ? 'ecluse is not on PATH, and no window of the slot tells how the service was started; run `ecluse up` for it'
    : startInWindow(service, {
        because: 'ecluse is not on PATH; this is what its window was started with',
        socket: session.socket,
        session: session.name,
        directory: repo.realRoot,
        command: pane.startCommand,
      });
};

export const ecluseSlots = recordedSlots({
  name: 'ecluse',
  mark: {tool: 'ecluse', slot: 'ECLUSE_SLOT', slug: 'ECLUSE_SLUG', rig: null},
  sessionOf: slug => `ecluse-${slug}`,
  recordFile: ({root}) => `${root}/.ecluse/state.json`,
  configName: '.ecluse.toml',
  pendingText,
  restart,
});
