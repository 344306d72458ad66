// Programs of a town that its pid files and kernel locks name: its daemon, and what serves one session. Pure.
import {startedAt} from '../../core/domain/process.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {Voucher} from '../../core/judge/owners/vouching.ts';

/** File times and process starts come from two clocks. */
const CLOCK_SLACK_MS = 3_000;

export const keptByTowns = ({snapshot}: {readonly snapshot: Snapshot}): readonly Voucher[] =>
  snapshot.towns.flatMap(({name, records: {daemon, helpers}}) => [
    ...helpers.map(
      (helper): Voucher => ({
        pid: helper.pid,
        because: `town ${name} records it as ${helper.kind} (${helper.path})`,
        // A pid file is older than whoever got its number later.
        vouches: process => startedAt(process, snapshot) <= helper.writtenAt + CLOCK_SLACK_MS,
      }),
    ),
    ...[daemon.pid, daemon.lockHolder].flatMap((pid): readonly Voucher[] =>
      pid.known && pid.value !== null ? [{pid: pid.value, because: `it is the daemon of town ${name}`, vouches: () => true}] : [],
    ),
  ]);
