// What acts, with the hands of every outside program: for the commands and screens that may act.
import {createPerform} from '../../core/act/perform.ts';
import type {MakePerform} from '../../core/engine.ts';
import {HANDS} from '../../sources/hands.act.ts';

export const performWithHands: MakePerform = parts => createPerform({...parts, acting: HANDS});
