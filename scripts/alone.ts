// A command in namespaces of its own, where only its own processes and ports exist, and which end with it (unshare(1)). Pure.

const NAMESPACES = ['--pid', '--fork', '--kill-child', '--mount-proc', '--net', '--ipc'];

/**
 * The first process there, in the Perl that is on every Debian: brings the loopback up, with which a network namespace begins down
 * (SIOCSIFFLAGS with IFF_UP and IFF_RUNNING, netdevice(7)), and reaps what loses its parent, until the command has ended.
 */
const INIT = [
  '$up = pack("a16 s x14", "lo", 0x41);',
  'socket(S, 2, 2, 0) && ioctl(S, 0x8914, $up) or die "loopback: $!";',
  'defined($child = fork) or die $!;',
  '$child or exec @ARGV or die $!;',
  'while (($ended = wait) > 0) { exit(($? >> 8) || ($? & 127)) if $ended == $child }',
].join(' ');

/** argv that runs `command` there; `more` are further options of unshare(1). */
export const alone = (command: readonly string[], more: readonly string[] = []): readonly string[] => [
  'unshare',
  ...NAMESPACES,
  ...more,
  'perl',
  '-e',
  INIT,
  ...command,
];
