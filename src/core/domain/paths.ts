// Paths compared by whole components: /tmp/gt is not inside /tmp/g, and /tmp/gt-old is not inside /tmp/gt. Pure.

/** The part behind the last slash; the whole where there is none. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The directory that an absolute path lies in; that of `/` is itself. */
export const parentDirectory = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

const trimmed = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

/** Whether `path` is `directory` or lies below it. Both absolute and normal; links are not resolved here. */
export const isInside = (path: string, directory: string): boolean => {
  const top = trimmed(directory);
  return path === top || path.startsWith(top === '/' ? top : `${top}/`);
};
