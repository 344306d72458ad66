// What every rule of protection is judged by. Pure.
import type {Agent} from '../../domain/agent.ts';
import type {Protection, UnlockRule} from '../../domain/finding.ts';
import type {Fleet} from '../../domain/fleet.ts';
import type {Settings} from '../../domain/settings.ts';
import type {Look} from '../../look/index/look.ts';

/** Everything protections are judged by: the look, its fleet, the settings. */
export interface ProtectionContext {
  readonly fleet: Fleet;
  readonly settings: Settings;
  readonly look: Look;
  /** Agents by the key of their session. */
  readonly agents: ReadonlyMap<string, readonly Agent[]>;
}

/** A rule that nothing lifts. */
export const never = (rule: string, because: string): Protection => ({rule, because, unlock: null});

/** A rule that holds unless its unlock is given. */
export const unless = (unlock: UnlockRule, because: string): Protection => ({rule: unlock, because, unlock});
