// A change of the fleet → one line of `rigtop status --follow --json`. Pure.
import type {Snapshot} from '../../core/domain/snapshot.ts';
import {doingWord, type FleetChange} from '../../words/fleet-changes.ts';
import {isoTime} from '../../words/iso-time.ts';
import type {ChangeDocument} from './change-schema.ts';
import {findingDocument, hintDocument} from './status-document.ts';

export const changeDocument = (change: FleetChange, {takenAt, hostname}: Pick<Snapshot, 'takenAt' | 'hostname'>): ChangeDocument => {
  const head = {schema: 'rigtop/change@1', at: isoTime(takenAt), host: hostname} as const;
  switch (change.what) {
    case 'agent': {
      const {agent, was} = change;
      const {ref, rig, runtime, because} = agent;
      return {...head, what: 'agent', ref, rig, runtime, state: doingWord(agent), was, because, hint: hintDocument(agent)};
    }
    case 'gone':
      return {...head, what: 'gone', ref: change.agent.ref, rig: change.agent.rig, was: change.was};
    default:
      return {...head, what: change.what, finding: findingDocument(change.finding)};
  }
};
