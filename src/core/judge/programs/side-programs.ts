// What agents start beside themselves and leave behind: tool servers, dev servers, test runners, browsers. Pure.
import type {Process} from '../../domain/process.ts';
import {namesOf, rememberedOfProgram, scriptOf} from '../../look/index/program-of.ts';

export type SideKind = 'MCP server' | 'language server' | 'dev server' | 'test runner' | 'browser';

const MCP = /(?:^|[-_@/.])mcp(?:$|[-_@/.])|modelcontextprotocol/i;

const DEV_SERVERS = new Set(
  `vite next next-server nuxt nuxi astro remix gatsby webpack webpack-dev-server rspack rsbuild parcel storybook start-storybook
  react-scripts craco ng vue-cli-service svelte-kit expo metro wrangler miniflare nodemon ts-node-dev live-server http-server serve
  browser-sync json-server puma unicorn rackup flask uvicorn hypercorn gunicorn daphne hugo jekyll air bacon
  webpack-cli http SimpleHTTPServer esbuild turbopack vinxi redwood medusa directus strapi`.split(/\s+/),
);
const TEST_RUNNERS = new Set(
  `vitest jest mocha ava tap karma playwright cypress pytest py.test tox nox rspec phpunit wtr web-test-runner nightwatch
  testcafe jasmine`.split(/\s+/),
);
const BROWSERS =
  /^(?:chrome|chromium|chromium-browser|google-chrome|headless_shell|chrome-headless-shell|chromedriver|geckodriver|firefox|webkit.*)$/;

/** Servers of the language server protocol, which agents start for a work tree as editors do. */
const LANGUAGE_SERVERS =
  /^(?:.*-)?(?:language-?server|langserver)$|^(?:tsserver|vtsls|gopls|rust-analyzer|clangd|pylsp|ruby-lsp|solargraph|omnisharp|jdtls|metals|zls|intelephense|svelteserver|elixir-ls|sourcekit-lsp|texlab|marksman)$/i;

/** Words of a runner and the first argument that makes it a server: `rails server`, `php -S`, `python -m http.server`. */
const SERVING: readonly (readonly [program: RegExp, argument: RegExp])[] = [
  [/^(?:bin\/)?rails$/, /^(?:s|server)$/],
  [/^php$/, /^-S$/],
  [/^artisan$/, /^serve$/],
  [/^manage(?:\.py)?$/, /^(?:runserver|runserver_plus)$/],
  [/^(?:tsx|bun|node|deno)$/, /^(?:--watch|--hot|watch)(?:=.*)?$/],
  [/^(?:npm|pnpm|yarn|bun|turbo|nx)$/, /^(?:dev|start|serve|preview|storybook)$/],
  [/^mix$/, /^phx\.server$/],
];
const TESTING: readonly (readonly [program: RegExp, argument: RegExp])[] = [
  [/^(?:npm|pnpm|yarn|bun|go|cargo|mix|deno|gradle|mvn)$/, /^(?:test|t)$/],
];

const runs = (table: readonly (readonly [RegExp, RegExp])[], names: readonly string[], words: readonly string[]): boolean =>
  table.some(
    ([program, argument]) =>
      names.some(name => program.test(name)) &&
      words
        .filter(word => word !== 'run')
        .slice(0, 3)
        .some(word => argument.test(word)),
  );

/** What kind of companion a process is, by its program and arguments, or null. */
export const sideKindOf = rememberedOfProgram((process): SideKind | null => {
  const script = scriptOf(process.argv);
  const names = [...namesOf(process), ...(script === null ? [] : [script.name])];
  const words = script?.rest ?? process.argv.slice(1);
  const telling = [process.argv[0] ?? '', script?.path ?? ''];
  if (names.some(name => MCP.test(name)) || telling.some(path => MCP.test(path)) || /^(?:mcp|mcp-server)$/.test(words[0] ?? '')) {
    return 'MCP server';
  }
  // One that listens for others is shared by design: `gopls serve -listen=…`.
  if (
    (names.some(name => LANGUAGE_SERVERS.test(name)) || words[0] === 'lsp' || words[0] === 'lsp-proxy') &&
    !words.some(word => /^--?listen\b/.test(word))
  ) {
    return 'language server';
  }
  if (names.some(name => TEST_RUNNERS.has(name)) || runs(TESTING, names, words)) {
    return 'test runner';
  }
  // `vite build` and `next build` end by themselves.
  if ((names.some(name => DEV_SERVERS.has(name)) && words[0] !== 'build') || runs(SERVING, names, words)) {
    return 'dev server';
  }
  return names.some(name => BROWSERS.test(name)) &&
    process.argv.some(word => word.startsWith('--headless') || word.startsWith('--remote-debugging-'))
    ? 'browser'
    : null;
});

const LAUNCHERS = new Set(
  `make gmake just task concurrently npm-run-all run-p run-s turbo nx lerna foreman honcho hivemind goreman cargo go dotnet bundle
  rake poetry pipenv rye hatch pdm mise`.split(/\s+/),
);

/** Programs that start companions from a list and end with them. */
export const isLauncher = rememberedOfProgram((process): boolean => {
  const script = scriptOf(process.argv);
  return [...namesOf(process), ...(script === null ? [] : [script.name])].some(name => LAUNCHERS.has(name));
});

/** Databases, brokers and web servers. */
const SERVERS = `redis-server valkey-server redis-sentinel memcached postgres postmaster pg_ctl mysqld mysqld_safe mariadbd mariadbd-safe mongod
  cockroach clickhouse clickhouse-server influxd etcd consul vault nats-server rabbitmq-server beam.smp minio rqlited qdrant meilisearch
  elasticsearch opensearch prometheus grafana grafana-server pgbouncer temporal localstack azurite mailpit MailHog verdaccio nginx caddy traefik haproxy httpd apache2 lighttpd varnishd`;

/** Programs that serve whoever comes: servers, tunnels, browsers and what else a person has on the desktop. */
const SERVES_MANY = new Set(
  `${SERVERS} gpg-agent ssh-agent scdaemon keyboxd dirmngr dbus-daemon dbus-launch dbus-broker pulseaudio pipewire wireplumber watchman adb
  syncthing ngrok cloudflared autossh ssh sshuttle socat cloud-sql-proxy cloud_sql_proxy session-manager-plugin frpc frps chisel bore
  openvpn openconnect kubectl tailscaled rclone sshfs bindfs gocryptfs encfs s3fs mergerfs fuse-overlayfs mosh-server mosh-client ollama llama-server vllm
  jupyter jupyter-lab jupyter-notebook jupyter-server tensorboard docker-compose dockerd dockerd-rootless.sh podman containerd colima
  limactl buildkitd minikube rootlesskit qemu VBoxHeadless virtualbox gvfsd dconf-service gnome-keyring-daemon systemd at-spi-bus-launcher
  xdg-desktop-portal sd-pam Xvfb Xorg Xwayland Xvnc x11vnc ibus-daemon fcitx5 emacs
  firefox firefox-bin librewolf chrome chromium chromium-browser google-chrome brave msedge opera vivaldi qutebrowser epiphany falkon
  electron slack discord spotify obsidian thunderbird signal-desktop telegram-desktop zoom teams steam evince okular zathura atril xreader
  mupdf eog gwenview feh sxiv imv gimp inkscape krita blender soffice.bin soffice oosplash libreoffice vlc mpv totem rhythmbox
  nautilus dolphin thunar nemo pcmanfm keepassxc bitwarden dbeaver postman insomnia`.split(/\s+/),
);

const BACKGROUND = new Set(
  `sccache ccache dolt gt bd fsmonitor--daemon git gradle bazel buck2d pantsd turbod hh_server flow dmypy bloop lspmux ra-multiplex
  java eslint_d prettierd biome docker process-compose overmind gitstatusd rigtop`.split(/\s+/),
);

/** `bazel(shop)`, `buck2d[shop]`: a server of a build names the project that it is for. */
const withoutProject = (name: string): string => name.replace(/(?<=\w)[([].*$/, '');

const programNames = (process: Pick<Process, 'comm' | 'argv'>): readonly string[] => {
  const script = scriptOf(process.argv);
  return [...namesOf(process).map(withoutProject), ...(script === null ? [] : [script.name])];
};

/** Whether a program serves more than the one who started it: nobody's companion, unless it is driven (a headless browser). */
export const servesMany = (process: Pick<Process, 'comm' | 'argv'>): boolean =>
  sideKindOf(process) === null &&
  programNames(process).some(
    name => SERVES_MANY.has(name) || name.startsWith('qemu-system-') || name.startsWith('(sd-') || name.endsWith('-daemon'),
  );

/** Programs that go into the background by design and serve more than the one who started them, or have a tool of their own to end them. */
export const isBackgroundService = rememberedOfProgram((process): boolean =>
  programNames(process).some(
    name =>
      SERVES_MANY.has(name) ||
      BACKGROUND.has(name) ||
      name.startsWith('qemu-system-') ||
      name.startsWith('(sd-') ||
      name.endsWith('-daemon'),
  ),
);

const TO_BACKGROUND = new Set(['--daemon', '--daemonize', '--daemonized', '--background', '--detach', '--detached']);
const SHORT: ReadonlyMap<string, string> = new Map(Object.entries({gunicorn: '-D', unicorn: '-D', rackup: '-D', puma: '-d', rails: '-d'}));

/** Whether its own arguments send a program into the background: no leftover looks like that, since its starter wanted it to stay. */
export const isToldToStay = (process: Pick<Process, 'comm' | 'argv'>): boolean => {
  const short = programNames(process).flatMap(name => SHORT.get(name) ?? []);
  return process.argv.slice(1).some(word => TO_BACKGROUND.has(word) || short.includes(word));
};

const CONTAINER_CLIENTS =
  /^(?:docker|podman|nerdctl|kubectl|oc|lxc|incus|machinectl|limactl|vagrant|toolbox|distrobox|devcontainer|gh|coder)$/;
const ENTERS = /^(?:exec|run|attach|shell|enter|ssh|start)$/;
const LEADS_AWAY = /^(?:ssh|autossh|mosh|mosh-client|et|telnet|rsh|slogin|tsh|teleport|tmux|screen|zellij|dtach|abduco|machinectl)$/;

/** Whether what a program shows runs elsewhere: on another machine, in a container, in another multiplexer. */
export const leadsElsewhere = rememberedOfProgram((process): boolean => {
  const names = namesOf(process);
  return (
    process.comm.startsWith('tmux: client') ||
    names.some(name => LEADS_AWAY.test(name)) ||
    (names.some(name => CONTAINER_CLIENTS.test(name)) && process.argv.slice(1, 4).some(word => ENTERS.test(word)))
  );
});

const OF_A_PROJECT = new Set([
  ...SERVERS.split(/\s+/),
  ...`dolt sccache ccache gradle bazel buck2d pantsd java eslint_d prettierd biome`.split(' '),
]);

/** Databases, web servers and build daemons: programs that stay by design, and that a project has for itself. */
export const isProjectService = (process: Pick<Process, 'comm' | 'argv'>): boolean =>
  programNames(process).some(name => OF_A_PROJECT.has(name));
