// Waits until the rigtop that holds the other end of its standard input has ended, then removes the demo in argv[2]. Not pure.
import {removeFleet} from './remove-fleet.ts';

const directory = process.argv[2] ?? '';
let removing = false;

const finish = (): void => {
  if (!removing) {
    removing = true;
    void removeFleet(directory).then(survivors => process.exit(survivors.length === 0 ? 0 : 1));
  }
};

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, finish);
}
for (const event of ['end', 'close', 'error'] as const) {
  process.stdin.on(event, finish);
}
process.stdin.resume();
