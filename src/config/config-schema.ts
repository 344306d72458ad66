// The one definition of the configuration file: types, validation and the published JSON Schema. Pure; costs the load of zod.
import * as z from 'zod';
import {machineNameTrouble} from '../core/domain/machine-name.ts';
import {LEAST_CONFIRM_GAP_MS} from './defaults.ts';
import {DURATION, parseDuration} from './durations.ts';
import {LONGEST_DAYS, LONGEST_MS, LONGEST_WORD, MOST, MOST_SLOT_SERVICES} from './limits.ts';
import {placeholdersIn} from './placeholders.ts';
import {slotServices} from './slot-services.ts';

const HIGHEST_PORT = 65_535;

const duration = (leastMs: number, least: string) =>
  z
    .string({error: 'expected a duration such as "500ms", "2s" or "1m"'})
    .regex(DURATION, 'expected a duration such as "500ms", "2s" or "1m"')
    .refine(text => (parseDuration(text) ?? leastMs) >= leastMs, `must be at least ${least}`)
    .refine(text => (parseDuration(text) ?? 0) <= LONGEST_MS, `must be at most ${LONGEST_DAYS}d`);

const word = z
  .string()
  .min(1, 'must not be empty')
  .max(LONGEST_WORD)
  .refine(text => !text.includes('\u0000'), 'must not contain a NUL byte');
const words = z.array(word).max(MOST.words);
const patterns = z.array(word).max(MOST.patterns);
const name = word.regex(/^[^/\s:]+$/, 'must be one word without "/", ":" or spaces');

const pattern = (allowed: readonly string[]) =>
  word.superRefine((text, context) => {
    for (const placeholder of placeholdersIn(text)) {
      if (!allowed.includes(placeholder)) {
        context.addIssue({
          code: 'custom',
          message: `unknown placeholder {${placeholder}}: ${allowed.map(known => `{${known}}`).join(', ')} can be used`,
        });
      }
    }
  });

const service = z.strictObject({
  name: name.describe('Name of the service, as in slot:RIG/SLOT/SERVICE'),
  base_port: z.int().min(1).max(HIGHEST_PORT).describe('Port of slot 0; slot N has base_port + N × slot_stride'),
  command: pattern(['rig', 'slot', 'service', 'port'])
    .optional()
    .describe('How restart starts it; placeholders {rig}, {slot}, {service}, {port}'),
});

const firstRepeated = (names: readonly string[]): number => {
  const seen = new Set<string>();
  return names.findIndex(name => seen.size === seen.add(name).size);
};

const rig = z
  .strictObject({
    name: name.describe('Name of the rig'),
    path: word.describe('Main work tree; its other work trees are looked for here and with git'),
    session: pattern(['rig', 'slot']).optional().describe('Names of its tmux sessions; placeholders {rig}, {slot}'),
    slots: z.int().min(0).max(10_000).optional().describe('Highest slot (default 0: no slots beside the main work tree)'),
    slot_stride: z.int().min(1).max(HIGHEST_PORT).optional().describe('Ports between one slot and the next (default 1)'),
    services: z.array(service).max(MOST.services).optional().describe('What listens in each slot'),
  })
  .superRefine((rig, context) => {
    const services = rig.services ?? [];
    const repeated = firstRepeated(services.map(service => service.name));
    if (repeated >= 0) {
      context.addIssue({code: 'custom', path: ['services', repeated, 'name'], message: 'this rig has a service of that name already'});
    }
    for (const [index, service] of services.entries()) {
      const highest = service.base_port + (rig.slots ?? 0) * (rig.slot_stride ?? 1);
      if (highest > HIGHEST_PORT) {
        const message = `slot ${rig.slots} would need port ${highest}; ports end at ${HIGHEST_PORT}`;
        context.addIssue({code: 'custom', path: ['services', index, 'base_port'], message});
      }
    }
  });

/** Index of the first rig that makes it too much, or -1. */
const firstTooMany = (rigs: readonly Parameters<typeof slotServices>[0][]): number => {
  let sum = 0;
  return rigs.findIndex(rig => {
    sum += slotServices(rig);
    return sum > MOST_SLOT_SERVICES;
  });
};

/** What may be ended without a person: only things that are proven to have no owner left. */
const CLEANABLE = ['orphan-process', 'orphan-helper', 'orphan-session', 'orphan-daemon'] as const;

/** Stores that rigtop reads by itself; `record:STORE/ID` must say which one is meant. */
const BUILT_IN_STORES: readonly string[] = ['botmux', 'ecluse', 'compose'];
const keyPath = word.regex(/^[^.]+(?:\.[^.]+)*$/, 'must be keys joined by dots, such as "tmux.session"');

const register = z.strictObject({
  name: name
    .refine(text => !BUILT_IN_STORES.includes(text), `must not be one of ${BUILT_IN_STORES.join(', ')}`)
    .describe('Name of the store, as in record:NAME/ID'),
  file: word.describe('Its JSON file; ~ is the home directory'),
  list: keyPath.optional().describe('Where its rows are, an array or an object of records (default: the whole file)'),
  id: keyPath.describe('Where a row has its id'),
  session: keyPath.describe('Where a row has the name of its session'),
  status: keyPath.describe('Where a row has its status'),
  active: words.min(1, 'must name at least one status').optional().describe('Statuses whose session should be there (default ["active"])'),
  updated: keyPath
    .optional()
    .describe('Where a row has the time of its last use (ISO text, seconds or milliseconds); without it no verdict about a row is sure'),
  multiplexer: word.optional().describe('What its sessions are of: tmux (the default), zellij, herdr'),
  close: z
    .array(pattern(['id']))
    .min(1, 'must name a program')
    .max(MOST.words)
    .optional()
    .describe('Its own command that closes a row, {id} for the id: shown, never run'),
});

/** `{name}` stands for the machine in every word of it. */
const argv = z
  .array(pattern(['name']))
  .min(1, 'must name a program')
  .max(MOST.words);

const machineName = word.superRefine((text, context) => {
  const trouble = machineNameTrouble(text);
  if (trouble !== null) {
    context.addIssue({code: 'custom', message: trouble});
  }
});

const machine = z
  .strictObject({
    name: machineName.optional().describe('Name of one machine; without `via` it is whatever your own ssh takes'),
    from: words
      .min(1, 'must name a program')
      .optional()
      .describe('In place of `name`: program and arguments that print names of machines, one a line; never a shell'),
    every: duration(10_000, '10s').optional().describe('Time between two runs of `from` (default 5m)'),
    via: argv
      .optional()
      .describe('Program and arguments that run what follows there, {name} for the name; never a shell (default: your own ssh)'),
    terminal: argv.optional().describe('The same for what needs a terminal there (default: `via` with `-it` in place of `-i`)'),
  })
  .superRefine(({name, from, every, via, terminal}, context) => {
    const wrong = (key: string | null, message: string): void =>
      context.addIssue({code: 'custom', path: key === null ? [] : [key], message});
    if ((name === undefined) === (from === undefined)) {
      wrong(name === undefined ? null : 'from', 'either `name` or `from` is needed');
    }
    if (name !== undefined && every !== undefined) {
      wrong('every', 'is for `from` only');
    }
    if (from !== undefined && via?.every(each => !each.includes('{name}')) === true) {
      wrong('via', 'must have {name} in it: all names of `from` go through it');
    }
    if (via === undefined && terminal !== undefined) {
      wrong('terminal', 'is for `via` only');
    }
  });

const place = z.strictObject({path: word.describe('Directory; ~ is the home directory')});

export const THEME_NAMES = ['dark', 'light', 'high-contrast', 'mono', 'colour-blind'] as const;

/** A configuration file. Every key is optional: files are merged key by key, and defaults fill the rest. */
export const configSchema = z.strictObject({
  interval: duration(100, '100ms').optional().describe('Time between two looks (default 2s)'),
  read_only: z.boolean().optional().describe('Never act (default false)'),
  thresholds: z
    .strictObject({
      orphan_min_age: duration(0, '0s').optional().describe('Younger processes are never called orphans (default 60s)'),
      confirm_gap: duration(LEAST_CONFIRM_GAP_MS, `${LEAST_CONFIRM_GAP_MS}ms`)
        .optional()
        .describe('Time between the two looks that a sure "missing" needs (default and least 500ms)'),
      term_grace: duration(0, '0s').optional().describe('Time between TERM and KILL (default 5s)'),
    })
    .optional()
    .describe('Times that verdicts and actions rest on'),
  protect: z
    .strictObject({
      sessions: patterns.optional().describe('Globs over session names'),
      commands: patterns.optional().describe('Globs over command lines'),
      paths: patterns.optional().describe('Directories and globs over working directories'),
    })
    .optional()
    .describe('Never touched, on top of the built-in rules. Lists of several files add up'),
  towns: z.array(place).max(MOST.towns).optional().describe('Gas Town workspaces, besides those that are found'),
  repos: z.array(place).max(MOST.places).optional().describe('Repositories with an .ecluse.toml, besides those that are found'),
  rigs: z
    .array(rig)
    .max(MOST.places)
    .superRefine((rigs, context) => {
      const many = firstTooMany(rigs);
      if (many >= 0) {
        const message = `the rigs up to this one have more than ${MOST_SLOT_SERVICES} services in all their slots`;
        context.addIssue({code: 'custom', path: [many, 'slots'], message});
      }
      const repeated = firstRepeated(rigs.map(rig => rig.name));
      if (repeated >= 0) {
        context.addIssue({code: 'custom', path: [repeated, 'name'], message: 'another rig has that name already'});
      }
    })
    .optional()
    .describe('Projects that no other tool describes'),
  machines: z
    .array(machine)
    .max(MOST.machines)
    .superRefine((machines, context) => {
      const named = machines.flatMap(({name: own}, at) => (own === undefined ? [] : [{own, at}]));
      const repeated = named[firstRepeated(named.map(({own}) => own))];
      if (repeated !== undefined) {
        context.addIssue({code: 'custom', path: [repeated.at, 'name'], message: 'another machine has that name already'});
      }
    })
    .optional()
    .describe('Other machines that rigtop fleet, watch and status --machines show; only in your own file'),
  registers: z
    .array(register)
    .max(MOST.registers)
    .superRefine((registers, context) => {
      const repeated = firstRepeated(registers.map(each => each.name));
      if (repeated >= 0) {
        context.addIssue({code: 'custom', path: [repeated, 'name'], message: 'another register has that name already'});
      }
    })
    .optional()
    .describe('Files in which other tools record their sessions'),
  runtimes: z
    .record(
      name,
      z.strictObject({
        process_names: words.min(1, 'must name at least one program').describe('Names of the program'),
        scripts: words.optional().describe('Names of its script when node, bun or python runs it'),
        args: words.optional().describe('It counts only with at least one of these on its command line'),
      }),
    )
    .refine(runtimes => Object.keys(runtimes).length <= MOST.runtimes, `must have at most ${MOST.runtimes} entries`)
    .optional()
    .describe('More agent programs'),
  supervise: z
    .strictObject({
      interval: duration(1_000, '1s').optional().describe('Time between two rounds (default 30s)'),
      keep: patterns.optional().describe('References, with *, of what is restarted when provably crashed'),
      notify: words.optional().describe('Program and arguments that are run for every note, with JSON on standard input'),
      cleanup: z
        .strictObject({
          kinds: z
            .array(z.enum(CLEANABLE))
            .min(1, 'must name at least one kind')
            .max(CLEANABLE.length)
            .describe('Kinds of findings that may be ended'),
          min_age: duration(60_000, '1m').optional().describe('How long a finding must have been sure (default 1h)'),
          per_hour: z.int().min(1).max(100).optional().describe('Most roots in any hour (default 5)'),
        })
        .optional()
        .describe('Unattended clean-up of proven leftovers; off without this'),
    })
    .optional()
    .describe('rigtop supervise'),
  notify: z
    .strictObject({
      bell: z.boolean().optional().describe('Ring the bell of the terminal that the screen is in (default false)'),
      command: words.optional().describe('Program and arguments that are run for each, with one JSON object on standard input'),
    })
    .optional()
    .describe(
      'Who is told of agents that ask, have finished, have crashed or were denied a command, while a screen is open or rigtop supervise runs; only in your own file',
    ),
  guard: z
    .strictObject({
      allow_stop: z
        .boolean()
        .optional()
        .describe('Whether agents may stop what is their own by the tool stop_mine of rigtop mcp (default false)'),
      undecided: z
        .enum(['ask', 'deny'])
        .optional()
        .describe(
          'What becomes of a command of which it cannot be told whom it would end: a person is asked (the default), or it is denied',
        ),
    })
    .optional()
    .describe('What agents may end; only in your own file'),
  keys: z
    .record(word, words)
    .refine(keys => Object.keys(keys).length <= MOST.actions, `must have at most ${MOST.actions} entries`)
    .optional()
    .describe('Keys per action of the screen; an empty list unbinds'),
  theme: z
    .strictObject({name: z.enum(THEME_NAMES).optional().describe('Colours (default: dark or light, as the terminal’s background is)')})
    .optional(),
});

export type ConfigFile = z.infer<typeof configSchema>;
