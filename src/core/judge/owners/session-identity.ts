// The ways in which a session can be somebody's without a source's word, each with its evidence: a slot's record, configuration, a running
// or started agent program. Pure.

import type {Evidence, Rig, Role, RuntimeProcess} from '../../domain/agent.ts';
import {oneLine} from '../../domain/command-line.ts';
import type {Session} from '../../domain/multiplexer.ts';
import {isInside} from '../../domain/paths.ts';
import {placeOf} from '../../domain/process.ts';
import type {SlotRecord} from '../../domain/repo.ts';
import {bearsName, tmuxName} from '../../domain/session-name.ts';
import type {ConfiguredRig, Settings} from '../../domain/settings.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import type {Places} from '../../look/index/places.ts';
import type {RuntimeTable} from '../programs/recognise-runtime.ts';
import {runtimeOfCommand} from '../programs/start-command.ts';
import type {Claim, ClaimedProcess} from './claims.ts';
import type {RigFinder} from './rigs.ts';
import type {SessionPrograms} from './session-programs.ts';

/** Rig of agents whose directory could not be read. */
export const UNPLACED = 'unplaced';

/** What sessions are identified with. */
export interface Surroundings {
  readonly places: Places;
  readonly rigs: RigFinder;
  readonly table: RuntimeTable;
  readonly runtimes: ReadonlyMap<number, RuntimeProcess>;
  /** Package runners that are about to start an agent. */
  readonly starting: ReadonlySet<number>;
  readonly settings: Settings;
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

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Slot that a configured pattern (`search-{slot}`) reads from a session's name: null where it does not match, 0 without a slot. */
const slotByPattern = (rig: ConfiguredRig, name: string): number | null => {
  if (rig.session === null) {
    return null;
  }
  const wanted = rig.session.replaceAll('{rig}', rig.name);
  const match = [wanted, tmuxName(wanted)]
    .map(each => new RegExp(`^${escaped(each).replace('\\{slot\\}', '(\\d+)')}$`).exec(name))
    .find(found => found !== null);
  return match == null ? null : Number(match[1] ?? 0);
};

export const asNumber = (text: string | undefined): number | null => (text !== undefined && /^\d+$/.test(text) ? Number(text) : null);

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

/** Sessions that a slot's own tool recorded, with a pane or marker that confirms it. */
export const serviceIdentity = (
  around: Surroundings,
  session: Session,
  env: Readonly<Record<string, string>>,
  cwds: readonly string[],
): SessionIdentity | null => {
  for (const repo of around.places.snapshot.repos) {
    const record = repo.sessions.known
      ? repo.sessions.value.find(each => each.tmuxSession !== null && bearsName(session.name, each.tmuxSession))
      : undefined;
    const cwd = record === undefined ? undefined : cwds.find(each => isInWorktree(each, record));
    if (record !== undefined && cwd !== undefined) {
      return {
        why: 'services',
        claim: null,
        role: 'agent',
        name: record.slug,
        rig: around.rigs.declaredAt(cwd),
        town: null,
        slot: record.slot,
        evidence: [
          {fact: `recorded as the session of slot ${record.slot} (${record.slug})`, source: `${repo.root}/.ecluse/state.json`},
          {fact: `a pane works in ${cwd}`, source: 'working directory'},
        ],
      };
    }
  }
  const slug = env.ECLUSE_SLUG;
  return slug === undefined || session.name !== `ecluse-${slug}`
    ? null
    : {
        why: 'services',
        claim: null,
        role: 'agent',
        name: slug,
        rig: cwds.map(cwd => around.rigs.declaredAt(cwd)).find(rig => rig !== null) ?? null,
        town: null,
        slot: asNumber(env.ECLUSE_SLOT),
        evidence: [{fact: `ECLUSE_SLUG=${slug}`, source: 'environment of its panes'}],
      };
};

/** A name that fits a configured pattern, with a pane in the rig. */
export const configuredIdentity = (around: Surroundings, session: Session, programs: SessionPrograms): SessionIdentity | null => {
  for (const rig of around.settings.rigs) {
    const slot = slotByPattern(rig, session.name);
    const cwd = cwdsOf(programs).find(each => around.rigs.declaredAt(each)?.path === rig.path);
    if (slot !== null && cwd !== undefined) {
      return {
        // Configured sessions may hold agents or services: which, is told by what runs in them.
        why: programs.runtimes.length === 0 && programs.companions.length > 0 ? 'services' : 'configured',
        claim: null,
        role: 'agent',
        name: oneLine(session.name),
        rig: around.rigs.declaredAt(cwd),
        town: null,
        slot: slot === 0 ? null : slot,
        evidence: [
          {fact: `its name fits ${rig.session}`, source: `configured rig ${rig.name}`},
          {fact: `a pane works in ${cwd}`, source: 'working directory'},
        ],
      };
    }
  }
  return null;
};

/** An agent program runs in it, or it was started to run one: the project is told by the directory. */
export const foundIdentity = (
  around: Surroundings,
  session: Session,
  programs: SessionPrograms,
  slot: number | null,
): SessionIdentity | null => {
  const running = programs.runtimes[0];
  const started = session.panes.flatMap(pane => runtimeOfCommand(pane.startCommand, around.table) ?? [])[0];
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
        slot: slot ?? slotOfDirectory(around.places.snapshot, cwd),
        evidence: cwd === undefined ? evidence : [...evidence, {fact: `works in ${cwd}`, source: 'working directory'}],
      };
};
