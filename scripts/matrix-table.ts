// The matrix of rooms as the table in ARCHITECTURE.md. Pure.
import type {Room} from './layers.ts';

const cell = (room: Room, other: Room): string => {
  if (room === other) {
    return '·';
  }
  if (room.lazily?.includes(other.name)) {
    return 'lazy';
  }
  if (room.may.includes(other.name)) {
    return 'yes';
  }
  if (room.onlyNames?.[other.name] !== undefined) {
    return 'type';
  }
  return room.onlyFiles?.[other.name] !== undefined ? 'some' : '';
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Read "row may import column": yes, `type` (the façade's type only), `some` (named files), `lazy` (by `import()` only). */
export const matrixTable = (rooms: readonly Room[]): string =>
  [
    row(['', ...rooms.map(room => room.name)]),
    row(['---', ...rooms.map(() => '---')]),
    ...rooms.map(room => row([`**${room.name}**`, ...rooms.map(other => cell(room, other))])),
  ].join('\n');
