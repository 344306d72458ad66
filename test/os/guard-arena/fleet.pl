# A fleet for one command: two agents in sibling work trees, each with a server on a port, a tool server, a child that has left its session
# and one in another directory; a browser, a database, an editor. Each program is this interpreter under another name. What is ready says
# so on descriptor 3; the agent of work tree a runs the command that it reads, in hexadecimal, and says when it is done. With `real`, the
# servers are vite and real tool servers, started as people start them; who they are is in their environment, as they say nothing here.
use strict;
require POSIX;
my ($root, $uid, $kind) = @ARGV;
$^F = 3;
open(my $ready, '>&=', 3) or die;
select($ready); $| = 1; select(STDOUT); $| = 1;
# A tool server ends with its input, which nobody but the administrator holds open: who ends is who was signalled.
pipe(my $input, my $held) or die;

# Programs are the user's; who made them stays the administrator's, and out of reach.
sub drop { ($(, $)) = ($uid, "$uid $uid"); ($<, $>) = ($uid, $uid); }

# Replaces this process by a program of that name; its script does the rest.
sub become { my ($name, $place, @argv) = @_;
  drop();
  chdir $place or die "$place: $!";
  $ENV{FLEET_NAME} = $name;
  exec {"$root/bin/$argv[0]"} @argv or die "$argv[0]: $!"; }

sub start { my ($leaves, @what) = @_;
  my $pid = fork;
  return $pid if $pid;
  if ($leaves) { exit 0 if fork; POSIX::setsid(); }
  $kind ? open(STDIN, '<&', $input) : open(STDIN, '<', '/dev/null');
  open(STDOUT, '>', '/dev/null'); open(STDERR, '>', '/dev/null') unless $ENV{FLEET_TALK};
  become(@what); }

sub stand_ins { my ($tree, $port, $place) = @_;
  start(0, "$tree.vite", $place, 'node', "$place/node_modules/.bin/vite", '--port', $port);
  start(0, "$tree.mcp", $place, 'node', "$root/lib/mcp-server.js");
  start(1, "$tree.daemon", $place, 'node', 'watcher.js');
  start(0, "$tree.far", "$root/w/far", 'node', "$root/lib/worker.js", $tree); }

sub real_programs { my ($tree, $port, $place) = @_;
  start(0, "$tree.vite", $place, 'npm', 'run', 'dev', '--', '--port', $port, '--strictPort');
  start(0, "$tree.mcp", $place, 'npx', 'mcp-server-filesystem', $place);
  $ENV{PORT} = $port + 900;
  start(1, "$tree.daemon", $place, 'node', 'node_modules/.bin/mcp-server-everything', 'streamableHttp');
  delete $ENV{PORT};
  start(0, "$tree.far", "$root/w/far", 'node', "$place/node_modules/.bin/vite", '--port', $port + 100, '--bypass-lock'); }

sub agent { my ($tree, $port, @argv) = @_;
  my $place = "$root/w/$tree";
  my $pid = fork;
  return if $pid;
  POSIX::setsid();
  $kind ? real_programs($tree, $port, $place) : stand_ins($tree, $port, $place);
  become("$tree.agent", $place, @argv); }

agent('a', 3000, 'claude', "$root/lib/agent.js");
open(STDIN, '<', '/dev/null');
agent('b', 3001, 'claude', "$root/lib/idle.js", 'start vite on 3001');
start(1, 'browser', $root, 'firefox', "$root/lib/browser.js", 3000, $kind ? 0.5 : 0);
start(1, 'database', $root, 'postgres', "$root/lib/listen.js", '--port', 5432);
start(1, 'editor', "$root/w/a", 'vim', 'vite.config.old');
close($ready);
$SIG{CHLD} = 'IGNORE';
sleep 1000 while 1;
