// The hands of every outside program that has some, handed to what acts. A new one is a row here.
import type {ActingSource} from '../core/act/acting-source.ts';
import {townHands} from './gastown/town-events.act.ts';
import {herdrControl} from './herdr/herdr-control.act.ts';
import {tmuxControl} from './tmux/tmux-control.act.ts';
import {zellijControl} from './zellij/zellij-control.act.ts';

export const HANDS: readonly ActingSource[] = [{control: tmuxControl}, {control: zellijControl}, {control: herdrControl}, townHands];
