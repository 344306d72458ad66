// Bytes of a stream → lines of JSON-RPC, as the stdio transport of MCP has them: UTF-8, one message a line, none longer than allowed. Pure.

/** A request with every answer of a model's context in it is shorter. */
const LONGEST_LINE = 1024 * 1024;

export type MessageLine = {readonly text: string} | {readonly tooLong: true};

export interface LineReader {
  /** The lines that these bytes complete. */
  add(bytes: Buffer): readonly MessageLine[];
}

/** What is too long is told once, where it becomes so, and never kept: the rest of it is dropped up to its end. */
export const createLineReader = (longest = LONGEST_LINE): LineReader => {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let dropping = false;
  return {
    add: bytes => {
      const parts = decoder.decode(bytes, {stream: true}).split('\n');
      const lines: MessageLine[] = [];
      for (const [index, part] of parts.entries()) {
        const isWhole = index < parts.length - 1;
        if (!dropping && rest.length + part.length > longest) {
          dropping = true;
          rest = '';
          lines.push({tooLong: true});
        }
        if (!dropping) {
          rest += part;
        }
        if (isWhole) {
          if (!dropping && rest.trim() !== '') {
            lines.push({text: rest});
          }
          rest = '';
          dropping = false;
        }
      }
      return lines;
    },
  };
};
