// What ecluse contributes: repositories with declared slots, from their files.
import type {Source} from '../../core/source.ts';
import {ecluseSlots} from './ecluse-slots.ts';
import {createRepoCollector} from './read/repo-collector.ts';

export const ecluse: Source = {
  name: 'ecluse',
  markers: ['ECLUSE_MODE'],
  readRecords: createRepoCollector,
  ...ecluseSlots,
  programs: new Map([['ecluse', 'services are restarted in their recorded window instead']]),
  cures: new Map([['ecluse', 'make .ecluse.toml and .ecluse/state.json readable and whole']]),
};
