// Proves that ports are free again: success means gone (docs/safety.md, rule 8).
import type {PortOutcome} from '../domain/outcome.ts';
import type {Host} from '../os/host.ts';

export interface PortsVerified {
  readonly ports: readonly PortOutcome[];
  readonly problems: readonly string[];
}

/** A port is free when nobody listens on it; null when the sockets could not be read. */
export const verifyPorts = async (host: Host, ports: readonly number[], tableMs: number): Promise<PortsVerified> => {
  if (ports.length === 0) {
    return {ports: [], problems: []};
  }
  const {listeners} = await host.readTables(tableMs);
  if (!listeners.known) {
    return {ports: ports.map(port => ({port, free: null})), problems: [`whether the ports are free is unknown: ${listeners.because}`]};
  }
  const taken = listeners.value.listeners.filter(({port}) => ports.includes(port));
  const problems = taken.map(({port, owners}) => {
    const holders = owners.known ? owners.value.join(', ') : `somebody unseen (${owners.because})`;
    return `port ${port} is still held, by ${holders}`;
  });
  const whole = listeners.value.incomplete === null;
  return {
    // That nobody is seen to hold it proves something only where every socket was listed.
    ports: ports.map(port => ({port, free: taken.some(listener => listener.port === port) ? false : whole || null})),
    problems: whole ? problems : [...problems, `not every socket could be listed: ${listeners.value.incomplete}`],
  };
};
