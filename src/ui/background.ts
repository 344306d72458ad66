// Whether the terminal is dark or light: asked of it once (OSC 11), else taken from COLORFGBG. What it answers late is no input.
import type {Environment} from './theme.ts';

export type Ground = 'dark' | 'light';

const ASK = '\u001b]11;?\u001b\\';
const ANSWER = /\u001b\]11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})(?:\/[\da-f]{1,4})?(?:\u0007|\u001b\\)/i;
const ANSWER_BEGINS = '\u001b]11;';
const ANSWER_ENDS = /\u0007|\u001b\\/;

/** How long a terminal may take: the first frame waits for it. It is asked before the screen is loaded, which takes as long. */
const PATIENCE_MS = 100;

/** Half of full light, as the eye weighs red, green and blue (ITU-R BT.601). */
const HALF = 0.5;

/** What a terminal answered, `rgb:RRRR/GGGG/BBBB` of one to four digits each; null where there is no whole answer in the text. */
export const readAnswer = (text: string): Ground | null => {
  const found = ANSWER.exec(text);
  if (found === null) {
    return null;
  }
  const [red = 0, green = 0, blue = 0] = found.slice(1, 4).map(digits => Number.parseInt(digits, 16) / (16 ** digits.length - 1));
  return 0.299 * red + 0.587 * green + 0.114 * blue > HALF ? 'light' : 'dark';
};

/** rxvt's `15;0` or `15;default;0`: the last is the background, by its number among sixteen. Null where that says nothing. */
export const readColorFgBg = (value: string | undefined): Ground | null => {
  const last = /(?:^|;)(\d{1,2})$/.exec(value ?? '')?.[1];
  if (last === undefined || Number(last) > 15) {
    return null;
  }
  return Number(last) === 7 || Number(last) >= 9 ? 'light' : 'dark';
};

/** These print what they do not understand, or have no background that could be asked for. */
const cannotAnswer = (term: string | undefined): boolean => term === undefined || /^(dumb|linux|vt\d|ansi)/.test(term);

type Input = Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'unshift' | 'pause'>;

/** Asks once and waits a moment. What else was typed meanwhile is put back for whoever reads next. */
const ask = (input: Input, output: Pick<NodeJS.WriteStream, 'write'>): Promise<Ground | null> =>
  new Promise(resolve => {
    let read = '';
    let isOver = false;
    const end = (ground: Ground | null): void => {
      if (isOver) {
        return;
      }
      isOver = true;
      clearTimeout(timer);
      input.off('data', onData);
      input.pause();
      input.setRawMode(false);
      const rest = read.replace(ANSWER, '');
      if (rest !== '') {
        input.unshift(Buffer.from(rest, 'latin1'));
      }
      resolve(ground);
    };
    // One character for each byte, so that what is put back is what came.
    const onData = (chunk: Buffer | string): void => {
      read += typeof chunk === 'string' ? Buffer.from(chunk).toString('latin1') : chunk.toString('latin1');
      const ground = readAnswer(read);
      if (ground !== null) {
        end(ground);
      }
    };
    // What came while the thread was at work is read behind the timers, and before what is immediate.
    const timer = setTimeout(() => setImmediate(() => end(null)), PATIENCE_MS);
    // Raw before asking: in line mode the terminal would echo its own answer.
    input.setRawMode(true);
    input.on('data', onData);
    output.write(ASK);
  });

/** Dark or light, by the terminal itself, else by COLORFGBG, else dark. */
export const findGround = async (input: Input, output: NodeJS.WriteStream, env: Environment): Promise<Ground> => {
  const answered = !input.isTTY || !output.isTTY || cannotAnswer(env.TERM) ? null : await ask(input, output);
  return answered ?? readColorFgBg(env.COLORFGBG) ?? 'dark';
};

/** Tells chunks of an answer that came too late: their letters would be taken for keys. */
export const createLateAnswer = (): ((chunk: string) => boolean) => {
  let open = false;
  return chunk => {
    const begins = chunk.indexOf(ANSWER_BEGINS);
    if (!open && begins === -1) {
      return false;
    }
    open = !ANSWER_ENDS.test(open ? chunk : chunk.slice(begins + ANSWER_BEGINS.length));
    return true;
  };
};
