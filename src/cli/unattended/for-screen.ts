// The supervisor that runs beside a screen, for that screen: what it says of itself, and the wishes of who looks at it.
import type {LoadedConfig} from '../../config/load.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {Host} from '../../core/os/host.ts';
import type {UnattendedView} from '../../store/unattended.ts';
import {requestOf} from '../../supervise/describe-round.ts';
import {supervisePlaces} from '../../supervise/places.ts';
import {formatNote, type SuperviseRecord} from '../../supervise/record.ts';
import type {Unattended} from '../../ui/outside.ts';
import {isRunning, readRecord} from './read-record.ts';
import {sendWish} from './wishes.ts';

const describe = ({pid, mode, paused, hampered, state, heartbeat}: SuperviseRecord): string => {
  const stands =
    state.halted !== null
      ? `HALTED (${state.halted.because})`
      : paused
        ? 'PAUSED'
        : hampered === null
          ? mode === 'act'
            ? 'acts'
            : 'observes only'
          : `acts no more (${hampered})`;
  return `Supervisor ${pid}: ${stands}; looked ${heartbeat.count} times, last at ${heartbeat.at ?? 'never'}`;
};

const NOTES_SHOWN = 20;

const viewOf = ({pid, mode, paused, hampered, state, proposals, notes}: SuperviseRecord): UnattendedView => ({
  pid,
  stands: state.halted !== null ? 'halted' : paused ? 'paused' : hampered !== null ? 'hampered' : mode === 'act' ? 'acts' : 'observes',
  because: state.halted?.because ?? (paused ? null : hampered),
  proposals: proposals.map(deed => ({request: requestOf(deed), ref: deed.ref, because: deed.because})),
  notes: notes.slice(-NOTES_SHOWN).map(formatNote).toReversed(),
});

export const unattendedFor = (host: Host, config: LoadedConfig): Unattended => {
  const places = supervisePlaces(stateDirectory(host.env, host.home), config.files);
  const running = async (): Promise<SuperviseRecord | null> => {
    const record = await readRecord(host, places.record);
    return record !== null && isRunning(record, host.bootId) ? record : null;
  };
  return {
    describe: async () => {
      const record = await running();
      return record === null ? null : describe(record);
    },
    view: async () => {
      const record = await running();
      return record === null ? null : viewOf(record);
    },
    wish: async what => {
      const record = await running();
      if (record === null) {
        return 'No supervisor with this configuration runs.';
      }
      const sent = await sendWish(record, what, places.requests);
      return sent.ok ? null : `The supervisor could not be told: ${sent.because}`;
    },
  };
};
