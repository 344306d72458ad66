// A slot tool that nobody has: `.berths` at the top of a repository, a line for each service and each berth in use. Everything that
// rigtop needs to know of it stands here.
import {basename, join} from 'node:path';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {SlotRecord, SlotRepo, SlotService} from '../../../src/core/domain/repo.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import {recordedSlots} from '../../../src/core/judge/slots/recorded-slots.ts';
import {proofOfStart, refOfService} from '../../../src/core/judge/slots/service-start.ts';
import type {RecordReader} from '../../../src/core/look/looking-source.ts';
import type {Host} from '../../../src/core/os/host.ts';
import type {Source} from '../../../src/core/source.ts';

const FILE = '.berths';

const serviceOf = ([name = '', base = '']: readonly string[]): SlotService => ({
  name,
  basePort: Number(base),
  hostPort: null,
  run: 'native',
  command: `serve ${name}`,
  extraPorts: [],
});

const recordOf = ([number = '', name = '', directory = '', pid = '']: readonly string[]): SlotRecord => ({
  slug: name,
  slot: Number(number),
  mode: 'host',
  branch: null,
  worktreePath: directory,
  worktreeRealPath: directory,
  worktreeExists: known(true),
  status: 'active',
  pending: null,
  composeProject: null,
  portOverrides: {},
  processManager: null,
  tmuxSession: null,
  servicesSubset: null,
  startedAt: null,
  pidFiles: known(pid === '' ? [] : [{path: `${directory}/pid`, service: 'web', pid: Number(pid), startToken: null}]),
});

/** `service NAME BASE` and `berth NUMBER NAME DIRECTORY [PID]`; a file with anything else is not understood. */
export const parseBerths = (root: string, text: string): SlotRepo => {
  const lines = text
    .split('\n')
    .map(line => line.split(' '))
    .filter(([word]) => word !== '');
  const of = (kind: string) => lines.filter(([word]) => word === kind).map(([, ...rest]) => rest);
  const strange = lines.find(([word]) => word !== 'service' && word !== 'berth');
  const sessions = strange === undefined ? known(of('berth').map(recordOf)) : unknown(`${FILE}: what is "${strange[0]}"?`);
  const services = of('service').map(serviceOf);
  const config = {mode: 'host', prefix: 'berth', maxSlots: 9, slotStride: 10, worktreeDir: '.', services, faults: []} as const;
  return {tool: 'berth', name: basename(root), root, realRoot: root, provenance: 'named', config: known(config), sessions};
};

const createReader = ({files}: Host, {repos}: Settings): RecordReader => ({
  collect: async () => {
    const found = await Promise.all(
      repos.map(async root => {
        const text = await files.readText(join(root, FILE), 65_536, root);
        return text.state === 'ok' ? [parseBerths(root, text.value)] : [];
      }),
    );
    return {
      repos: found.flat(),
      sources: found.flat().map(({realRoot, sessions}) => ({
        source: 'berth',
        target: realRoot,
        state: sessions.known ? 'ok' : 'unknown',
        detail: sessions.known ? `${sessions.value.length} berths in use` : sessions.because,
        tookMs: 0,
      })),
    };
  },
});

export const berth: Source = {
  name: 'berth',
  readRecords: createReader,
  cures: new Map([['berth', 'ask it yourself: berth list']]),
  programs: new Map([['berth', 'its services are not restarted']]),
  ...recordedSlots({
    name: 'berth',
    mark: {tool: 'berth', slot: 'BERTH_NUMBER', slug: 'BERTH_NAME', rig: null},
    sessionOf: slug => `at-${slug}`,
    recordFile: ({root}) => `${root}/${FILE}`,
    configName: FILE,
    pendingText: () => 'it is being moved',
    restart: ({programs}, repo, service) => {
      const file = programs.get('berth');
      return file === undefined
        ? 'berth is not on PATH'
        : {
            ref: refOfService(service),
            because: 'berth starts it',
            way: {
              kind: 'command',
              file,
              args: ['serve', String(service.slot), String(service.port)],
              cwd: service.worktree ?? repo.realRoot,
              without: ['BERTH_*'],
              timeoutMs: 20_000,
            },
            proof: proofOfStart(service, null),
          };
    },
  }),
};
