// Checks the [keys] of a configuration against the actions that the screen has.
export {checkKeys} from '../../ui/keymap.ts';
