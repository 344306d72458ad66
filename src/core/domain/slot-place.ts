// What slot tools tell of one look: who gives slots, what is declared in them, what in an environment names one. Pure records.
import type {Agent} from './agent.ts';
import type {Session} from './multiplexer.ts';
import type {LastSeat, PlanStart} from './plan.ts';
import type {Provenance} from './provenance.ts';

/** A service that somebody declared for a slot in use, with what would make a process its rightful holder. */
export interface DeclaredService {
  /** Name of the tool that gives the slot. */
  readonly tool: string;
  readonly rig: string;
  /** Top of the repository or rig: tells two of one name apart. */
  readonly rigPath: string;
  readonly provenance: Provenance;
  readonly slot: number;
  readonly slug: string | null;
  readonly service: string;
  readonly port: number;
  readonly base: number;
  readonly stride: number;
  readonly maxSlots: number;
  /** Whether the main work tree is slot 0, on the base itself. */
  readonly baseIsSlot: boolean;
  readonly declaredBy: string;
  /** Why the port cannot be judged at all (beyond 65535, operation pending); null when it can. */
  readonly undecidable: string | null;
  /** False for ports that are allocated but started by nobody. */
  readonly managed: boolean;
  readonly docker: boolean;
  /** Whether something shows that it was started: a pid file, a process manager, a window of its name. */
  readonly started: boolean;
  /** Milliseconds since the epoch of its start, as recorded; null when not. */
  readonly startedAt: number | null;
  readonly worktree: string | null;
  readonly session: Session | null;
  /** Pids whose trees are this service: the recorded process, else the pane of its window. */
  readonly roots: readonly number[];
  /** Pids whose trees belong to the slot as a whole: all live panes of its session, its agents. */
  readonly slotRoots: readonly number[];
  /** Pid that the pid file names and that is still the same process. */
  readonly recordedPid: number | null;
}

/** A service's ports over all slots of its rig, by the formula of whoever declares it. */
export type ServiceRange = Pick<
  DeclaredService,
  'tool' | 'rig' | 'rigPath' | 'provenance' | 'service' | 'base' | 'stride' | 'maxSlots' | 'baseIsSlot'
>;

/** What of the machine is one slot’s, by the word of its tool. */
export interface SlotGround {
  readonly slot: number;
  readonly slug: string | null;
  /** Absolute, links resolved. */
  readonly directories: readonly string[];
  /** Declared and extra ports. */
  readonly ports: readonly number[];
  readonly composeProjects: readonly string[];
}

/** A repository or rig that gives slots. */
export interface SlotPlace {
  /** Name of the tool that gives them. */
  readonly tool: string;
  readonly name: string;
  /** Top of it, links resolved; and every path under which it is known. */
  readonly path: string;
  readonly paths: readonly string[];
  readonly provenance: Provenance;
  /** Where its tool records which slots are in use; null where nothing but what runs tells it. */
  readonly recordFile: string | null;
  readonly ranges: readonly ServiceRange[];
  /** Why a slot that seems free may be in use; null when nothing speaks for it. */
  readonly unsure: string | null;
  /** Slots that the record speaks of, whether or not something runs in them. */
  readonly recorded: readonly SlotGround[];
  /** Services of every slot in use. Stopped slots keep their number but expect nothing to run. */
  services(agents: readonly Agent[]): readonly DeclaredService[];
  /** What belongs to a slot in use or free; `services`: those that are declared in it. The reason where that cannot be told. */
  groundOf(slot: number, services: readonly DeclaredService[]): SlotGround | {readonly unknown: string};
  /** What is declared of a service in a slot that nobody uses now; null where there is no such slot or service, or only a record can tell. */
  idleService(slot: number, service: string): DeclaredService | null;
  /** How a service of a slot is started again, or why nothing says it. `last`: where it ran when it was seen, where its session is gone. */
  restart(service: DeclaredService, last: LastSeat | null): PlanStart | string;
}

/** How an environment says which slot a process is of. One of the two names stands beside the number. */
export interface SlotMark {
  /** Name of the tool that sets it. */
  readonly tool: string;
  /** Variable with the number. */
  readonly slot: string;
  /** Variable with the slot’s own name; null where the tool gives it none. */
  readonly slug: string | null;
  /** Variable with the name of a rig: it names slots of rigs whose own tool sets no mark. */
  readonly rig: string | null;
}

/** What all slot tools told of one look. */
export interface Slots {
  readonly places: readonly SlotPlace[];
  readonly marks: readonly SlotMark[];
}

export const NO_SLOTS: Slots = {places: [], marks: []};
