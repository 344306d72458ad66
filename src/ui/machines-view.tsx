// The screen of the machine that is in front, with the line of all machines above it where there are several.
import {Box, useWindowSize} from 'ink';
import {useStore} from 'zustand';
import type {MachinesStore} from '../store/machines.ts';
import {App, type AppProps} from './app.tsx';
import {paintBar} from './panels/bars.ts';
import {machinesLine} from './panels/machines-bar.ts';
import type {ScreenContext} from './screen-context.ts';
import {Lines} from './screen-lines.tsx';

interface Props extends Omit<AppProps, 'context' | 'above'> {
  /** One for each machine, in the order of the store. */
  readonly contexts: readonly ScreenContext[];
  readonly machines: MachinesStore;
}

export const MachinesView = ({contexts, machines, theme, ...rest}: Props) => {
  const {columns, rows} = useWindowSize();
  const state = useStore(machines);
  const context = contexts[state.current];
  return context === undefined ? null : (
    <Box width={columns} height={rows} flexDirection="column">
      <Lines rect={{left: 0, top: 0, width: columns, height: 1}} lines={[paintBar(theme, machinesLine(state, columns), columns)]} />
      <Box marginTop={1}>
        <App context={context} theme={theme} above={1} {...rest} />
      </Box>
    </Box>
  );
};
