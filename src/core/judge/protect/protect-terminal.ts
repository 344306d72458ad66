// Who holds the terminal of something protected is protected as that is: its end hangs the terminal up. Pure.
import type {Protection} from '../../domain/finding.ts';
import type {Process} from '../../domain/process.ts';
import {isMultiplexerServer} from '../../look/index/program-kinds.ts';
import {namesOf} from '../../look/index/program-of.ts';
import {type ProtectionContext, unless} from './protect-context.ts';
import {editorRules, shellRules} from './protect-people.ts';

/** `sshd: user@pts/1`, `sshd-session: user@notty`: the process that serves one connection; `sshd: … [listener]` serves none. */
const SSH_CONNECTION = /^sshd(?:-session)?: ([^\s@[]+)(?:@(\S+))?(?: \[priv\])?$/;

/**
 * Sessions of terminals that `process` opened for what it started: a child leads a session (setsid(2)) at another terminal than its
 * own, which only the holder of the master's side can have given it (pty(7)).
 */
const terminalsHeldBy = (process: Process, {look}: ProtectionContext): readonly Process[] =>
  (look.children.get(process.pid) ?? [])
    .flatMap(pid => look.processes.get(pid) ?? [])
    .filter(({pid, sid, tty}) => sid === pid && tty !== null && tty !== process.tty);

const sshRule = (process: Process, held: readonly Process[]): Protection | null => {
  const served = SSH_CONNECTION.exec(process.argv[0] ?? '');
  if (served === null || !namesOf(process).some(name => /^sshd(?:-session)?$/.test(name))) {
    return null;
  }
  const [, user, at] = served;
  const tty = held[0]?.tty ?? (at === undefined || at === 'notty' ? null : at);
  return unless(
    'shell',
    tty === null ? `ssh connection of ${user}: what it forwards ends with it` : `ssh login of ${tty}: it would be hung up`,
  );
};

/** Rules of the holder of a terminal: an ssh login, a terminal window, `script`, whatever it is called. */
export const terminalRules = (process: Process, context: ProtectionContext): readonly Protection[] => {
  // A multiplexer’s server is protected by a rule of its own, and its panes by theirs.
  if (isMultiplexerServer(process) || context.look.panes.serverByPid.has(process.pid)) {
    return [];
  }
  const held = terminalsHeldBy(process, context);
  const login = sshRule(process, held);
  if (login !== null) {
    return [login];
  }
  for (const leader of held) {
    for (const member of context.look.treeOf(leader.pid)) {
      const rule = member.sid === leader.sid ? [...shellRules(member, context), ...editorRules(member, context)][0] : undefined;
      if (rule?.unlock != null) {
        return [unless(rule.unlock, `it holds terminal ${leader.tty}, and ${member.pid} would be hung up: ${rule.because}`)];
      }
    }
  }
  return [];
};
