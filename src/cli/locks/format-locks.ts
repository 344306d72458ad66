// Locks as a table. Pure.

import {oneLine} from '../../core/domain/command-line.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import type {AgentLock} from '../../core/domain/lock.ts';
import type {LockScan} from '../../sources/gastown/read/scan-locks.ts';
import {lockBadge} from '../../words/badges.ts';
import {countOf} from '../../words/counts.ts';
import {describeSource} from '../../words/describe-source.ts';
import {isoTimeOrNull} from '../../words/iso-time.ts';
import type {Paint} from '../paint.ts';
import {formatTable} from '../table.ts';

const row = (lock: AgentLock) => [
  {text: lockBadge(lock.state).word, tone: lockBadge(lock.state).tone},
  lock.agent?.slice('agent:'.length) ?? '-',
  {text: lock.pid === null ? '-' : String(lock.pid), align: 'right' as const},
  lock.session ?? '-',
  isoTimeOrNull(lock.acquiredAt)?.slice(0, 19) ?? '-',
  lock.path,
  {text: lock.because, tone: 'quiet' as const},
];

const scanLine = ({directories, stopped, troubles}: LockScan): string =>
  [
    `walked ${countOf(directories, 'directory')}`,
    ...(stopped ? ['stopped before the end: there may be more'] : []),
    ...(troubles.length === 0 ? [] : [`${troubles.length} could not be read`]),
  ].join('; ');

export interface LockStyle {
  readonly paint: Paint;
  readonly columns: number | null;
}

/** Ends in a newline. */
export const formatLocks = (
  {snapshot}: Assessment,
  locks: readonly AgentLock[],
  scan: LockScan | null,
  {paint, columns}: LockStyle,
): string => {
  const towns = snapshot.towns.map(town => town.path).join(', ');
  const titles = ['STATE', 'AGENT', 'PID', 'TAKEN IN', 'AT (UTC)', 'LOCK', 'WHY'];
  const unread = snapshot.sources.filter(source => source.state === 'unknown' && (source.source === 'town' || source.source === 'tmux'));
  return [
    ...unread.map(status => `${paint('unknown', 'UNKNOWN')}  ${describeSource(status)}`),
    ...(locks.length === 0
      ? [towns === '' ? 'No locks: no town was found.' : `No locks. Looked at the workers of ${oneLine(towns)}.`]
      : [paint('strong', countOf(locks.length, 'lock')), ...formatTable(titles, locks.map(row), paint, columns)]),
    ...(scan === null ? [] : [paint('quiet', scanLine(scan))]),
    '',
  ].join('\n');
};
