// The unix sockets somebody listens on, from /proc/net/unix. Pure.

/** __SO_ACCEPTCON in include/uapi/linux/net.h: the socket is listening. */
const ACCEPTS = 0x10000;

const ROW = /^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]+) [0-9A-F]+ [0-9A-F]+ +\d+ (\/.*)$/;

/**
 * How many listen on each path, as it was bound; the file itself may have been removed or replaced since. Abstract names are left out.
 */
export const parseUnixListeners = (text: string): ReadonlyMap<string, number> => {
  const paths = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, flags, path] = ROW.exec(line) ?? [];
    if (flags !== undefined && path !== undefined && (Number.parseInt(flags, 16) & ACCEPTS) !== 0) {
      paths.set(path, (paths.get(path) ?? 0) + 1);
    }
  }
  return paths;
};
