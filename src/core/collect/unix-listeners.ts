// The unix sockets somebody listens on, from /proc/net/unix. Pure.

/** __SO_ACCEPTCON in include/uapi/linux/net.h: the socket is listening. */
const ACCEPTS = 0x10000;

const ROW = /^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]+) [0-9A-F]+ [0-9A-F]+ +\d+ (\/.*)$/;

/** Paths with a listener, as they were bound; the file itself may have been removed since. Abstract names are left out. */
export const parseUnixListeners = (text: string): ReadonlySet<string> => {
  const paths = new Set<string>();
  for (const line of text.split('\n')) {
    const [, flags, path] = ROW.exec(line) ?? [];
    if (flags !== undefined && path !== undefined && (Number.parseInt(flags, 16) & ACCEPTS) !== 0) {
      paths.add(path);
    }
  }
  return paths;
};
