// Programs that own what runs below them: editors, supervisors, terminal multiplexers; and the processes that orphans are handed to. Pure.
import type {ProcessMap} from '../../domain/forest.ts';
import type {Process} from '../../domain/process.ts';
import {isShellName, namesOf, plainName, rememberedOfProgram, scriptOf} from './program-of.ts';

/** Editors that a terminal shows. */
const TERMINAL_EDITORS = new Set(
  'vi vim nvim view vimdiff nano pico emacs emacs-nox emacsclient kak hx helix micro joe mcedit ed'.split(' '),
);

const WINDOW_EDITORS = new Set(
  `gvim emacs-gtk code code-insiders
  code-server code-tunnel codium vscodium cursor windsurf zed zed-editor subl sublime_text idea idea64 pycharm webstorm goland clion
  rider phpstorm rubymine rustrover gedit kate lapce positron trae`.split(/\s+/),
);

/** Directories of editors' remote servers and extensions: whatever runs from there is the editor's. */
const EDITOR_PATHS =
  /\/\.?(?:vscode-server|vscode-insiders-server|cursor-server|windsurf-server|vscodium-server|trae-server|zed_server)\/|\/\.(?:vscode|vscode-insiders|cursor|windsurf|trae)\/extensions\/|\/(?:Visual Studio Code|Cursor|Windsurf|Zed)[^/]*\.app\/|JetBrains|\/\.?jetbrains/;

const LANGUAGE_SERVERS =
  /^(?:.*-(?:language-?server|langserver|lsp|lsp-server)|.*language_server.*|(?:language|ls)-server|tsserver(?:\.js)?|gopls|rust-analyzer|pyright|pyright-langserver|basedpyright.*|pylsp|jedi-language-server|clangd|ccls|jdtls|solargraph|ruby-lsp|zls|hls|eslintServer(?:\.js)?|ty|pylance.*)$/;

/** Whether a program is an editor that a terminal shows: a person looks at it and types into it. */
export const isTerminalEditor = (process: Pick<Process, 'comm' | 'argv'>): boolean =>
  namesOf(process).some(name => TERMINAL_EDITORS.has(name));

/** The name by which a program is an editor itself, not what one runs; null where it is none. */
export const ownEditorName = (process: Pick<Process, 'comm' | 'argv'>): string | null =>
  namesOf(process).find(name => TERMINAL_EDITORS.has(name) || WINDOW_EDITORS.has(name)) ?? null;

/** An editor by name, by the directory it runs from, or a program that an editor talks to over pipes. */
export const editorName = rememberedOfProgram((process): string | null => {
  const named = ownEditorName(process);
  if (named !== null) {
    return named;
  }
  // Extensions and SDKs drive an agent by both stream options at once; no person types that.
  const streams = process.argv.filter(word => word.startsWith('stream-json') || /^--(?:in|out)put-format=stream-json$/.test(word)).length;
  if (streams >= 2) {
    return 'a program that drives it over pipes (stream-json in and out)';
  }
  return process.argv.slice(0, 3).some(word => EDITOR_PATHS.test(word)) ? 'an editor’s own directory' : null;
});

/** The name of a language server, or null. */
export const languageServerName = rememberedOfProgram((process): string | null => {
  const script = scriptOf(process.argv);
  return [...namesOf(process), ...(script === null ? [] : [script.name])].find(name => LANGUAGE_SERVERS.test(name)) ?? null;
});

const SUPERVISORS =
  /^(?:sshd(?:-.*)?|dropbear|cron|crond|atd|anacron|fcron|supervisord|circusd|monit|runsv|runsvdir|s6-.*|perpd|daemontools|svscan|pm2.*|PM2 .*|forever|containerd|containerd-shim.*|dockerd|docker|docker-init|podman|conmon|tini|dumb-init|catatonit|lxc-start|systemd-nspawn|machined|buildkite-agent|gitlab-runner|Runner\.(?:Worker|Listener)|actions-runner|jenkins.*|gnome-terminal.*|konsole|xterm|uxterm|rxvt.*|urxvt.*|alacritty|kitty|foot|ghostty|wezterm.*|terminator|tilix|xfce4-terminal|mate-terminal|lxterminal|iTerm.*|Terminal|login|mosh-server|ttyd|gotty|sshx|Relay\(.*|SessionLeader|botmux.*|openclaw.*|rigtop)$/;

/** Who keeps programs running on purpose: a scheduler, a container's shim, a terminal emulator, an ssh login. */
export const supervisorName = rememberedOfProgram((process): string | null => {
  const script = scriptOf(process.argv);
  const title = process.argv[0]?.split(':')[0] ?? '';
  return [...namesOf(process), title, ...(script === null ? [] : [script.name])].find(name => SUPERVISORS.test(name)) ?? null;
});

const CONTAINER_PROXIES =
  /^(?:docker-proxy|dockerd|com\.docker\.backe(?:nd)?|rootlessport|rootlessport-chi?l?d?|slirp4netns|pasta|pasta\.avx2|passt|passt\.avx2|conmon|netavark|aardvark-dns|gvproxy|vpnkit|rootlesskit|rootlesskit-docker-proxy)$/;

/** Whether a program holds published ports of containers in the host's table, or the network that they need. */
export const publishesContainer = (process: Pick<Process, 'comm' | 'argv'>): boolean =>
  namesOf(process).some(name => CONTAINER_PROXIES.test(name));

/**
 * Whether systemd itself started this process as a unit: it tells the process its own pid (systemd.exec(5), SYSTEMD_EXEC_PID). Whatever
 * else its environment says was imported into the manager by somebody (systemctl(1), import-environment), and says nothing about it.
 */
export const isSystemdUnit = ({pid, env}: Pick<Process, 'pid' | 'env'>): boolean => env.known && env.value.SYSTEMD_EXEC_PID === String(pid);

const MULTIPLEXERS = new Set(['tmux', 'zellij', 'herdr', 'zmx', 'screen', 'SCREEN', 'dtach', 'abduco', 'tmate', 'shpool']);

/** A terminal multiplexer, server or client, by the word of its source or by name. */
export const multiplexerName = (process: Pick<Process, 'comm' | 'argv' | 'serves'>): string | null => {
  if (process.serves !== undefined) {
    return process.serves;
  }
  if (process.comm.startsWith('tmux')) {
    return 'tmux';
  }
  return namesOf(process).find(name => MULTIPLEXERS.has(name)) ?? null;
};

/**
 * Whether a process serves terminals to others. tmux names its server `tmux: server` where it can set a title; elsewhere the
 * server is the one without a terminal that leads its own session. Its argv is that of whoever started it first.
 */
export const isMultiplexerServer = (process: Pick<Process, 'comm' | 'argv' | 'pid' | 'sid' | 'tty' | 'serves'>): boolean => {
  // zellij's server forks twice, so it leads no session of its own (setsid(2)): its source tells it by its arguments.
  if (process.comm === 'tmux: server' || process.serves !== undefined) {
    return true;
  }
  return process.comm !== 'tmux: client' && process.tty === null && process.sid === process.pid && multiplexerName(process) !== null;
};

/**
 * Who adopts a process whose parent ends: pid 1, or a user's systemd (a subreaper, prctl(2) PR_SET_CHILD_SUBREAPER). The reaper
 * of a container is pid 1 inside it; seen from outside it has a shim above, which is a supervisor.
 */
export const reaperName = (process: Pick<Process, 'pid' | 'ppid' | 'comm' | 'argv'>): string | null => {
  if (process.pid === 1) {
    return `init (${process.comm})`;
  }
  if (plainName(process.comm) === 'systemd' && process.argv.includes('--user')) {
    return `systemd --user ${process.pid}`;
  }
  // WSL: every session has an `init` of its own below pid 1.
  return process.comm === 'init' && process.ppid <= 1 ? `init ${process.pid}` : null;
};

/** Options of shells whose value is the next word: `bash --rcfile FILE` (nix develop, editors), `zsh -o OPTION`, `fish -C COMMAND`, `nu --config FILE`. */
const SHELL_VALUES = /^(?:--(?:rcfile|init-file|init-command|config|env-config|plugin-config|profile|features|debug-output)|[-+][oO]|-C)$/;

/** What stands on a shell’s command line without the values of its options, and whether it is to stay after a command that it was given. */
const operandsOfShell = (words: readonly string[]): readonly string[] => words.filter((_, at) => !SHELL_VALUES.test(words[at - 1] ?? ''));

/** A shell that reads commands from a person: no script, no `-c`; `pwsh -NoExit` and `nu -e` read on after theirs. */
export const isInteractiveShell = (process: Pick<Process, 'comm' | 'argv' | 'tty'>): boolean => {
  const [first = process.comm, ...rest] = process.argv;
  if (process.tty === null || !isShellName(plainName(first))) {
    return false;
  }
  return (
    rest.some(word => /^-noexit$/i.test(word) || word === '--execute' || (word === '-e' && plainName(first) === 'nu')) ||
    operandsOfShell(rest).every(word => /^[-+]/.test(word) && !/^-[a-z]*c$/.test(word))
  );
};

/** What a process says of itself and its parent about its unit (see `unitFinder`); undefined: what is above it says. */
const ownUnit = (processes: ProcessMap, pid: number): Process | null | undefined => {
  const process = processes.get(pid);
  if (process === undefined || isInteractiveShell(process) || isMultiplexerServer(process) || supervisorName(process) !== null) {
    return null;
  }
  const parent = processes.get(process.ppid);
  if (parent === undefined || reaperName(parent) === null) {
    return undefined;
  }
  return isSystemdUnit(process) ? process : null;
};

/**
 * Finds the process of a unit in whose care another one is: itself, or the one below systemd that it comes from. Null where a person's shell,
 * a multiplexer, a terminal emulator or another supervisor stands between: what is typed in a window does not come back with the window.
 * Each process is walked over once.
 */
export const unitFinder = (processes: ProcessMap): ((pid: number) => Process | null) => {
  const units = new Map<number, Process | null>();
  return pid => {
    const walked = new Set<number>();
    let current = pid;
    while (!units.has(current) && !walked.has(current)) {
      walked.add(current);
      const unit = ownUnit(processes, current);
      if (unit === undefined) {
        current = processes.get(current)?.ppid ?? 0;
      } else {
        units.set(current, unit);
      }
    }
    const unit = units.get(current) ?? null;
    for (const each of walked) {
      units.set(each, unit);
    }
    return unit;
  };
};
