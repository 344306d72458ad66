// The environment variables that rigtop looks at: an exact list, because everything else in an environment may be a secret. Pure.

/**
 * Names, never patterns: `GT_DSN` or `ECLUSE_DATABASE_URL` fit any pattern that fits the names of the tools' own variables, and what is
 * kept here goes into snapshots, streams and bug reports. A variable that a verdict needs is added by its whole name.
 */
const MARKERS: ReadonlySet<string> = new Set([
  // tmux(1), zellij, herdr: which pane.
  'TMUX',
  'TMUX_PANE',
  'ZELLIJ',
  'ZELLIJ_PANE_ID',
  'ZELLIJ_SESSION_NAME',
  'HERDR_ENV',
  'HERDR_PANE_ID',
  'HERDR_SESSION',
  'HERDR_SOCKET_PATH',
  'HERDR_TAB_ID',
  'HERDR_WORKSPACE_ID',
  // Where a person came from, or the service manager.
  'SSH_CONNECTION',
  'SYSTEMD_EXEC_PID',
  'TERM_PROGRAM',
  'VSCODE_CWD',
  'VSCODE_GIT_ASKPASS_MAIN',
  'VSCODE_GIT_IPC_HANDLE',
  'VSCODE_INJECTION',
  'VSCODE_IPC_HOOK',
  'VSCODE_IPC_HOOK_CLI',
  'VSCODE_PID',
  // What agent programs set for what they start: proof that no person typed it.
  'AI_AGENT',
  'CLAUDECODE',
  'CLAUDE_CODE_CHILD_SESSION',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_SESSION_KIND',
  'CLAUDE_JOB_DIR',
  'CLAUDE_PID',
  'CODEX_CI',
  'CODEX_SANDBOX',
  'CODEX_SANDBOX_NETWORK_DISABLED',
  'CODEX_SESSION_ID',
  'CODEX_THREAD_ID',
  'CURSOR_AGENT',
  'GEMINI_CLI',
  'GOOSE_TERMINAL',
  'OPENCODE',
  'OPENCODE_PID',
  'QWEN_CODE',
  'QWEN_CODE_SESSION_ID',
  // Gas Town and beads: which worker of which rig.
  'BD_ACTOR',
  'BEADS_AGENT_NAME',
  'GT_AGENT',
  'GT_CREW',
  'GT_DOG_NAME',
  'GT_PANE_ID',
  'GT_POLECAT',
  'GT_POLECAT_PATH',
  'GT_PROCESS_NAMES',
  'GT_REFINERY',
  'GT_RIG',
  'GT_ROLE',
  'GT_ROOT',
  'GT_RUN',
  'GT_SESSION',
  'GT_TOWN_ROOT',
  'POLECAT_SLOT',
  // ecluse and botmux: which slot, which row.
  'BOTMUX_SESSION',
  'BOTMUX_SESSION_ID',
  'ECLUSE_MODE',
  'ECLUSE_SLOT',
  'ECLUSE_SLUG',
  // Which port a server is to take, by a convention older than all of these.
  'PORT',
  // rigtop's own demo: which of them.
  'RIGTOP_DEMO',
]);

/** Whether an environment variable may be kept as evidence. */
export const isMarker = (name: string): boolean => MARKERS.has(name);
