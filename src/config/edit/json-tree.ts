// JSON as settings files hold it, with comments and trailing commas, read into values that know where they stand in the text. Pure.

/** A value and the part of the text that it is: from `start` up to `end`. */
export interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  /** Of an object, in the order of the text. A name that stands twice counts as its last. */
  readonly members?: readonly JsonMember[];
  /** Of an array. */
  readonly items?: readonly JsonNode[];
}

export interface JsonMember {
  readonly name: string;
  readonly start: number;
  readonly node: JsonNode;
}

/** Where and why a text is no JSON. */
class Fault extends Error {}

/** Deeper than any settings file. */
const DEEPEST = 200;
const BLANK = /(?:[\s\uFEFF]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const WORD = /-?\d[\d.eE+-]*|[a-z]+/y;

const matchAt = (pattern: RegExp, text: string, at: number): string | null => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
};

/** Where the next thing stands that is neither blank nor comment. */
export const skipBlank = (text: string, at: number): number => at + (matchAt(BLANK, text, at) ?? '').length;

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length;

const expected = (text: string, at: number, what: string, cause?: unknown): Fault =>
  new Fault(`${what} is expected in line ${lineAt(text, at)}`, {cause});

const readScalar = (text: string, start: number): JsonNode => {
  const raw = matchAt(STRING, text, start) ?? matchAt(WORD, text, start);
  try {
    return {start, end: start + (raw ?? '').length, value: JSON.parse(raw ?? '')};
  } catch (error) {
    throw expected(text, start, 'a value', error);
  }
};

/** What stands between brackets, each read by `readOne`, up to `close`; the position behind that. */
const readList = <T>(
  text: string,
  start: number,
  close: string,
  readOne: (at: number) => {readonly thing: T; readonly end: number},
): {readonly things: readonly T[]; readonly end: number} => {
  const things: T[] = [];
  let at = skipBlank(text, start + 1);
  while (text[at] !== close) {
    const {thing, end} = readOne(at);
    things.push(thing);
    at = skipBlank(text, end);
    if (text[at] === ',') {
      at = skipBlank(text, at + 1);
    } else if (text[at] !== close) {
      throw expected(text, at, `"," or "${close}"`);
    }
  }
  return {things, end: at + 1};
};

const readNode = (text: string, start: number, depth: number): JsonNode => {
  if (depth > DEEPEST) {
    throw new Fault('it is nested too deeply');
  }
  if (text[start] === '{') {
    const {things, end} = readList(text, start, '}', at => readMember(text, at, depth));
    return {start, end, value: Object.fromEntries(things.map(({name, node}) => [name, node.value])), members: things};
  }
  if (text[start] === '[') {
    const {things, end} = readList(text, start, ']', at => {
      const node = readNode(text, at, depth + 1);
      return {thing: node, end: node.end};
    });
    return {start, end, value: things.map(({value}) => value), items: things};
  }
  return readScalar(text, start);
};

const readMember = (text: string, start: number, depth: number): {readonly thing: JsonMember; readonly end: number} => {
  const name = readScalar(text, start);
  const colon = skipBlank(text, name.end);
  if (typeof name.value !== 'string' || text[colon] !== ':') {
    throw expected(text, start, 'a name and ":"');
  }
  const node = readNode(text, skipBlank(text, colon + 1), depth + 1);
  return {thing: {name: name.value, start, node}, end: node.end};
};

/** The whole text as one value; or why it is none, in words that name the line. */
export const readJsonTree = (text: string): JsonNode | {readonly fault: string} => {
  try {
    const node = readNode(text, skipBlank(text, 0), 0);
    const end = skipBlank(text, node.end);
    return end === text.length ? node : {fault: `something stands behind its end in line ${lineAt(text, end)}`};
  } catch (error) {
    if (error instanceof Fault) {
      return {fault: error.message};
    }
    throw error;
  }
};
