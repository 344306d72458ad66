// Patterns of file names (fnmatch(3)) as regular expressions: `*`, `?`, `[…]`. Pure.

const escaped = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Matches a whole text. `*` reaches over slashes, as in parameters and tmux. */
export const globPattern = (glob: string): RegExp => {
  let source = '';
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob.charAt(at);
    const close = char === '[' ? glob.indexOf(']', at + 2) : -1;
    if (char === '*') {
      source += '[\\s\\S]*';
    } else if (char === '?') {
      source += '[\\s\\S]';
    } else if (close > 0) {
      source += `[${glob
        .slice(at + 1, close)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      at = close;
    } else {
      source += escaped(char);
    }
  }
  return new RegExp(`^${source}$`, 'u');
};
