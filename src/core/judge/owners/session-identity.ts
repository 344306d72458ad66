// The ways in which a session can be somebody's without a source's word, each with its evidence: a slot's record, configuration, a running
// or started agent program. Pure.

import type {Evidence, Rig, Role, RuntimeProcess} from '../../domain/agent.ts';
import {oneLine} from '../../domain/command-line.ts';
import type {Session} from '../../domain/multiplexer.ts';
import {isInside} from '../../domain/paths.ts';
import {placeOf} from '../../domain/process.ts';
import type {SlotRecord} from '../../domain/repo.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Slots} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import type {Look} from '../../look/index/look.ts';
import type {RuntimeTable} from '../programs/recognise-runtime.ts';
import {runtimeOfCommand} from '../programs/start-command.ts';
import type {SlotTool} from '../slots/slot-tool.ts';
import type {Claim, ClaimedProcess} from './claims.ts';
import type {RigFinder} from './rigs.ts';
import type {SessionPrograms} from './session-programs.ts';

/** Rig of agents whose directory could not be read. */
export const UNPLACED = 'unplaced';

/** What sessions are identified with. */
export interface SessionContext {
  readonly look: Look;
  readonly rigs: RigFinder;
  readonly table: RuntimeTable;
  readonly runtimes: ReadonlyMap<number, RuntimeProcess>;
  /** Package runners that are about to start an agent. */
  readonly starting: ReadonlySet<number>;
  readonly settings: Settings;
  readonly slotTools: readonly SlotTool[];
  readonly slots: Slots;
  /** Whose a process is by the word of a source. */
  claimOf(process: ClaimedProcess): Claim | null;
}

export interface SessionIdentity {
  /**
   * Why it is managed: `claim` by a workspace, `markers` of one that is not known, `started` with an agent program, `running` one
   * now, `configured`, or `services` of a slot, where no agent is expected.
   */
  readonly why: 'claim' | 'markers' | 'started' | 'running' | 'configured' | 'services';
  readonly claim: Claim | null;
  readonly role: Role;
  readonly name: string;
  /** Null where nothing tells which project it is about. */
  readonly rig: Rig | null;
  readonly town: string | null;
  readonly slot: number | null;
  readonly evidence: readonly Evidence[];
}

/** The kernel names directories by their real path; records may not. */
const isInWorktree = (cwd: string, session: SlotRecord): boolean =>
  isInside(cwd, session.worktreeRealPath) || isInside(cwd, session.worktreePath);

/** Slot of the work tree a directory is in, by the record of the tool that made it. */
const slotOfDirectory = (snapshot: Snapshot, cwd: string | undefined): number | null => {
  const sessions = snapshot.repos.flatMap(repo => (repo.sessions.known ? repo.sessions.value : []));
  return (cwd === undefined ? undefined : sessions.find(each => isInWorktree(cwd, each)))?.slot ?? null;
};

/** Directories of a session's pane processes. */
export const cwdsOf = (programs: SessionPrograms): readonly string[] => [...new Set(programs.heads.flatMap(head => placeOf(head) ?? []))];

/** A session of a slot, by its record or by a pattern: no workspace claims it. */
export const slotIdentity = (
  identity: Pick<SessionIdentity, 'name' | 'rig' | 'slot' | 'evidence'> & {readonly why: 'services' | 'configured'},
): SessionIdentity => ({claim: null, role: 'agent', town: null, ...identity});

/** An agent program runs in it, or it was started to run one: the project is told by the directory. */
export const foundIdentity = (
  around: SessionContext,
  session: Session,
  programs: SessionPrograms,
  slot: number | null,
): SessionIdentity | null => {
  const running = programs.runtimes[0];
  const started =
    running === undefined ? session.panes.flatMap(pane => runtimeOfCommand(pane.startCommand, around.table) ?? [])[0] : undefined;
  const cwd = (running === undefined ? undefined : placeOf(running.process)) ?? cwdsOf(programs)[0];
  const byStart =
    started === undefined ? null : [{fact: `a pane was started with ${started.runtime}`, source: 'start command of the pane'}];
  const evidence =
    running === undefined
      ? byStart
      : [{fact: `${running.runtime.runtime} ${running.process.pid} runs in ${running.pane.id}`, source: running.runtime.evidence.fact}];
  return evidence === null
    ? null
    : {
        why: running === undefined ? 'started' : 'running',
        claim: null,
        role: 'agent',
        name: oneLine(session.name),
        rig: cwd === undefined ? null : around.rigs.at(cwd),
        town: null,
        slot: slot ?? slotOfDirectory(around.look.snapshot, cwd),
        evidence: cwd === undefined ? evidence : [...evidence, {fact: `works in ${cwd}`, source: 'working directory'}],
      };
};
