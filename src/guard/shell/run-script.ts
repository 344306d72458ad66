// Plays a shell script through without running it: every branch that may be taken, loops over what is known, functions and pipes. Pure.
import {
  type AndOr,
  type Case,
  type CommandNode,
  type CompoundCommand,
  type CompoundList,
  type For,
  type If,
  type ParsedScript,
  type Pipeline,
  type PipelineNode,
  parse,
  type Redirected,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type While,
} from 'unbash';
import {known, unknown} from '../../core/domain/known.ts';
import type {Call, Result, Scope, Text} from '../call.ts';
import {answer, NOTHING, OWN_JOB, staying, together, unclear, untilLeft} from '../results.ts';
import {holds, isTaken} from './choices.ts';
import {expandWords, textOf} from './expand-words.ts';
import {expandGlob} from './globs.ts';
import {forgetNames, forgetSums, playInner, playSubscripts, readOf} from './inner-scripts.ts';
import {mayEnd} from './quick-scan.ts';
import {readInput, writeOutput} from './redirect.ts';
import {branchOf, fork, meet, setText} from './scope.ts';
import {type Player, runSimple} from './simple-command.ts';

/** What a coprocess, or a command in `>(…)`, is fed: whatever is written to its descriptor. */
const SENT = unknown('what is sent to it is not known');
const DEEPEST = 12;
const MOST_ROUNDS = 2000;

const tooMuch = (player: Player, scope: Scope, what: string): Result | null => {
  player.base.verdicts.steps -= 1;
  if (player.base.verdicts.steps > 0 && scope.depth <= DEEPEST) {
    return null;
  }
  player.base.verdicts.undecided.set(`${what}\n`, {by: what, because: 'it is too long or too deep to be followed'});
  return unclear('it is too long to be followed');
};

const runStatement = (statement: Statement, scope: Scope, stdin: Text | null, player: Player): Result => {
  const stopped = tooMuch(player, scope, 'the command');
  const run = (where: Scope): Result => runNode(statement.command, where, stdin, player);
  return stopped ?? (statement.background === true ? staying(run({...scope, inLoop: false})) : run(scope));
};

/** The body of a loop that ends, as `run` plays it. */
const inLoop = (scope: Scope, run: () => Result): Result => {
  const before = scope.inLoop;
  scope.inLoop = true;
  const {out} = run();
  scope.inLoop = before;
  return {out, status: null};
};

const runList = (list: {readonly commands: readonly Statement[]}, scope: Scope, stdin: Text | null, player: Player): Result =>
  list.commands.length === 0
    ? NOTHING
    : untilLeft(list.commands, ['round', 'loop'], statement => runStatement(statement, scope, stdin, player));

const withRedirections = (
  redirections: readonly Redirection[],
  scope: Scope,
  stdin: Text | null,
  player: Player,
  run: (input: Text | null) => Result,
): Result => {
  const expander = player.expanderOf(scope);
  const result = run(readInput(redirections, stdin, player.callIn(scope), expander));
  const written = writeOutput(redirections, result, player.callIn(scope), expander);
  // Where a file cannot be opened it does not run, and leaves nothing.
  return redirections.length > 0 ? staying(written) : written;
};

const PIPE_FAIL = /pipe_?fail/i;

const runPipeline = (pipeline: Pipeline, scope: Scope, stdin: Text | null, player: Player): Result => {
  let input = stdin;
  let last: Result = NOTHING;
  let isSure = true;
  for (const [at, command] of pipeline.commands.entries()) {
    isSure &&= at === 0 || last.status === 0;
    last = runNode(command, pipeline.commands.length === 1 ? scope : fork(scope), input, player);
    input = (pipeline.operators[at] === '|&' ? last.both : undefined) ?? last.out;
  }
  if (pipeline.commands.length > 1) {
    // Where the command says so anywhere, the first that fails counts.
    const isLastAlone = last.status !== 0 || isSure || !PIPE_FAIL.test(player.base.verdicts.source);
    last = staying(isLastAlone ? last : {...last, status: null});
  }
  const negated = pipeline.prefixes.filter(({type}) => type === 'Negation').length % 2 === 1;
  return negated && last.status !== null ? {...last, status: last.status === 0 ? 1 : 0} : last;
};

/** Runs it in the scope itself where it is certain, else beside it. */
const perhaps = (isCertain: boolean, scope: Scope, run: (inner: Scope) => Result): Result => {
  if (isCertain) {
    return run(scope);
  }
  const inner = branchOf(scope);
  const result = run(inner);
  meet(scope, [inner]);
  return {out: result.out.known && result.out.value.trim() === '' ? result.out : DEPENDS, status: null};
};

/** What is written on a way that may be taken or not. */
const DEPENDS = unknown('it depends on which way the command goes');

const runAndOr = ({commands, operators}: AndOr, scope: Scope, stdin: Text | null, player: Player): Result => {
  const results: Result[] = [];
  let status: number | null = null;
  for (const [at, command] of commands.entries()) {
    const operator = at === 0 ? null : operators[at - 1];
    const isSkipped = operator !== null && status !== null && (operator === '&&') !== (status === 0);
    if (!isSkipped) {
      const result = perhaps(operator === null || status !== null, scope, inner => runNode(command, inner, stdin, player));
      results.push(result);
      status = result.status;
    }
  }
  return {...together(results), status};
};

const runIf = (node: If, scope: Scope, stdin: Text | null, player: Player): Result => {
  const last = node.else === undefined ? [] : [{clause: null, body: node.else}];
  const branches = [node, ...node.elif].map(branch => ({clause: branch.clause, body: branch.then}));
  const results: Result[] = [];
  let isCertain = true;
  for (const {clause, body} of [...branches, ...last]) {
    const asked = clause === null ? answer('', 0) : perhaps(isCertain, scope, inner => runList(clause, inner, stdin, player));
    results.push(asked);
    if (asked.status !== null && asked.status !== 0) {
      continue;
    }
    results.push(perhaps(isCertain && asked.status === 0, scope, inner => runList(body, inner, stdin, player)));
    if (asked.status === 0 && isCertain) {
      break;
    }
    isCertain = false;
  }
  return {...together(results), status: null};
};

const runFor = (node: For, scope: Scope, stdin: Text | null, player: Player): Result => {
  const values = node.wordlist === undefined ? scope.args : expandWords(node.wordlist, player.expanderOf(scope));
  const result = inLoop(scope, () =>
    untilLeft(values.slice(0, MOST_ROUNDS), ['loop'], value => {
      setText(scope, node.name.value, value);
      return runList(node.body, scope, stdin, player);
    }),
  );
  return values.length > MOST_ROUNDS ? unclear('it goes on for too long') : result;
};

const runWhile = (node: While, scope: Scope, stdin: Text | null, player: Player): Result => {
  const read = readOf(node);
  if (read !== null && stdin?.known === true) {
    const rows = stdin.value.split('\n').filter((line, at, all) => line !== '' || at < all.length - 1);
    return inLoop(scope, () =>
      untilLeft(rows.slice(0, MOST_ROUNDS), ['loop'], row => {
        runNode(read, scope, known(`${row}\n`), player);
        return runList(node.body, scope, known(''), player);
      }),
    );
  }
  const inner = {...branchOf(scope), repeats: true};
  // Twice: what the first round assigns, the second uses.
  const rounds = [1, 2].map(() => {
    runList(node.clause, inner, stdin, player);
    return runList(node.body, inner, stdin, player);
  });
  meet(scope, [inner]);
  return rounds.every(({out}) => out.known && out.value === '') ? NOTHING : unclear('what a loop writes is not followed');
};

const runCase = (node: Case, scope: Scope, stdin: Text | null, player: Player): Result => {
  const expander = player.expanderOf(scope);
  const text = textOf(node.word, expander);
  const results: Result[] = [];
  let isCertain = true;
  // `;&` goes on with the next way whatever its pattern is.
  let fallen: boolean | null = false;
  for (const item of node.items) {
    const taken: boolean | null = fallen === false ? isTaken(text, item, expander) : fallen;
    if (taken === false) {
      continue;
    }
    results.push(perhaps(isCertain && taken === true, scope, inner => runList(item.body, inner, stdin, player)));
    if (taken === true && (item.terminator ?? ';;') === ';;') {
      break;
    }
    fallen = item.terminator === ';&' ? taken : false;
    isCertain &&= taken === true;
  }
  return {...together(results), status: null};
};

const runCompound = (node: CompoundCommand | CompoundList, scope: Scope, stdin: Text | null, player: Player): Result => {
  switch (node.type) {
    case 'If':
      return runIf(node, scope, stdin, player);
    case 'For':
      return runFor(node, scope, stdin, player);
    case 'While':
      return runWhile(node, scope, stdin, player);
    case 'Subshell':
      return staying(runList(node.body, fork(scope), stdin, player));
    case 'BraceGroup':
      return runList(node.body, scope, stdin, player);
    case 'CompoundList':
      return runList(node, scope, stdin, player);
    case 'Case':
      return runCase(node, scope, stdin, player);
    case 'TestCommand': {
      playInnerOf(node, scope, player);
      playSubscripts(node, player.expanderOf(scope));
      const held = holds(node.expression, player.expanderOf(scope));
      return held === null ? NOTHING : answer('', held ? 0 : 1);
    }
    case 'ArithmeticFor':
    case 'Select':
      for (const part of node.type === 'ArithmeticFor' ? [node.initialize, node.test, node.update] : []) {
        playInnerOf(part, scope, player);
        forgetNames(part, scope);
      }
      return perhaps(false, scope, inner => {
        if (node.type === 'Select') {
          setText(inner, node.name.value, unknown('it is chosen while it runs'));
        }
        return runList(node.body, {...inner, repeats: true}, stdin, player);
      });
    default:
      playInnerOf(node, scope, player);
      playSubscripts(node, player.expanderOf(scope));
      forgetSums(node.body, scope);
      return NOTHING;
  }
};

/** Of a test or a sum only the commands in it count. */
const playInnerOf = (node: SyntaxNode | undefined, scope: Scope, player: Player): void => {
  if (node !== undefined) {
    playInner(node, player.expanderOf(scope).substitute);
  }
};

const runNode = (node: PipelineNode | AndOr, scope: Scope, stdin: Text | null, player: Player): Result => {
  switch (node.type) {
    case 'Pipeline':
      return runPipeline(node, scope, stdin, player);
    case 'AndOr':
      return runAndOr(node, scope, stdin, player);
    case 'Command':
      return withRedirections(node.redirects, scope, stdin, player, input => runSimple(node, scope, input, player));
    case 'Redirected':
      return withRedirections(node.redirects, scope, stdin, player, input => runCompound(node.command, scope, input, player));
    case 'Function':
      scope.functions.set(node.name.value, node.body);
      return NOTHING;
    case 'Coproc':
      setText(scope, `${node.name?.value ?? 'COPROC'}_PID`, known(OWN_JOB));
      return staying(runBody(node.body, {...scope, inLoop: false}, SENT, player));
    default:
      return runCompound(node, scope, stdin, player);
  }
};

const runBody = (body: CommandNode | Redirected | CompoundList, scope: Scope, stdin: Text | null, player: Player): Result =>
  body.type === 'CompoundList' ? runCompound(body, scope, stdin, player) : runNode(body, scope, stdin, player);

const runParsed = (script: ParsedScript, scope: Scope, stdin: Text | null, player: Player): Result => runList(script, scope, stdin, player);

/** Text that does not parse is undecided where it could end something; else it is an error of the shell that ends nothing. */
const runText = (text: string, scope: Scope, stdin: Text | null, player: Player): Result => {
  const script = parse(text);
  player.base.verdicts.source += `${text}\n`;
  const inner = {...scope, inLoop: false, depth: scope.depth + 1};
  const result = tooMuch(player, inner, 'the command') ?? staying(runParsed(script, inner, stdin, player));
  scope.cwd = inner.cwd;
  const [error] = script.errors ?? [];
  if (error !== undefined && mayEnd(text)) {
    player.base.verdicts.undecided.set(`syntax\n${error.message}`, {
      by: 'the command',
      because: `it does not read as shell: ${error.message}`,
    });
  }
  return result;
};

/** Play shell text. What it comes to is in the verdicts of the base. */
export const playScript = (text: string, scope: Scope, base: Pick<Call, 'facts' | 'caller' | 'verdicts'>): Result => {
  const player: Player = {
    base,
    runText: (inner, where, stdin) => runText(inner, where, stdin, player),
    runBody: (body, where, stdin) => runBody(body as CommandNode, where, stdin, player),
    callIn: where => player.callFor({name: 'sh', args: [], stdin: null, scope: where, shown: 'the command'}),
    callFor: call => ({
      ...call,
      ...base,
      run: (words, stdin, where = call.scope) => staying(runSimple({words}, where, stdin, player)),
      runText: (inner, where, stdin) => runText(inner, where, stdin, player),
    }),
    expanderOf: where => ({
      scope: where,
      caller: base.caller,
      substitute: (script, isFed = false) =>
        script === undefined ? unknown('a substitution is not followed') : runParsed(script, fork(where), isFed ? SENT : null, player).out,
      glob: pattern => expandGlob(pattern, player.callIn(where)),
    }),
  };
  const result = runText(text, scope, null, player);
  for (const run of [...base.verdicts.traps].flatMap(traps => [...traps.values()])) {
    run();
  }
  return result;
};
