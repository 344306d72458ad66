// Showing a session that is known by name alone. Pure.

/**
 * The program with its arguments, or why not. A multiplexer without a client that only looks is never shown read-only, and a name with a
 * dash would be taken for an option. Some take the beginning of a name, too: whoever asks for this has just seen the session under
 * exactly this name.
 */
export const attachByName = (
  file: string,
  name: string,
  readOnly: boolean,
  words: readonly string[],
): {readonly file: string; readonly args: readonly string[]} | {readonly because: string} => {
  if (readOnly) {
    return {because: `${file} shows a session only to write in it`};
  }
  return name === '' || name.startsWith('-') ? {because: `${file} cannot be given this name`} : {file, args: [...words, name]};
};
