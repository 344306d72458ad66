// The supervisor that runs beside a screen, for that screen: what it says of itself, and what its user asks of it.
import type {LoadedConfig} from '../../config/load.ts';
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {Host} from '../../core/os/host.ts';
import type {UnattendedView} from '../../store/supervisor-rows.ts';
import {requestOf} from '../../supervise/describe-round.ts';
import {goingOn} from '../../supervise/loop-parts.ts';
import {describeDeath, formatNote, type SuperviseRecord} from '../../supervise/record.ts';
import {supervisePlaces} from '../../supervise/supervisor-files.ts';
import type {Unattended} from '../../ui/outside.ts';
import {type Presence, readPresence} from '../unattended/presence.ts';
import {sendControlRequest} from '../unattended/requests.ts';

const stalledSince = ({heartbeat}: SuperviseRecord): string => `has not looked since ${heartbeat.at ?? 'it started'}`;

const NOTES_SHOWN = 20;

const notesOf = (record: SuperviseRecord | null): readonly string[] => record?.notes.slice(-NOTES_SHOWN).map(formatNote).toReversed() ?? [];

const viewOf = (record: SuperviseRecord, stalled: boolean): UnattendedView => {
  const {pid, mode, paused, blocked, state, proposals} = record;
  const view = {
    pid,
    proposals: proposals.map(loopAction => ({request: requestOf(loopAction), ref: loopAction.ref, because: loopAction.because})),
    notes: notesOf(record),
  };
  if (stalled) {
    return {...view, stands: 'stalled', because: stalledSince(record)};
  }
  if (state.halted !== null) {
    return {...view, stands: 'halted', because: state.halted.because};
  }
  if (paused) {
    return {...view, stands: 'paused', because: null};
  }
  return blocked === null
    ? {...view, stands: mode === 'act' ? 'acts' : 'observes', because: null}
    : {...view, stands: 'blocked', because: blocked};
};

const describe = (record: SuperviseRecord, {pid, stands, because}: UnattendedView): string => {
  const {count, at} = record.heartbeat;
  return `Supervisor ${pid}: ${stands}${because === null ? '' : ` (${because})`}; looked ${count} ${count === 1 ? 'time' : 'times'}, last at ${at ?? 'never'}`;
};

const deathOf = ({holder}: Extract<Presence, {state: 'died'}>, bootId: string | null): string =>
  describeDeath(holder.pid, holder.bootId === bootId);

/** Whether a supervisor with the same configuration looks: it runs the program of `[notify]`, so that each change is told once. */
export const supervisorTells = (host: Host, config: LoadedConfig) => {
  const places = supervisePlaces(stateDirectory(host.env, host.home), config.files);
  return async (): Promise<boolean> => {
    const presence = await readPresence(host, places);
    return presence.state === 'runs' && !presence.stalled;
  };
};

export const unattendedFor = (host: Host, config: LoadedConfig): Unattended => {
  const places = supervisePlaces(stateDirectory(host.env, host.home), config.files);
  return {
    describe: async () => {
      const presence = await readPresence(host, places);
      switch (presence.state) {
        case 'runs':
          return describe(presence.record, viewOf(presence.record, presence.stalled));
        case 'died':
          return `No supervisor runs: ${deathOf(presence, host.bootId)}`;
        case 'absent':
          return null;
      }
    },
    view: async () => {
      const presence = await readPresence(host, places);
      switch (presence.state) {
        case 'runs':
          return viewOf(presence.record, presence.stalled);
        case 'died':
          return {
            pid: presence.holder.pid,
            stands: 'died',
            because: deathOf(presence, host.bootId),
            // What the dead one would have done is no longer anybody's proposal.
            proposals: [],
            notes: notesOf(presence.record),
          };
        case 'absent':
          return null;
      }
    },
    controlRequest: async what => {
      const presence = await readPresence(host, places);
      if (presence.state !== 'runs') {
        return 'No supervisor with this configuration runs.';
      }
      const sent = await sendControlRequest(presence.record, what === 'resume' ? goingOn(presence.record) : what, places.requests);
      return sent.ok ? null : `The supervisor could not be told: ${sent.because}`;
    },
  };
};
