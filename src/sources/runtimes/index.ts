// What agent programs contribute of themselves: sessions, daemons, jobs and ports that they record.
import type {Source} from '../../core/source.ts';
import {createRuntimeCollector} from './read/runtime-collector.ts';

export const runtimes: Source = {name: 'runtimes', readRecords: createRuntimeCollector};
