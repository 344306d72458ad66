// What a person's own configuration contributes: the slots of `[[rigs]]`.
import type {Source} from '../../core/source.ts';
import {configuredSlots} from './configured-slots.ts';

export const configured: Source = {name: 'config', ...configuredSlots};
