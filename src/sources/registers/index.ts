// What stores of sessions contribute: botmux's, and those of the configuration; their rows without a session.
import type {Source} from '../../core/source.ts';
import {zombieRow} from './detect/zombie-row.ts';
import {createRegisterCollector} from './read/register-collector.ts';

export const registers: Source = {
  name: 'botmux',
  markers: ['BOTMUX_SESSION', 'BOTMUX_SESSION_ID'],
  readRecords: createRegisterCollector,
  detectors: [zombieRow],
  cures: new Map([
    ['botmux', 'make the session store readable'],
    ['register', 'make the file readable, or correct its paths in [[registers]]'],
  ]),
};
