// zombie-record in what agent programs record of themselves: sessions whose process runs no more. Pure.
import {oneLine} from '../domain/command-line.ts';
import type {Suspicion} from '../domain/finding.ts';
import {recordRef} from '../domain/reference.ts';
import type {RuntimeRecord, RuntimeStore} from '../domain/runtime-record.ts';
import {judgeRecord} from '../identify/runtime-records.ts';
import type {World} from './detector.ts';

/** More are counted. */
const MOST_TOLD = 8;

const titleOf = (store: RuntimeStore, left: readonly RuntimeRecord[]): string =>
  left.length === 1
    ? `${store.program} records a session of process ${left[0]?.pid}, which runs no more`
    : `${store.program} records ${left.length} sessions whose processes run no more`;

/** A program that is killed leaves its record, and none of them sweeps soon: one finding for all that one store left. */
const suspectStore = (world: World, store: RuntimeStore): readonly Suspicion[] => {
  const records = store.records.known ? store.records.value : [];
  // The pid file of a daemon stays where it is until the next one starts: that is no session.
  const left = records.flatMap(record => {
    const verdict = record.role === 'daemon' ? null : judgeRecord(record, world.snapshot);
    return verdict?.state === 'left' ? [{record, because: verdict.because}] : [];
  });
  const files = left.filter(({record}, index) => left.findIndex(each => each.record.pid === record.pid) === index);
  return files.length === 0
    ? []
    : [
        {
          key: `zombie-record ${store.program} ${store.place}`,
          kind: 'zombie-record',
          severity: 'low',
          subject: recordRef(store.program, files.length === 1 ? String(files[0]?.record.pid) : '*'),
          title: titleOf(
            store,
            files.map(({record}) => record),
          ),
          evidence: [
            ...files.slice(0, MOST_TOLD).map(({record, because}) => ({
              fact: `${because}${record.conversation === null ? '' : `; conversation ${oneLine(record.conversation)}`}${record.directory === null ? '' : ` in ${oneLine(record.directory)}`}`,
              source: record.file,
            })),
            ...(files.length > MOST_TOLD ? [{fact: `and ${files.length - MOST_TOLD} more`, source: store.place}] : []),
            {fact: `${store.program} removes it by itself, or the file can be removed`, source: 'what may help'},
          ],
          processes: [],
          protectedBy: null,
          proof: 'two-looks',
          doubt: null,
          remedies: [],
          rig: null,
          session: null,
          holds: [],
        },
      ];
};

/** Of every store that could be read. */
export const suspectRuntimeStores = (world: World): readonly Suspicion[] =>
  world.snapshot.runtimeStores.flatMap(store => suspectStore(world, store));
