// Every command: what help, completion and the parser know of it. Its code is loaded only when it is called.

import {HOOK_PROGRAMS} from '../guard/hooks/hook-input.ts';
import type {Command} from './command.ts';
import {SCHEMA_NAMES} from './documents/schema-names.ts';
import {ACTING_FLAGS, APPLY_FLAGS, OWN_ACTING_FLAGS} from './flags.ts';
import {KIND_WORDS} from './kinds.ts';
import {NATS_FLAGS} from './remote/nats-flags.ts';
import {SCREEN_FLAGS} from './screen-flags.ts';
import {SHELLS} from './shell-names.ts';

const command = (spec: Pick<Command, 'name' | 'usage' | 'arity' | 'summary' | 'load'> & Partial<Command>): Command => ({
  details: [],
  flags: {},
  words: null,
  names: null,
  ...spec,
});

const REFERENCES = [
  'REF is session:SERVER/NAME, pane:SERVER/%N, process:PID, port:N, agent:RIG/NAME, slot:RIG/SLOT/SERVICE,',
  'rig:NAME, lock:PATH, finding:ID; a number is a process, :N a port, any other word is looked up.',
];

const MACHINES = [
  'MACHINE is a name of [[machines]] in your configuration, or whatever your own ssh takes: a name of its configuration, USER@HOST.',
  'Without one: all of your configuration. rigtop has to be installed there.',
  'nats://HOST[,HOST...] is all machines that publish to that server; tls:// instead insists on TLS.',
];

const ANY = Number.POSITIVE_INFINITY;

export const COMMANDS: readonly Command[] = [
  command({
    name: 'status',
    usage: '[REF... | --machines [MACHINE...]]',
    arity: [0, ANY],
    summary: 'one report of the fleet, or of what the references name',
    details: [
      'With --machines a report of this machine and of others: those of your configuration, or each MACHINE, which is a name of it or',
      'whatever your own ssh takes. 3: one of them could not be looked at.',
    ],
    flags: {
      'fail-on': {
        type: 'string',
        value: 'any|none|KIND,...',
        suggests: ['any', 'none', ...KIND_WORDS],
        summary: 'which findings make the exit code 1 (any)',
      },
      follow: {type: 'boolean', short: 'f', summary: 'go on, a line for every change of what agents do and of what is found'},
      machines: {type: 'boolean', summary: 'of other machines too'},
      interval: SCREEN_FLAGS.interval,
      ...NATS_FLAGS,
    },
    names: 'references',
    load: async () => (await import('./commands/status.ts')).runStatus,
  }),
  command({
    name: 'explain',
    usage: 'REF',
    arity: [1, 1],
    summary: 'why a thing is marked, whose it is, and what stopping it would end',
    details: REFERENCES,
    names: 'references',
    load: async () => (await import('./commands/explain.ts')).runExplain,
  }),
  command({
    name: 'attach',
    usage: 'REF',
    arity: [1, 1],
    summary: 'the session of an agent, a session or a pane in this terminal; read-only where rigtop is',
    details: REFERENCES,
    names: 'references',
    load: async () => (await import('./commands/attach.ts')).runAttach,
  }),
  command({
    name: 'watch',
    usage: '[MACHINE...]',
    arity: [0, ANY],
    summary: 'the screen, read-only, of this machine and of others',
    details: MACHINES,
    flags: {...SCREEN_FLAGS, ...NATS_FLAGS},
    load: async () => (await import('./commands/watch.ts')).runWatch,
  }),
  command({
    name: 'fleet',
    usage: '[MACHINE...]',
    arity: [0, ANY],
    summary: 'the screen of this machine and of others; what is done on another is done there, on this terminal',
    details: MACHINES,
    flags: {...SCREEN_FLAGS, ...NATS_FLAGS},
    load: async () => (await import('./commands/show-fleet.ts')).runFleet,
  }),
  command({
    name: 'locks',
    usage: '[--clean [LOCK...] | acquire|check|release DIR]',
    arity: [0, ANY],
    summary: 'agent locks with verdicts; --clean plans moving the left-over ones aside',
    details: [
      'acquire takes the identity lock of a directory for the calling process, check tells its state (1: something is wrong',
      'with it, 3: it cannot be told), release gives it back. A living holder is never replaced.',
    ],
    words: ['acquire', 'check', 'release'],
    flags: {
      ...ACTING_FLAGS,
      clean: {type: 'boolean', summary: 'move left-over locks aside'},
      deep: {type: 'boolean', summary: 'walk whole towns for locks in unknown places'},
      pid: {type: 'string', value: 'PID', summary: 'whose lock it is to be (the calling process)'},
    },
    load: async () => (await import('./commands/locks.ts')).runLocks,
  }),
  command({
    name: 'kill',
    usage: 'REF...',
    arity: [1, ANY],
    summary: 'stop sessions, agents, services and processes, whole trees',
    details: REFERENCES,
    flags: OWN_ACTING_FLAGS,
    names: 'references',
    load: async () => (await import('./commands/kill.ts')).runKill,
  }),
  command({
    name: 'flush',
    usage: 'SCOPE',
    arity: [1, 1],
    summary: 'end everything that lives in a slot, rig, repository or work tree, or holds its ports',
    details: ['SCOPE is slot:RIG/SLOT, rig:NAME or a directory.'],
    flags: {...OWN_ACTING_FLAGS, docker: {type: 'boolean', summary: 'bring the compose projects of the slot down too, volumes kept'}},
    names: 'scopes',
    load: async () => (await import('./commands/flush.ts')).runFlush,
  }),
  command({
    name: 'restart',
    usage: 'REF',
    arity: [1, 1],
    summary: 'stop it, prove it gone, start it again the proper way',
    details: REFERENCES,
    flags: OWN_ACTING_FLAGS,
    names: 'references',
    load: async () => (await import('./commands/restart.ts')).runRestart,
  }),
  command({
    name: 'cleanup',
    usage: '',
    arity: [0, 0],
    summary: 'a plan over every sure finding that has a remedy',
    flags: {
      ...OWN_ACTING_FLAGS,
      kind: {type: 'string', multiple: true, value: 'KIND', suggests: KIND_WORDS, summary: 'only findings of this kind'},
    },
    load: async () => (await import('./commands/cleanup.ts')).runCleanup,
  }),
  command({
    name: 'apply',
    usage: 'PLAN',
    arity: [1, 1],
    summary: 'carry out a printed plan by its id, while it is valid and the world is unchanged',
    flags: APPLY_FLAGS,
    names: 'plans',
    load: async () => (await import('./commands/apply.ts')).runApply,
  }),
  command({
    name: 'guard',
    usage: 'install|uninstall PROGRAM | check COMMAND',
    arity: [0, ANY],
    summary: 'whom a command of an agent would end, and whether that is its own',
    details: [
      'install shows the change to the settings of an agent program that makes it ask before it runs a command, and makes it after a',
      'yes; uninstall takes it back. PROGRAM is claude, codex, gemini, opencode, qwen, copilot or cursor.',
      'check reads a shell command, runs nothing of it, and says which processes and containers would end.',
      'With --for it is the hook that agent programs ask before they run a command: see docs/guard.md.',
    ],
    words: ['install', 'uninstall', 'check'],
    flags: {
      yes: {type: 'boolean', summary: 'change the settings without asking'},
      uninstall: {type: 'boolean', summary: 'with install: take the change back'},
      for: {
        type: 'string',
        value: 'PROGRAM',
        choices: HOOK_PROGRAMS,
        summary: 'answer on standard output what that program asks on standard input',
      },
    },
    load: async () => (await import('./commands/guard.ts')).runGuard,
  }),
  command({
    name: 'supervise',
    usage: '[status|stop|reload|pause|resume|forget REF]',
    arity: [0, 2],
    summary: 'the same core unattended: observes, and with --act restarts what is kept and cleans up what the policy names',
    details: [
      'What it may do stands in [supervise] of your configuration. Three deaths within half a minute stop all of it until',
      '`rigtop supervise resume`. What is kept comes back when its session is gone, unless a person stopped it through rigtop or said',
      '`rigtop supervise forget REF`. SIGTERM ends it, SIGHUP reads the configuration again, SIGUSR1 looks at once.',
    ],
    words: ['status', 'stop', 'reload', 'pause', 'resume', 'forget'],
    flags: {act: {type: 'boolean', summary: 'act; without it nothing but looking and saying what would be done'}},
    load: async () => (await import('./commands/supervise.ts')).runSupervise,
  }),
  command({
    name: 'mcp',
    usage: '[install|uninstall PROGRAM]',
    arity: [0, 2],
    summary: 'serve agents what they ask for, as MCP tools over stdin and stdout: fleet, port, why, mine, stop_mine',
    details: [
      'install shows the exact change to your own settings of PROGRAM (claude, codex, gemini, qwen, opencode, copilot, cursor) and makes it',
      'after a yes; uninstall takes it back. stop_mine carries plans out only with allow_stop = true under [guard] of your own configuration.',
    ],
    words: ['install', 'uninstall'],
    flags: {
      yes: {type: 'boolean', summary: 'make the change without asking'},
      uninstall: {type: 'boolean', summary: 'with install: take it back'},
    },
    load: async () => (await import('./commands/mcp.ts')).runMcp,
  }),
  command({
    name: 'trust',
    usage: '[DIR]',
    arity: [0, 1],
    summary: 'show what the .rigtop.toml of a project would change, and approve that very file',
    details: [
      'Unapproved, such a file only adds protection, read_only and a theme. Approved, it adds to your configuration and replaces',
      'nothing of it; a file that has changed waits again. Without DIR: the nearest one from the working directory upwards.',
      'Without a terminal nothing is approved unless --yes is given.',
    ],
    flags: {
      yes: {type: 'boolean', summary: 'approve without asking'},
      list: {type: 'boolean', summary: 'what has been approved, and whether it still is what it was'},
      revoke: {type: 'boolean', summary: 'take the approval back'},
    },
    load: async () => (await import('./commands/trust.ts')).runTrust,
  }),
  command({
    name: 'journal',
    usage: '',
    arity: [0, 0],
    summary: 'what rigtop did and what came of it',
    details: ['With --json one JSON object per line, as in the file.'],
    flags: {
      follow: {type: 'boolean', short: 'f', summary: 'wait for more'},
      guard: {type: 'boolean', summary: 'only what agents were refused'},
      since: {type: 'string', value: 'T', summary: 'from then on: a duration back from now, or a time'},
    },
    load: async () => (await import('./commands/journal.ts')).runJournal,
  }),
  command({
    name: 'metrics',
    usage: '',
    arity: [0, 0],
    summary: 'numbers of one look for Prometheus, in its text format',
    details: [
      'What could not be looked at is rigtop_source_known 0, so that an alert tells it from nothing; docs/metrics.md has such alerts.',
      'The exit code is 3 then; what is wrong in the fleet does not change it.',
    ],
    flags: {
      textfile: {
        type: 'string',
        value: 'PATH',
        summary: 'write them to this file, whole or not at all: a .prom for the textfile collector of node_exporter',
      },
    },
    load: async () => (await import('./commands/metrics.ts')).runMetrics,
  }),
  command({
    name: 'publish',
    usage: 'nats://HOST[,HOST...]',
    arity: [1, 1],
    summary: 'sends the looks of this machine to a NATS server, where `watch nats://HOST` reads them',
    details: [
      'For what cannot be reached from outside, and for hundreds: see docs/watch.md, also for the configuration of the server.',
      'Nothing else is sent, and nothing is listened to. It goes on until it is ended, whatever becomes of the server; 4 where that',
      'does not let it. With tls:// instead of nats://, TLS is insisted on.',
    ],
    flags: {
      ...NATS_FLAGS,
      name: {type: 'string', value: 'NAME', summary: 'what this machine is called there (its host name)'},
      interval: SCREEN_FLAGS.interval,
    },
    load: async () => (await import('./commands/publish.ts')).runPublish,
  }),
  command({
    name: 'line',
    usage: '',
    arity: [0, 0],
    summary: 'one short line for a status bar: who needs you, who works, what is wrong',
    details: [
      'Without flags it prints what a running screen or supervisor has left, with its age where that has not looked lately; else it looks.',
      "For tmux: set -g status-right '#(rigtop line)'. A # in it is written ##, as tmux wants it.",
    ],
    load: async () => (await import('./commands/line.ts')).runLine,
  }),
  command({
    name: 'demo',
    usage: '[--shell [-- COMMAND...]]',
    arity: [0, ANY],
    summary: 'a real throw-away fleet with every kind of trouble in it, removed on exit',
    details: [
      'With --shell, instead of the screen: your $SHELL in that fleet, or COMMAND. There `rigtop` sees the demo and nothing else, and',
      'every example of the guide works. What is started in it ends with it. The exit code is that of the shell or COMMAND; without',
      'a terminal the shell reads from stdin.',
    ],
    flags: {...SCREEN_FLAGS, shell: {type: 'boolean', summary: 'a shell in the demo instead of the screen'}},
    load: async () => (await import('./commands/demo.ts')).runDemo,
  }),
  command({
    name: 'doctor',
    usage: '',
    arity: [0, 0],
    summary: 'what rigtop can see and cannot, and how to cure it',
    load: async () => (await import('./commands/doctor.ts')).runDoctor,
  }),
  command({
    name: 'snapshot',
    usage: '',
    arity: [0, 0],
    summary: 'the raw observation as one JSON document, without verdicts',
    details: ['With --follow one line whenever something has changed, the first one whole: what `rigtop watch HOST` reads.'],
    flags: {follow: {type: 'boolean', short: 'f', summary: 'go on, a line for every change'}, interval: SCREEN_FLAGS.interval},
    load: async () => (await import('./commands/print-snapshot.ts')).runSnapshot,
  }),
  command({
    name: 'schema',
    usage: SCHEMA_NAMES.join('|'),
    arity: [1, 1],
    summary: 'the JSON Schema of a document or of the configuration file',
    words: SCHEMA_NAMES,
    load: async () => (await import('./commands/schema.ts')).runSchema,
  }),
  command({
    name: 'completion',
    usage: `[${SHELLS.join('|')}]`,
    arity: [0, 1],
    summary: 'the completion script of a shell',
    details: ['In bash and zsh: `source <(rigtop completion bash)`, or zsh; in fish: `rigtop completion fish | source`.'],
    words: SHELLS,
    flags: {for: {type: 'string', value: 'COMMAND', summary: 'what may stand behind a command now, a word a line: for the scripts'}},
    load: async () => (await import('./commands/completion.ts')).runCompletion,
  }),
  command({
    name: 'help',
    usage: '[COMMAND]',
    arity: [0, 1],
    summary: 'this help, or that of a command',
    load: async () => (await import('./commands/help.ts')).runHelp,
  }),
];
