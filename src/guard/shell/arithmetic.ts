// Sums of a shell with whole numbers and the variables that hold some: `$((3000 + i))`. Pure.

const TOKEN = /\s*(\d+|[A-Za-z_]\w*|[-+*/%()])/y;

const tokensOf = (text: string): readonly string[] | null => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) {
      return null;
    }
    tokens.push(token);
  }
  return tokens;
};

const LEVELS: readonly ReadonlyMap<string, (a: number, b: number) => number>[] = [
  new Map([
    ['+', (a: number, b: number) => a + b],
    ['-', (a: number, b: number) => a - b],
  ]),
  new Map([
    ['*', (a: number, b: number) => a * b],
    ['/', (a: number, b: number) => Math.trunc(a / b)],
    ['%', (a: number, b: number) => a % b],
  ]),
];

/** What a sum comes to; null where it is more than that, or what a name holds is no whole number. */
export const sumOf = (text: string, valueNamed: (name: string) => string | null): number | null => {
  const tokens = tokensOf(text.trim());
  let at = 0;
  const next = (): string => {
    at += 1;
    return tokens?.[at - 1] ?? '';
  };
  const single = (): number => {
    const token = next();
    if (token === '-') {
      return -single();
    }
    if (token === '(') {
      const inner = level(0);
      return next() === ')' ? inner : Number.NaN;
    }
    // With a zero in front it is octal.
    const value = /^[A-Za-z_]/.test(token) ? (valueNamed(token) ?? '') : token;
    return /^-?(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : Number.NaN;
  };
  const level = (depth: number): number => {
    const operators = LEVELS[depth];
    if (operators === undefined) {
      return single();
    }
    let left = level(depth + 1);
    for (let operator = operators.get(tokens?.[at] ?? ''); operator !== undefined; operator = operators.get(tokens?.[at] ?? '')) {
      next();
      left = operator(left, level(depth + 1));
    }
    return left;
  };
  const value = tokens === null ? Number.NaN : level(0);
  return Number.isSafeInteger(value) && at === tokens?.length ? value : null;
};
