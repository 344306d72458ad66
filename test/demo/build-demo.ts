// Builds a demo in a process of its own, says what it built in one line, and waits to be killed.
import {buildDemoFleet} from '../../src/demo/demo-fleet.ts';

const {directory, watchdogPid, parts} = await buildDemoFleet({env: process.env});
process.stdout.write(`${JSON.stringify({directory, watchdogPid, parts: [...parts.values()]})}\n`);
setInterval(() => undefined, 60_000);
