// Flags that several commands share. Data, pure.
import type {FlagTable} from './command.ts';
import {SCREEN_FLAGS} from './screen-flags.ts';

export const GLOBAL_FLAGS = {
  config: {type: 'string', value: 'FILE', summary: 'read this configuration file instead of your own'},
  'read-only': {type: 'boolean', summary: 'never act'},
  json: {type: 'boolean', summary: 'print one JSON document (not: metrics, line, completion, help)'},
  town: {type: 'string', multiple: true, value: 'DIR', summary: 'look at this Gas Town workspace too'},
  repo: {type: 'string', multiple: true, value: 'DIR', summary: 'look at the slots of this repository too'},
  socket: {type: 'string', multiple: true, value: 'NAME|PATH', summary: 'look at these tmux servers only'},
  color: {type: 'string', value: 'WHEN', choices: ['auto', 'always', 'never'], summary: 'colour: auto, always or never'},
  help: {type: 'boolean', short: 'h', summary: 'this help'},
} as const satisfies FlagTable;

/** Only without a command. */
export const PROGRAM_FLAGS = {
  ...SCREEN_FLAGS,
  version: {type: 'boolean', short: 'V', summary: 'the version'},
} as const satisfies FlagTable;

export const ACTING_FLAGS = {
  'dry-run': {type: 'boolean', summary: 'show the plan and do nothing (the default without a terminal)'},
  yes: {type: 'boolean', summary: 'carry the plan out without asking'},
  force: {type: 'boolean', summary: 'KILL at once, without TERM and grace'},
  grace: {type: 'string', value: 'DURATION', summary: 'time between TERM and KILL (5s)'},
  unlock: {
    type: 'string',
    multiple: true,
    value: 'RULE',
    choices: ['crew', 'attached', 'shell', 'editor'],
    summary: 'lift one protection: crew, attached, shell or editor',
  },
} as const satisfies FlagTable;

/** Of the commands by which an agent cleans up after itself. */
export const OWN_ACTING_FLAGS = {
  ...ACTING_FLAGS,
  mine: {type: 'boolean', summary: "only what is the calling agent's own: below it, in its slot or its work tree; nothing lifts this"},
} as const satisfies FlagTable;

/** How hard, and what is unlocked, is part of the plan. */
export const APPLY_FLAGS = {
  'dry-run': {type: 'boolean', summary: 'show the plan again and do nothing'},
  yes: {type: 'boolean', summary: 'carry the plan out without asking (the default without a terminal, as its id names what was shown)'},
} as const satisfies FlagTable;
