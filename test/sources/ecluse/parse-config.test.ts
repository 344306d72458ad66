import {describe, expect, it} from 'vitest';
import {parseEcluseConfig} from '../../../src/sources/ecluse/parse-ecluse-config.ts';

const parsed = (text: string) => {
  const config = parseEcluseConfig(text);
  if (!config.known) {
    throw new Error(config.because);
  }
  return config.value;
};

const FULL = `
mode = "hybrid"
max_slots = 6
slot_stride = 10
future_key = { anything = true }
inherit_env = [".env", { file = ".env.local", mode = "copy" }]
[[services]]
name = "api"
base_port = 4000
command = "serve --port $PORT"
extra_ports = [{ base_port = 9200, port_env = "API_INSPECT_PORT" }]
[[services]]
name = "storybook"
base_port = 7000
[[services]]
name = "postgres"
run = "docker"
base_port = 5432
host_port = 15000
[hooks]
post_up = "migrate"
`;

describe('parseEcluseConfig', () => {
  it('reads every key that ports depend on, and ignores the others', () => {
    expect(parsed(FULL)).toEqual({
      mode: 'hybrid',
      prefix: 'ecluse',
      maxSlots: 6,
      slotStride: 10,
      worktreeDir: '.ecluse/worktrees',
      faults: [],
      services: [
        {name: 'api', basePort: 4000, hostPort: null, run: 'native', command: 'serve --port $PORT', extraPorts: [{basePort: 9200}]},
        {name: 'storybook', basePort: 7000, hostPort: null, run: 'native', command: null, extraPorts: []},
        {name: 'postgres', basePort: 5432, hostPort: 15_000, run: 'docker', command: null, extraPorts: []},
      ],
    });
  });

  it('has the defaults of its tool', () => {
    expect(parsed('mode = "host"')).toMatchObject({maxSlots: 8, slotStride: 1, prefix: 'ecluse', services: []});
  });

  it('takes stride 0 as 1', () => {
    expect(parsed('mode = "host"\nslot_stride = 0').slotStride).toBe(1);
  });

  it('notes overlapping ranges and reads on', () => {
    const config = parsed(FULL.replace('base_port = 7000', 'base_port = 6000'));
    expect(config.faults).toEqual(['the port range of postgres reaches into that of storybook']);
    expect(config.services).toHaveLength(3);
  });

  it.each([
    ['names that break the rule', 'mode = "host"\n[[services]]\nname = "Bad Name"\nbase_port = 1', 'Bad Name'],
    ['names used twice', 'mode="host"\n[[services]]\nname="a"\nbase_port=1\n[[services]]\nname="a"\nbase_port=900', 'used twice'],
    [
      'ports used twice',
      'mode="host"\n[[services]]\nname="a"\nbase_port=1\n[[services]]\nname="b"\nbase_port=1',
      'base_port 1 is used twice',
    ],
    ['docker in host mode', 'mode="host"\n[[services]]\nname="a"\nbase_port=1\nrun="docker"', 'host may not have docker'],
    ['a service without a port', 'mode="host"\n[[services]]\nname="a"', 'without a name or a base_port'],
  ])('notes %s', (_, text, fault) => {
    expect(parsed(text).faults.join('\n')).toContain(fault);
  });

  it.each([
    ['no TOML', 'mode = ', 'not valid TOML'],
    ['no mode', 'max_slots = 3', 'mode'],
    ['an impossible count', 'mode = "host"\nmax_slots = 900', 'max_slots'],
  ])('is unknown, not empty, with %s', (_, text, reason) => {
    expect(parseEcluseConfig(text)).toMatchObject({known: false, because: expect.stringContaining(reason)});
  });
});
