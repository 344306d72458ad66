// A real sshd on loopback for tests: keys and configuration of its own in a temporary directory, the current user, and an `ssh` that knows it.
import {execFile, spawn} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {chmod, mkdir, writeFile} from 'node:fs/promises';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {builtBinary} from './built.ts';
import {freePort} from './free-port.ts';
import {MARKER, type Sighted, sight, signalTo} from './marked.ts';
import type {Scope} from './scope.ts';
import {waitFor} from './wait-for.ts';

const execute = promisify(execFile);

export interface SshServer {
  /** Name that `ssh` knows it by. */
  readonly host: string;
  /** Directory with an `ssh` that reads this configuration: to be put in front of PATH. */
  readonly bin: string;
  /** Its configuration for ssh(1), for one that knows several of them. */
  readonly config: string;
  readonly directory: string;
  /** Of every program over there. */
  readonly marker: string;
  /** Put a program under this name on the PATH over there, as a shell script. */
  install(name: string, script: string): Promise<void>;
  /** Cut every connection; it goes on listening. */
  cut(): void;
  /** End it with every connection. */
  stop(): Promise<void>;
  /** Listen again on the same port. */
  start(): Promise<void>;
}

/** The listener and what serves its connections. They write their titles over their environment, so no marker finds them. */
const daemons = (listener: number): readonly Sighted[] => {
  const all = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (sight(Number(name)) ?? []) : []));
  const found = new Set([listener]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const {pid, ppid, comm} of all) {
      if (found.has(ppid) && comm.startsWith('sshd')) {
        found.add(pid);
      }
    }
  }
  return all.filter(({pid, state}) => found.has(pid) && state !== 'Z');
};

/** `env` is what programs over there are started with, beside sshd's own few. */
export const startSshServer = async (scope: Scope, env: Readonly<Record<string, string>> = {}, host = 'box'): Promise<SshServer> => {
  const directory = await scope.tempDir();
  const at = (name: string): string => join(directory, name);
  const marker = scope.marker();
  const port = await freePort();
  const [bin, path] = [at('bin'), at('path')];
  await Promise.all([mkdir(bin), mkdir(path)]);
  await Promise.all(
    ['host_key', 'user_key'].map(name => execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', at(name)])),
  );
  await writeFile(at('authorized_keys'), readFileSync(at('user_key.pub')));
  const hostKey = readFileSync(at('host_key.pub'), 'utf8');
  await writeFile(at('known_hosts'), `[127.0.0.1]:${port} ${hostKey}`);
  // sshd gives programs nothing of its own environment: what they must have is set here (sshd_config(5), SetEnv).
  const given = {...env, [MARKER]: marker, PATH: `${path}:${process.env.PATH ?? '/usr/bin:/bin'}`};
  await writeFile(
    at('sshd_config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${at('host_key')}`,
      `AuthorizedKeysFile ${at('authorized_keys')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PrintMotd no',
      'PermitRootLogin prohibit-password',
      `SetEnv ${Object.entries(given)
        .map(([name, value]) => `"${name}=${value}"`)
        .join(' ')}`,
      '',
    ].join('\n'),
  );
  await writeFile(
    at('ssh_config'),
    [
      `Host ${host}`,
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      `  User ${userInfo().username}`,
      `  IdentityFile ${at('user_key')}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${at('known_hosts')}`,
      '  GlobalKnownHostsFile /dev/null',
      '',
    ].join('\n'),
  );
  const script = async (file: string, text: string): Promise<void> => {
    await writeFile(file, `#!/bin/sh\n${text}\n`);
    await chmod(file, 0o755);
  };
  await script(join(bin, 'ssh'), `exec /usr/bin/ssh -F ${at('ssh_config')} "$@"`);
  const install: SshServer['install'] = (name, text) => script(join(path, name), text);
  await install('rigtop', `exec ${process.execPath} ${await builtBinary()} "$@"`);

  let listener: number | null = null;
  let ended: Promise<void> = Promise.resolve();
  const cut = (): void => {
    for (const each of daemons(listener ?? -1)) {
      if (each.pid !== listener) {
        signalTo(each, 'SIGKILL');
      }
    }
  };
  const stop = async (): Promise<void> => {
    if (listener !== null) {
      cut();
      process.kill(listener, 'SIGTERM');
      await ended;
      listener = null;
    }
  };
  const start = async (): Promise<void> => {
    // sshd wants this directory to be there (sshd(8), FILES).
    await mkdir('/run/sshd', {recursive: true}).catch(() => undefined);
    const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', at('sshd_config')], {
      env: {...process.env, [MARKER]: marker},
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    ended = new Promise(resolve => server.once('exit', () => resolve()));
    await waitFor('sshd to listen', () => said.includes('Server listening'), {describe: () => said});
    listener = server.pid ?? null;
  };
  scope.add(stop);
  await start();
  return {host, bin, config: at('ssh_config'), directory, marker, install, cut, stop, start};
};
