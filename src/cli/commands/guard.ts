// rigtop guard: whom a command of an agent would end, and whether that is its own; for people, and as the hook of agent programs.
import type {Process} from '../../core/domain/process.ts';
import {processRef} from '../../core/domain/reference.ts';
import {realFiles} from '../../core/os/files.ts';
import {homeDirectory} from '../../core/os/whereabouts.ts';
import {isHookProgram} from '../../guard/hooks/hook-input.ts';
import type {Weighed} from '../../guard/weigh.ts';
import {describeEndings, type Victim} from '../../words/describe-guard.ts';
import {changeSettings, leftOf} from '../agent-settings/change-settings.ts';
import {type GuardCommand, guardEntry} from '../agent-settings/guard-entry.ts';
import {settingsProgram} from '../agent-settings/programs.ts';
import type {CommandAnswer, Invocation} from '../command.ts';
import {jsonLine} from '../documents/json-text.ts';
import {EXIT} from '../exit-codes.ts';
import {isFailure, wrongUsage} from '../failure.ts';
import {judgeCommand} from '../guard/judge-command.ts';

const victim = ({process, container, by, ports, own}: Victim) => ({
  ...endedOf(process, container),
  by,
  ports,
  own: own.own,
  because: own.because,
});

const endedOf = (process: Process | null, container: Victim['container']) =>
  process === null
    ? {container: container?.name ?? '', engine: container?.engine ?? ''}
    : {ref: processRef(process.pid), pid: process.pid, startTime: process.startTime};

const documentOf = (command: string, {verdict, others, own, undecided}: Weighed) => ({
  schema: 'rigtop/guard@1',
  command,
  decision: verdict.decision,
  reason: verdict.decision === 'allow' ? null : verdict.reason,
  ends: [...others, ...own].map(victim),
  undecided,
});

/** A person waits for an answer. */
const PATIENCE_MS = 10_000;

/** `rigtop guard check 'pkill -f vite'`: nothing is run. */
const check = async ({io, flags}: Invocation, words: readonly string[]): Promise<CommandAnswer> => {
  const command = words.join(' ');
  const judged = await judgeCommand(
    {command, cwd: io.cwd, home: homeDirectory(io.env), env: io.env, program: null, conversation: null},
    PATIENCE_MS,
  );
  const lines = describeEndings([...judged.others, ...judged.own], judged.undecided);
  io.out(flags.json ? jsonLine(documentOf(command, judged)) : lines.map(line => `${line}\n`).join(''));
  return EXIT.done;
};

const runAsHook = async (program: string): Promise<CommandAnswer> => {
  const {runHook} = await import('../guard/run-hook.ts');
  return isHookProgram(program) ? runHook(program) : EXIT.incomplete;
};

/** The running program: of a checkout or of an installed package. */
const ownCommand = async (): Promise<GuardCommand> => {
  const started = process.argv[1] ?? '';
  const real = await realFiles.realPath(started);
  return {node: process.execPath, script: real.state === 'ok' ? real.value : started};
};

/** `rigtop guard install claude`: shown, and made after a yes. */
const changeHook = async (invocation: Invocation, verb: 'install' | 'uninstall', name: string): Promise<CommandAnswer> => {
  const {io} = invocation;
  const program = settingsProgram(name);
  if (isFailure(program)) {
    return program;
  }
  const home = homeDirectory(io.env);
  const entry = guardEntry(program, {home, env: io.env}, await ownCommand());
  const {file, remains} = entry;
  return verb === 'install'
    ? changeSettings(invocation, {
        file,
        edit: entry.set,
        goesWith: null,
        home,
        done: [`${program} asks rigtop before it runs a command.`, ...(remains === null ? [] : [remains])].join(' '),
        already: `${program} asks rigtop already.`,
      })
    : changeSettings(invocation, {
        file,
        edit: entry.remove,
        goesWith: leftOf(entry),
        home,
        done: `${program} asks rigtop no more.`,
        already: `${program} does not ask rigtop.`,
      });
};

export const runGuard = (invocation: Invocation): Promise<CommandAnswer> => {
  const [verb = '', ...words] = invocation.args;
  const program = invocation.options.text('for');
  if (program !== undefined) {
    return runAsHook(program);
  }
  if (verb === 'install' || verb === 'uninstall') {
    return changeHook(invocation, invocation.options.isSet('uninstall') ? 'uninstall' : verb, words[0] ?? '');
  }
  return verb === 'check' && words.length > 0
    ? check(invocation, words)
    : Promise.resolve(wrongUsage(`rigtop guard does not know ${verb || 'what to do'}`, 'rigtop guard --help says what it does'));
};
