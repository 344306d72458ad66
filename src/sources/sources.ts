// Every outside program that rigtop knows, in the order in which what they tell is listed. A new one is a folder and a row here.
import {markersOf} from '../core/domain/markers.ts';
import type {Source} from '../core/source.ts';
import {configured} from './configured/index.ts';
import {ecluse} from './ecluse/index.ts';
import {gastown} from './gastown/index.ts';
import {herdr} from './herdr/index.ts';
import {registers} from './registers/index.ts';
import {runtimes} from './runtimes/index.ts';
import {tmux} from './tmux/index.ts';
import {zellij} from './zellij/index.ts';

export const SOURCES: readonly Source[] = [tmux, zellij, herdr, gastown, ecluse, configured, registers, runtimes];

/** The environment variables that they look at, and everybody’s. */
export const MARKERS: ReadonlySet<string> = markersOf(SOURCES);
