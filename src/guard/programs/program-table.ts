// Every program whose ways the guard knows, by name. Pure.
import type {Program} from '../call.ts';
import {NOTHING, unclear, undecided} from '../results.ts';
import {build} from './build-files.ts';
import {commandOption, playValues} from './command-options.ts';
import {containers, standaloneCompose} from './containers.ts';
import {copied} from './copied-files.ts';
import {fkill, fuser, killPort, netstat, ss, treeKill} from './holders-of-ports.ts';
import {interpreterNamed} from './interpreters.ts';
import {deno, node} from './javascript-runtimes.ts';
import {everyone, kill} from './kill-program.ts';
import {ps} from './list-processes.ts';
import {lsof} from './lsof.ts';
import {killall, pidof} from './match-names.ts';
import {pgrep, pkill} from './match-processes.ts';
import {packageProgram, packageRunner} from './package-scripts.ts';
import {awk, count, grep} from './pattern-filters.ts';
import {pm2} from './pm2.ts';
import {pwdx, readLink} from './process-links.ts';
import {runnerNamed} from './runners.ts';
import {concurrently, npmRunAll, workspaceTasks} from './script-groups.ts';
import {sed} from './sed.ts';
import {shell} from './shells.ts';
import {endMachine, orderedEnd} from './supervisors.ts';
import {systemctl} from './systemd.ts';
import {task} from './taskfile.ts';
import {TEXT_FILTERS} from './text-filters.ts';
import {tmux} from './tmux.ts';
import {WRAPPERS} from './wrappers.ts';
import {xargs} from './xargs.ts';

const isTmuxSocket = /\/tmux-\d+(?:\/|$)/;

/** Removing a socket makes its server unreachable: its sessions live on, and nobody gets at them. */
const remove: Program = call =>
  call.args.some(arg => arg.known && isTmuxSocket.test(arg.value))
    ? undecided(call, 'without its socket a tmux server cannot be reached any more')
    : unclear('what rm writes is not known');

/** It says nothing unless it is asked to. */
const silent: Program = ({name, args}) =>
  args.some(arg => arg.known && /^-\w*[vc]|^--(?:verbose|changes|help|version)/.test(arg.value))
    ? unclear(`what ${name} writes is not known`)
    : NOTHING;

const COMPRESSES = commandOption('(?!)', 'compress-program');

/** What it is told to compress with runs as well. */
const sort: Program = call => {
  playValues(call, COMPRESSES);
  return TEXT_FILTERS.get('sort')?.(call) ?? NOTHING;
};

const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...TEXT_FILTERS,
  ['sort', sort],
  ...WRAPPERS,
  ...['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'mksh'].map((name): [string, Program] => [name, shell]),
  ['xargs', xargs],
  ['pkill', pkill],
  ['pgrep', pgrep],
  ['killall', killall],
  ['pidof', pidof],
  ['kill', kill],
  ['skill', everyone],
  ['slay', everyone],
  ['killall5', everyone],
  ['lsof', lsof],
  ['fuser', fuser],
  ['ss', ss],
  ['netstat', netstat],
  ['kill-port', killPort],
  ['kill-port-process', killPort],
  ['fkill', fkill],
  ['fkill-cli', fkill],
  ['tree-kill', treeKill],
  ['ps', ps],
  ['grep', grep],
  ['egrep', grep],
  ['fgrep', grep],
  ['rg', grep],
  ['awk', awk],
  ['gawk', awk],
  ['mawk', awk],
  ['nawk', awk],
  ['original-awk', awk],
  ['sed', sed],
  ['wc', count],
  ['tmux', tmux],
  ['docker', containers],
  ['podman', containers],
  ['nerdctl', containers],
  ['docker-compose', standaloneCompose],
  ['podman-compose', standaloneCompose],
  ['pm2', pm2],
  ['systemctl', systemctl],
  ['reboot', endMachine],
  ['shutdown', endMachine],
  ['poweroff', endMachine],
  ['halt', endMachine],
  ['telinit', endMachine],
  ['npm', packageRunner],
  ['pnpm', packageRunner],
  ['yarn', packageRunner],
  ['bun', packageRunner],
  ['node', node],
  ['nodejs', node],
  ['deno', deno],
  ['turbo', workspaceTasks],
  ['lerna', workspaceTasks],
  ['npx', packageProgram],
  ['bunx', packageProgram],
  ['pnpx', packageProgram],
  ['make', build],
  ['gmake', build],
  ['just', build],
  ['task', task],
  ['go-task', task],
  ...['npm-run-all', 'npm-run-all2', 'run-s', 'run-p'].map((name): [string, Program] => [name, npmRunAll]),
  ['concurrently', concurrently],
  ['conc', concurrently],
  ...['cp', 'mv', 'ln', 'install'].map((name): [string, Program] => [name, copied]),
  ['readlink', readLink],
  ['realpath', readLink],
  ['pwdx', pwdx],
  ...['sleep', 'mkdir', 'rmdir', 'touch', 'chmod', 'chown', 'sync'].map((name): [string, Program] => [name, silent]),
  ['rm', remove],
  ['unlink', remove],
]);

export const programNamed = (name: string): Program | null =>
  PROGRAMS.get(name) ?? orderedEnd(name) ?? interpreterNamed(name) ?? runnerNamed(name);
