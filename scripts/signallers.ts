// Files that send signals, each with whom it signals. Pure data: whoever is not in here does not.
export const SIGNALLERS: ReadonlyMap<string, string> = new Map([
  ['src/core/os/signal.ts', 'a target of a plan: checks its identity and the rules that nothing lifts in the same turn'],
  ['src/core/os/real-hands.ts', 'gives the system call to signal.ts, and calls it nowhere else'],
  [
    'src/core/os/signal-own.ts',
    'a supervisor of one’s own, found by its lock: only a process of this user that was started as `rigtop supervise`',
  ],
  ['src/core/os/line-program.ts', 'its own child, the ssh to another machine'],
  ['src/core/os/terminal-program.ts', 'rigtop itself, to stop with the terminal given back'],
  ['src/demo/own-processes.ts', 'processes of a demo, told by the marker in their environment'],
]);
