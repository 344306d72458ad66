// A command in namespaces of its own, where only its own processes and ports exist, and which end with it (unshare(1)). Pure.

const NAMESPACES = ['--pid', '--fork', '--kill-child', '--mount-proc', '--ipc'];

/** Brings the loopback up, with which a network namespace begins down (SIOCSIFFLAGS with IFF_UP and IFF_RUNNING, netdevice(7)). */
const LOOPBACK = ['$up = pack("a16 s x14", "lo", 0x41);', 'socket(S, 2, 2, 0) && ioctl(S, 0x8914, $up) or die "loopback: $!";'].join(' ');

/** The first process there, in the Perl that is on every Debian: reaps what loses its parent, until the command has ended. */
const INIT = [
  'defined($child = fork) or die $!;',
  '$child or exec @ARGV or die $!;',
  'while (($ended = wait) > 0) { exit(($? >> 8) || ($? & 127)) if $ended == $child }',
].join(' ');

/** argv that runs `command` there; `more` are further options of unshare(1). */
export const alone = (command: readonly string[], more: readonly string[] = []): readonly string[] => [
  'unshare',
  ...NAMESPACES,
  ...more,
  '--net',
  'perl',
  '-e',
  `${LOOPBACK} ${INIT}`,
  ...command,
];

/** The same with the network, and the ports, of everybody. */
export const aloneOnline = (command: readonly string[]): readonly string[] => ['unshare', ...NAMESPACES, 'perl', '-e', INIT, ...command];
