// What a tool that gives slots contributes: its places and its marks, each part optional. Types, and who asks them.
import type {Settings} from '../../domain/settings.ts';
import type {SlotMark, SlotPlace, Slots} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';

export interface SlotTool {
  readonly mark?: SlotMark;
  /** The name that the tool gives the session of a slot. */
  sessionOf?(slug: string): string;
  /** Every repository or rig that gives slots. Pure over what was read. */
  places?(snapshot: Snapshot, settings: Settings): readonly SlotPlace[];
}

export interface SlotSource {
  readonly slots?: SlotTool;
}

/** The slot tools among these sources, in their order: whoever comes first is asked first. */
export const slotToolsOf = (sources: readonly SlotSource[]): readonly SlotTool[] => sources.flatMap(({slots}) => slots ?? []);

/** What they tell of one look. */
export const askSlotTools = (tools: readonly SlotTool[], snapshot: Snapshot, settings: Settings): Slots => ({
  places: tools.flatMap(tool => tool.places?.(snapshot, settings) ?? []),
  marks: tools.flatMap(({mark}) => mark ?? []),
});
