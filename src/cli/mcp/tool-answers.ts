// Answers of tools as a model gets them. Pure.
import {oneLine} from '../../core/domain/command-line.ts';
import type {ToolAnswer} from './protocol.ts';

/** A model pays for every word of an answer. */
const MOST_TEXT = 12_000;

export const told = (text: string): ToolAnswer => ({
  text: text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}\n… cut` : text,
  failed: false,
});

/** That it was not done, and why, in one line. */
export const failed = (because: string): ToolAnswer => ({text: oneLine(because), failed: true});
