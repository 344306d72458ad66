// rigtop status --follow: a line for every change of what agents do and of what is found, until nobody reads.
import type {Assessment} from '../../core/domain/fleet.ts';
import {intervalAfter} from '../../core/domain/pace.ts';
import type {Engine} from '../../core/engine.ts';
import type {Host} from '../../core/os/host.ts';
import {clockTime} from '../../words/ages.ts';
import {changesBetween, describeChange, type FleetChange} from '../../words/fleet-changes.ts';
import {changeDocument} from '../documents/change-document.ts';
import {jsonLine} from '../documents/json-text.ts';
import type {Io} from '../io.ts';
import type {Paint} from '../paint.ts';

/** `WRONG-OWNER`. */
const BADGE_WIDTH = 11;

export interface FollowStatusParts {
  readonly engine: Pick<Engine, 'refresh'>;
  readonly host: Pick<Host, 'sleep'>;
  readonly intervalMs: number;
  /** Null: lines of JSON. */
  readonly paint: Paint | null;
  /** Called before each pause. */
  rest?(): void;
}

const formatChange = (change: FleetChange, {snapshot}: Assessment, paint: Paint | null): string => {
  if (paint === null) {
    return jsonLine(changeDocument(change, snapshot));
  }
  const {badge, words} = describeChange(change);
  const time = clockTime(snapshot.takenAt, snapshot.takenAt);
  return `${paint('quiet', time)}  ${paint(badge.tone, badge.word.padEnd(BADGE_WIDTH))} ${words}\n`;
};

/** The first look tells everything that is there. Resolves once stdout is closed. */
export const followStatus = async (
  {engine, host, intervalMs, paint, rest}: FollowStatusParts,
  io: Pick<Io, 'out' | 'closed'>,
): Promise<void> => {
  let before: Assessment | null = null;
  let calm = 0;
  while (!io.closed.aborted) {
    const look: Assessment = await engine.refresh();
    const changes = changesBetween(before, look);
    calm = changes.length === 0 ? calm + 1 : 0;
    before = look;
    if (changes.length > 0) {
      io.out(changes.map(change => formatChange(change, look, paint)).join(''));
    }
    rest?.();
    await host.sleep(intervalAfter(calm, intervalMs), io.closed).catch(() => undefined);
  }
};
