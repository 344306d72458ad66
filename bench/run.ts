// npm run bench: every scenario, or those named; ours and the naive way side by side in one run. Removes all it made.
import {createScope} from '../test/support/scope.ts';
import {benchLook} from './look.ts';
import {formatReport, type Line} from './report.ts';
import {buildWorld} from './world.ts';

interface Scenario {
  readonly title: string;
  run(): Promise<readonly Line[]>;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  look: {
    title: 'One look at a big machine',
    run: async () => {
      const scope = createScope();
      try {
        return await benchLook(await buildWorld(scope, {sessions: 200, processes: 2000, orphans: 100, listeners: 200}));
      } finally {
        await scope.close();
      }
    },
  },
};

const wanted = process.argv.slice(2);
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (wanted.length === 0 || wanted.includes(name)) {
    console.log(formatReport(scenario.title, await scenario.run()));
  }
}
