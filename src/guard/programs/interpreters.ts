// Text of other languages that plainly ends processes: undecided, never guessed. Pure.
import {known, unknown} from '../../core/domain/known.ts';
import {baseName} from '../../core/domain/paths.ts';
import type {Call, Program, Text} from '../call.ts';
import {ANYWHERE, fileOf, make, NOT_FOLLOWED, pathOf, unclear, undecided} from '../results.ts';

/** Calls by which languages signal processes, or hand a signal to what does. */
const SIGNALS =
  /\bos\.kill(?:pg)?\s*(?:\(|;|$)|\bfrom\s+os\s+import\s[^\n;]*\bkill|\bprocess\.kill\s*[.(]|\b(?:pskill|signal-process)\b|\bpsutil\b[\s\S]*\b(?:kill|terminate|suspend|send_signal)\s*\(|\bProcess\.kill\b|\bposix_kill\b|\bpidfd_send_signal\b|\bgetattr\s*\([^()]*['"]kill(?:pg)?['"]|(?:\b|_)(?:spawn|exec|system|run|call|Popen|popen|execSync|check_call|cmd)\w*\s*\(?(?:\s*[\w.]+\s*,)?\s*\[?['"`](?:sudo\s+)?(?:\/\S*\/)?kill\b|\bTerminateProcess\b|\bkill\s*\(\s*-?\d|\[\s*['"]kill['"]\s*\]|(?:(?:require|import)\s*\(|\b(?:from|import)\s)\s*['"](?:tree-kill|kill-port|fkill)\b/;

/** What makes a text more than text: it runs programs. Of languages with backquotes and `open` for that, nearly any word may. */
const RUNS =
  /subprocess|child_process|spawn|popen|\bexec\w*\s*\(|\bsystem\s*[('"`]|\bfrom\s+os\s+import|\bgetattr\b|__import__|importlib|execa\b|\bzx\b|shelljs|tinyexec|node-pty|\bBun\b|\bDeno\b|\$`|pexpect|plumbum|\binvoke\b|\bfabric\b|\b(?:from|import)\s+sh\b|\bpty\b|\bget_ipython\b|(?:^|\n)\s*!\s*\w|\bgetoutput\b/i;
const RUNS_LOOSELY = /system|exec|`|\bqx|open|spawn|%x|\brun\b|cmd|shell/i;
const STRICT = new Set(['python', 'node', 'bun', 'deno']);

/** Programs that end others, in a text or a list of words for one that runs them. */
const ENDING =
  /\b(?:pkill|killall|taskkill|tree-kill|kill-port|fkill|skill)\b|\bfuser\b[^;&|\n]*-\w*k\b|\b(?:tmux|screen|zellij)['"]?[\s,[]+['"]?kill|\bxargs\b[^;&|\n]*\bkill\b|(?:[;&|(`]|\b(?:then|do|else|sudo|exec)\b)\s*kill\s+[^=\s]|['"`]kill\s+(?:-|[$%`{]|['"`]\s*[+.,%])|['"`]\/(?:usr\/)?bin\/kill\b|\bkill\s+['"]?(?:-?\d|-?[A-Z]{3,}|[$@])|(?:['"`\s;&|])(?:systemctl\s+stop|pm2\s+(?:delete|kill|stop)|docker\s+(?:stop|kill|rm))\b/;

/** Options behind which text stands, or in whose own word it does; what may stand before the letter takes no value. */
const TEXT_OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['python', /^-[bBdEhiIOPqsSuvx]*c([\s\S]*)$/],
  ['node', /^(?:-e|-p|-pe|--eval|--print)(?:=([\s\S]*))?$/],
  ['bun', /^(?:-e|-p|--eval|--print)(?:=([\s\S]*))?$/],
  ['deno', /^eval$/],
  ['perl', /^-[acfhlnpsStTuUvwWX0-9]*[eE]([\s\S]*)$/],
  ['ruby', /^-[alnpsSvwW0-9]*e([\s\S]*)$/],
  ['php', /^(?:-r|--run=?)([\s\S]*)$/],
  ['julia', /^(?:-[eE]|--eval=?)([\s\S]*)$/],
  ['Rscript', /^-e([\s\S]*)$/],
  ['elixir', /^(?:-e|--eval)$/],
  ['erl', /^-eval$/],
  ['groovy', /^-e$/],
  ['guile', /^-c$/],
  ['ghc', /^-e$/],
  ['lua', /^-e([\s\S]*)$/],
  ['osascript', /^-e$/],
]);

const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['python3', 'python'],
  ['python2', 'python'],
  ['nodejs', 'node'],
  ['tsx', 'node'],
  ['ts-node', 'node'],
  ['luajit', 'lua'],
  ['ipython', 'python'],
  ['ipython3', 'python'],
  ['pypy', 'python'],
  ['pypy3', 'python'],
]);

const languageOf = (name: string): string => LANGUAGES.get(name) ?? (/^python3?\.\d+$/.test(name) ? 'python' : name);

export const SCRIPT = /\.(?:py|[cm]?[jt]sx?|rb|pl|php|lua)$/;

/** Options with a value in the next word. */
const VALUES = /^(?:-[rWXPCI]|--(?:require|import|loader|experimental-loader|env-file|conditions|project|tsconfig|config|input-type))$/;
/** Of these the value is a script as well. */
const PRELOADS = /^(?:-r|--require|--import)$/;

/** The script and those that are loaded before it. */
const scriptsIn = (words: readonly string[]): readonly string[] => {
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-m') {
      return [...found, `${words[at + 1]?.replaceAll('.', '/')}.py`];
    }
    if (VALUES.test(word)) {
      at += 1;
      found.push(...(PRELOADS.test(word) && /^\.|\//.test(words[at] ?? '') ? [words[at] ?? ''] : []));
    } else if (!/^-.|^(?:run|watch)$/.test(word)) {
      return word === '-' ? found : [...found, word];
    }
  }
  return found;
};

/** A script's text; node finds one without its ending, too. */
const scriptText = (call: Call, script: string): string | null => {
  for (const name of SCRIPT.test(script) || !/^(?:node|nodejs|bun)$/.test(call.name) ? [script] : [script, `${script}.js`]) {
    const path = pathOf(call.scope, name);
    const text = path.known ? fileOf(call, path.value) : path;
    if (text.known && text.value !== null) {
      return text.value;
    }
  }
  return null;
};

/** Text in the arguments, from small scripts beside the project, or fed in. */
const textOf = (call: Call, option: RegExp): Text | null => {
  const texts = call.args.flatMap((arg, at) => {
    const [found, own] = (arg.known && option.exec(arg.value)) || [];
    const behind = own || (found !== undefined && call.args[at + 1]);
    return typeof behind === 'string' ? [known(behind)] : [behind || []].flat();
  });
  if (texts.length > 0) {
    return texts.find(text => !text.known) ?? known(texts.map(text => (text.known ? text.value : '')).join('\n'));
  }
  const scripts = scriptsIn(call.args.map(arg => (arg.known ? arg.value : '?')));
  if (scripts.length === 0) {
    return call.stdin;
  }
  const read = scripts.flatMap(script => scriptText(call, script) ?? []);
  return read.length === 0 ? null : known(read.join('\n'));
};

/** Regular expressions of perl are no calls: `print if /kill -9/`. */
const PATTERN = /(?:\b(?:if|unless|and|or|grep)\s+|=~\s*|[({]\s*|\b(?:m|s|qr)(?=\/)|^\s*)\/(?:[^/\\\n]|\\.)*\//g;

/** A child that the text itself has started, and the process itself. */
const OF_ITS_OWN =
  /\b(?:process|os)\.kill(?:pg)?\s*\(\s*(?:-?\s*(\w+)\.pid\b|os\.getpgid\(\s*(\w+)\.pid\s*\)|os\.getpid\(\)|[^,()]*,\s*0\s*\))/g;

const withoutOwn = (text: string): string =>
  text.replace(OF_ITS_OWN, (whole, child?: string, leader?: string) => {
    const name = child ?? leader;
    const isOwn =
      name === undefined ||
      name === 'process' ||
      new RegExp(`\\b${name}\\s*=\\s*(?:await\\s+)?(?:[\\w.]|\\(['"][\\w:/]+['"]\\))*\\b(?:spawn|fork|exec\\w*|Popen)\\s*\\(`).test(text);
    return isOwn ? '' : whole;
  });

/** Texts in quotes that are put together where they stand: `'ki' + 'll'`. */
const asOne = (text: string): string => text.replace(/(["'])\s*[+.]\s*\1/g, '');

/** Asking whether somebody lives. */
const ASKS = /\bkill\s*\(?\s*(?:0|['"](?:ZERO|0)['"])\s*(?:,|=>)/g;

/** Perl, which takes a signal's name or number without a bracket. */
const PERL_SIGNALS = /\bkill\s*\(|\bkill\s+['"]?(?:-?\d|-?[A-Z]{3,}|[$@])/;

type Ends = 'yes' | 'named' | 'no';

/** `named`: programs that end others stand in it, and it runs none: it writes about them. */
const endsIn = (language: string, written: string): Ends => {
  const whole = asOne(written);
  const text = language === 'perl' ? whole.replace(PATTERN, ' ').replace(ASKS, ' ') : withoutOwn(whole);
  if (SIGNALS.test(text) || (!STRICT.has(language) && PERL_SIGNALS.test(text))) {
    return 'yes';
  }
  if (!ENDING.test(text)) {
    return 'no';
  }
  return (STRICT.has(language) ? RUNS : RUNS_LOOSELY).test(whole) ? 'yes' : 'named';
};

/** Files that a text names, as far as they can be run. */
const FILE = /[\w-]+\.(?:sh|bash|zsh|py|rb|pl|[cm]?[jt]s|mk|json)\b|\b(?:[Mm]akefile|justfile)\b/g;

/** What a text of another language writes about ending others may stand in any of its files afterwards, wherever these lie. */
const rewritten = (call: Call, text: string): void => {
  const words = call.args.flatMap(arg => (arg.known && !/[\s'"]/.test(arg.value) ? [arg.value] : []));
  for (const name of [...(text.match(FILE) ?? []), ...words]) {
    make(call.scope, `${ANYWHERE}/${baseName(name)}`, () => unknown(`what ${call.name} makes of ${name} ${NOT_FOLLOWED}`));
  }
};

export const interpreterNamed = (name: string): Program | null => {
  const option = TEXT_OPTIONS.get(languageOf(name));
  return option === undefined
    ? null
    : call => {
        const text = textOf(call, option);
        // Of a text that is not known as a whole, what stands in the command counts.
        const written = text?.known === true ? text.value : call.verdicts.source;
        const ends = text === null ? 'no' : endsIn(languageOf(name), written);
        if (ends === 'yes' || (ends === 'named' && text?.known !== true)) {
          return undecided(call, `what the ${name} text ends is not followed`);
        }
        if (ends === 'named') {
          rewritten(call, written);
        }
        return unclear(`what ${name} writes is not known`);
      };
};
