// Directories that are nobody's project: whoever flushes one of them would end whatever a person runs. Pure.
import {isInside} from '../../domain/paths.ts';

/** Parts of the file system hierarchy (hier(7)) and of macOS. A repository right below the root, as containers have it, is none of them. */
const SYSTEM = new Set(
  `/ /bin /boot /dev /dev/shm /etc /home /lib /lib64 /media /mnt /nix /opt /proc /root /run /run/user /sbin /snap /srv /sys /tmp /usr
  /usr/local /var /var/home /var/tmp /Applications /Library /System /Users /Volumes /private /private/tmp /private/var`.split(/\s+/),
);
const HOMES = /^\/(?:home|Users|var\/home|run\/user)\/[^/]+$/;

/** Why a directory is too wide to be cleared; null when it is not. `home` is the home directory with its links resolved. */
export const tooWide = (directory: string, home: string | null): string | null => {
  const path = directory.replace(/(?<=.)\/+$/, '').replace(/^\/+/, '/');
  if (SYSTEM.has(path)) {
    return `${path} is the system’s: everything that is run there would end`;
  }
  if (HOMES.test(path) || path === home) {
    return `${path} is a home directory: whatever its owner runs would end`;
  }
  return home !== null && isInside(home, path) ? `${path} holds the home directory ${home}` : null;
};
