// A real Prometheus on loopback that scrapes one file of a test's own over HTTP, and what its alerts say.
import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {freePort} from './free-port.ts';
import type {Scope} from './scope.ts';
import {startProgram} from './start-program.ts';
import {waitFor} from './wait-for.ts';

const execute = promisify(execFile);

export interface Prometheus {
  /** Values of an instant query, one for each series. */
  query(expression: string): Promise<readonly number[]>;
  /** Names of the alerts that fire, sorted. */
  firing(): Promise<readonly string[]>;
}

/** Throws with what `promtool check metrics` complains of. */
export const checkMetrics = async (text: string): Promise<void> => {
  const checking = execute('promtool', ['check', 'metrics']);
  checking.child.stdin?.end(text);
  const {stderr} = await checking;
  if (stderr !== '') {
    throw new Error(stderr);
  }
};

const serveFile = async (scope: Scope, file: string): Promise<number> => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(readFileSync(file));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  scope.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

/** `file` has to be there; `rules` are evaluated several times a second, without waiting for their `for`. */
export const startPrometheus = async (scope: Scope, file: string, rules: string): Promise<Prometheus> => {
  const directory = await scope.tempDir();
  const [target, port] = [await serveFile(scope, file), await freePort()];
  const at = (name: string): string => join(directory, name);
  await mkdir(at('data'));
  await writeFile(at('rules.yml'), rules.replaceAll(/^ *for: .*\n/gm, ''));
  await writeFile(
    at('prometheus.yml'),
    `global: {scrape_interval: 300ms, scrape_timeout: 300ms, evaluation_interval: 300ms}
rule_files: [${at('rules.yml')}]
scrape_configs:
  - job_name: rigtop
    static_configs: [{targets: ['127.0.0.1:${target}']}]
`,
  );
  // Reads the rules too; throws with what is wrong with them.
  await execute('promtool', ['check', 'config', at('prometheus.yml')]);
  const url = `http://127.0.0.1:${port}`;
  startProgram(scope, 'prometheus', [
    `--config.file=${at('prometheus.yml')}`,
    `--storage.tsdb.path=${at('data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const ask = async <T>(path: string): Promise<T> => ((await (await fetch(`${url}/api/v1/${path}`)).json()) as {data: T}).data;
  const query = async (expression: string): Promise<readonly number[]> => {
    const {result} = await ask<{result: readonly {value: readonly [number, string]}[]}>(`query?query=${encodeURIComponent(expression)}`);
    return result.map(({value}) => Number(value[1]));
  };
  await waitFor('Prometheus to have scraped', async () => (await query('up')).includes(1));
  return {
    query,
    firing: async () => {
      const {alerts} = await ask<{alerts: readonly {state: string; labels: {alertname: string}}[]}>('alerts');
      return alerts
        .filter(({state}) => state === 'firing')
        .map(({labels}) => labels.alertname)
        .sort();
    },
  };
};
