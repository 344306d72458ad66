// Whether a command could end anything at all, by its words alone and before anything is loaded or looked at. Pure.
import {isPlain} from './plain-command.ts';

/** Programs and words without which no command that the guard knows ends anything. */
const ENDING =
  /kill|fuser|skill|slay|snice|stop|down|quit|delete|remove|\brm\b|prune|restart|terminate|halt|reboot|poweroff|bootout|shutdown|dispose|reset|respawn|send-keys|\bC-[cd]\b|cgroup|sysrq|dropdb|base64|xxd|\bprlimit\b|\bgdb\b|--kill|\bexit\b|signal|clean|pause|--replace|recreate|orphans|freeze|isolate|compose\b.*\b(?:up|create|watch)\b|\brmi\b|\bsystemctl\b.*\b(?:start|reload|now|sleep|switch-root)\b|\bs6-svc\b|\bsvc\b|\bsv\b|\bhelm\b|\bswarm\b|\binit\s+[016]|\bposix_spawn|suspend|hibernate|kexec|rescue|emergency|destroy|drain|scale|nuke|\bpm2\b|\bscreen\b|\bzellij\b|drop\s+database|force-reload|cancel_backend|(?:window|[kew]w|\bss)\b.*\s-[a-z]*k/i;

/** What runs text that stands elsewhere: package scripts, build files, scripts. */
const RUNS_FILES =
  /\b(?:npm|pnpm|yarn|bun|run-s|run-p|npm-run-all|concurrently|make|gmake|just|task|source|eval|sh|bash|dash|zsh|ksh)\b|(?:^|[\s;&|(])\.{1,2}\/|(?:^|[;&|\s])\.\s|\.sh\b|\$'|(?:^|[;&|(\n])\s*[^\s=;&|]*\//;

/** A name that is put together where a command begins: `${p}ill`. */
const COMPOSED = /(?:^|[;&|({\n]|\b(?:then|do|else|if|while|until)\s|!\s)\s*[\w./-]*[$`]/;

/** Quotes and backslashes join what they part: `p"k"ill`, and so do the signs of other languages between quotes: `'ki' + 'll'`. */
const plain = (command: string): string => command.replace(/(["'])\s*[+.]\s*\1|\\\n|["'\\]/g, '');

/** False: it ends nothing, whatever it does. True: it has to be read. */
export const mayEnd = (command: string): boolean => {
  const text = plain(command);
  return (ENDING.test(text) || RUNS_FILES.test(command) || COMPOSED.test(text)) && !isPlain(command);
};
