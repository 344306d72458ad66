// Finds TCP ports that nobody holds at this moment. Binds and lets go.
import {randomInt} from 'node:crypto';
import {createServer} from 'node:net';

/** Below the range the kernel hands out by itself (ip_local_port_range): those may be taken by anybody's next connection. */
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 200;

const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    // The wildcard address collides with a listener on any address.
    server.listen({port, host: '0.0.0.0', exclusive: true}, () => server.close(() => resolve(true)));
  });

/** A base such that base + each offset is free: `wanted` where it is one. */
export const findFreeBase = async (offsets: readonly number[], wanted?: number): Promise<number> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const any = Math.floor(randomInt(LOWEST, HIGHEST) / 100) * 100;
    const base = attempt === 0 ? (wanted ?? any) : any;
    const free = await Promise.all(offsets.map(offset => isFree(base + offset)));
    if (free.every(Boolean)) {
      return base;
    }
  }
  throw new Error(`no free ports between ${LOWEST} and ${HIGHEST}`);
};
