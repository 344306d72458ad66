// Programs that keep others running, and are told to end them. Pure.
import type {Call, Program, Result} from '../call.ts';
import {end, NOTHING, processesOf, undecided} from '../results.ts';
import {runThrough} from './run-through.ts';

/** Everything of everybody. */
export const endAll = (call: Call): Result => {
  const table = processesOf(call);
  if (!table.known) {
    return undecided(call, table.because);
  }
  end({...call, scope: {...call.scope, isRoot: true}}, table.value.keys());
  return NOTHING;
};

/** `reboot`, `shutdown now`: everything of everybody. */
export const endMachine: Program = call =>
  call.args.some(arg => arg.known && /^-(?:c|-help|-version)$/.test(arg.value)) ? NOTHING : endAll(call);

interface Orders {
  readonly words: RegExp;
  readonly because: string;
}

const SHARED = 'it asks another program to end what that looks after, and whose that is cannot be told';

/** Programs by the words with which they end something that only they know. */
const ORDERS: ReadonlyMap<string, Orders> = new Map<string, Orders>(
  (
    [
      ['zellij', /\baction\s+(?:close-|quit)|\bkill-(?:all-sessions|session)\b|\bdelete-(?:all-sessions|session)\b|\bka\b|\bk\b|\bda\b/],
      ['screen', /-X\s+(?:\S+\s+)*(?:quit|kill|stuff)|-wipe/],
      ['herdr', /\b(?:server stop|kill|close|stop)\b/],
      ['service', /\b(?:stop|restart|force-reload)\b/],
      ['rc-service', /\b(?:stop|restart)\b/],
      ['initctl', /\b(?:stop|restart)\b/],
      ['launchctl', /\b(?:bootout|kill|stop|unload|remove|kickstart -k)\b/],
      ['brew', /\bservices\s+(?:stop|restart|kill)\b/],
      ['loginctl', /\b(?:terminate|kill)-/],
      ['machinectl', /\b(?:terminate|kill|poweroff|reboot)\b/],
      ['supervisorctl', /\b(?:stop|restart|shutdown|reload|signal)\b/],
      ['forever', /\b(?:stop|stopall|restart|restartall)\b/],
      ['overmind', /\b(?:kill|stop|quit|restart)\b/],
      ['process-compose', /\b(?:down|stop|restart)\b/],
      ['hivemind', /\bstop\b/],
      ['pitchfork', /\b(?:stop|kill|restart|disable)\b/],
      ['mise', /\bdaemons?\s+(?:stop|restart|kill)\b/],
      ['portless', /\b(?:stop|--force)\b|\bproxy\s+stop\b/],
      ['claude', /\bdaemon\s+stop\b|^\s*(?:stop|kill|rm|respawn)\b/],
      ['codex', /\bdaemon\s+(?:stop|restart|update)\b/],
      ['gt', /\b(?:down|shutdown|stop|nuke)\b/],
      ['gc', /\b(?:stop|down)\b/],
      ['ecluse', /\b(?:down|stop|rm|remove)\b/],
      ['bd', /\bdaemons?\s+(?:stop|kill|restart)\b/],
      ['dolt', /\bsql-server\s+.*stop\b|\bkill\b/],
      ['nx', /\breset\b|\bdaemon\s+--stop\b/],
      ['turbo', /\bdaemon\s+(?:stop|restart|clean)\b/],
      ['gradle', /--stop\b/],
      ['gradlew', /--stop\b/],
      ['bazel', /\bshutdown\b|\bclean\s+--expunge\b/],
      ['bazelisk', /\bshutdown\b/],
      ['buck2', /\bkill/],
      ['watchman', /\bshutdown-server\b/],
      ['adb', /\bkill-server\b/],
      ['emulator', /\bkill\b/],
      ['redis-cli', /\bshutdown\b/i],
      ['pg_ctl', /\b(?:stop|restart|kill)\b/],
      ['pg_ctlcluster', /\b(?:stop|restart)\b/],
      ['psql', /\\!.*\b(?:kill|pkill)|pg_(?:terminate|cancel)_backend|drop\s+database/i],
      ['dropdb', /./],
      ['mysqladmin', /\b(?:shutdown|kill)\b/],
      ['mongod', /--shutdown\b/],
      ['mongosh', /shutdownServer/],
      ['rabbitmqctl', /\b(?:stop|shutdown)/],
      ['nginx', /-s\s*(?:stop|quit)\b/],
      ['apachectl', /\b(?:stop|graceful-stop|restart)\b/],
      ['caddy', /\bstop\b/],
      ['kubectl', /\b(?:delete|drain|scale|replace\s.*--force|rollout\s+(?:restart|undo))\b|\bexec\b.*\bkill/],
      ['minikube', /\b(?:stop|delete|pause)\b/],
      ['kind', /\bdelete\b/],
      ['vagrant', /\b(?:halt|destroy|suspend)\b/],
      ['colima', /\b(?:stop|delete|kill)\b/],
      ['limactl', /\b(?:stop|delete)\b/],
      ['supabase', /\bstop\b/],
      ['ollama', /\bstop\b/],
      ['taskkill', /./],
      ['taskkill.exe', /./],
      ['wmic', /\b(?:delete|terminate)\b/],
      ['powershell', /Stop-Process|\bkill\b/i],
      ['pwsh', /Stop-Process|\bkill\b/i],
      ['Stop-Process', /./],
      ['fly', /\b(?:stop|destroy)\b/],
      ['curl', /\/(?:shutdown|quitquitquit|instance\/dispose)\b/],
      ['gdb', /\bkill\b|\bexit\s*\(|\bsignal\b/],
      ['start-stop-daemon', /--st?o?p?\b|(?:^|\s)-\w*K/],
      ['invoke-rc.d', /\b(?:stop|restart|force-reload)\b/],
      ['sv', /\b(?:stop|down|exit|restart|kill|term|force-\w+|d|t|k)\b/],
      ['s6-svc', /\s?-\w*[dkrtx]/],
      ['svc', /\s?-\w*[dkrtx]/],
      ['dinitctl', /\b(?:stop|restart)\b/],
      ['monit', /\b(?:stop|restart)\b/],
      ['orb', /\b(?:stop|delete|restart)\b/],
      ['orbctl', /\b(?:stop|delete|restart)\b/],
      ['multipass', /\b(?:stop|delete|restart|suspend)\b/],
      ['lxc', /\b(?:stop|delete|restart|pause)\b|\bkill/],
      ['incus', /\b(?:stop|delete|restart|pause)\b|\bkill/],
      ['virsh', /\b(?:destroy|shutdown|reboot|suspend|reset)\b/],
      ['k3d', /\b(?:stop|delete)\b/],
      ['helm', /^(?!.*--dry-run).*\b(?:uninstall|delete|rollback)\b/],
      ['tilt', /\bdown\b/],
      ['ddev', /\b(?:stop|poweroff|restart|delete)\b/],
      ['lando', /\b(?:stop|poweroff|restart|destroy)\b/],
      ['devcontainer', /\b(?:down|stop)\b/],
      ['localstack', /\b(?:stop|restart)\b/],
      ['wezterm', /\bkill-/],
      ['kitty', /\b(?:close|signal)-/],
      ['tmuxp', /\bkill\b/],
      ['emacs', /signal-process|\b(?:pkill|killall|kill\s+-?\d)/],
      ['emacsclient', /kill-emacs|signal-process|\b(?:pkill|killall|kill\s+-?\d)/],
      ['busctl', /\b(?:Stop|Kill|Restart|Terminate|PowerOff|Reboot)/],
      ['dbus-send', /\b(?:Stop|Kill|Restart|Terminate|PowerOff|Reboot)/],
      ['gdbus', /\b(?:Stop|Kill|Restart|Terminate|PowerOff|Reboot)/],
      ['crictl', /\b(?:stop|rm|rmp|stopp)\b/],
      ['ctr', /\bkill\b|\brm\b/],
    ] as const
  ).map(([name, words]) => [name, {words, because: SHARED}]),
);

/** An order to one of those; null for any other program. */
export const orderedEnd = (name: string): Program | null => {
  const orders = ORDERS.get(name);
  return orders === undefined
    ? null
    : call => {
        const text = call.args.map(arg => (arg.known ? arg.value : '')).join(' ');
        return orders.words.test(text) ? undecided(call, orders.because) : runThrough(call);
      };
};
