// Before the tests: installs the Debian packages whose programs they need, as root or through sudo without a question; else says which.
import {spawnSync} from 'node:child_process';
import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';

/** Debian packages by the program that shows they are there. */
const PACKAGES = {
  tmux: 'tmux',
  ps: 'procps',
  lsof: 'lsof',
  killall: 'psmisc',
  ss: 'iproute2',
  git: 'git',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  perl: 'perl-base',
  script: 'bsdutils',
  jq: 'jq',
  zsh: 'zsh',
  fish: 'fish',
  prometheus: 'prometheus',
  'nats-server': 'nats-server',
  openssl: 'openssl',
};

/** sshd is where only root's PATH leads. */
const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

const isInstalled = program =>
  directories.some(directory => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const missing = () =>
  Object.entries(PACKAGES)
    .filter(([program]) => !isInstalled(program))
    .map(([, name]) => name);

const succeeds = (file, args, stdio = 'ignore') =>
  spawnSync(file, args, {stdio, env: {...process.env, DEBIAN_FRONTEND: 'noninteractive'}}).status === 0;

const install = packages => {
  const isRoot = process.getuid?.() === 0;
  if (!isInstalled('apt-get') || !(isRoot || succeeds('sudo', ['-n', 'true']))) {
    return;
  }
  const apt = (...args) =>
    isRoot
      ? succeeds('apt-get', args, 'inherit')
      : succeeds('sudo', ['-n', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args], 'inherit');
  console.error(`The tests need ${packages.join(', ')}: installing.`);
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
};

const wanted = missing();
if (wanted.length > 0) {
  install(wanted);
  const still = missing();
  if (still.length > 0) {
    console.error(`The tests need ${still.join(', ')}. On Debian: sudo apt-get install ${still.join(' ')}`);
    process.exitCode = 1;
  }
}
