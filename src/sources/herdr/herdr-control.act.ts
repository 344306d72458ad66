// Ends herdr's sessions by name, and its panes by their ids.
import {createNamedControl, type NamedOrders} from '../../core/act/named-control.ts';
import {herdrSessions} from './read/herdr-sessions.ts';

const orders: NamedOrders = {
  // `stop` alone leaves a row that can be started again.
  endSession: name => [
    ['session', 'stop', name],
    ['session', 'delete', name],
  ],
  endPane: (sessionName, paneId) => ['--session', sessionName, 'pane', 'close', paneId],
};

export const herdrControl = createNamedControl(herdrSessions, orders);
