// Ends zellij's sessions, by name: it closes no pane by an identity.
import {createNamedControl, type NamedOrders} from '../../core/act/named-control.ts';
import {listZellij, parseZellijRows, zellijSessions} from './read/zellij-sessions.ts';

const orders: NamedOrders = {
  // `kill-session` alone leaves a row to resurrect.
  endSession: name => [['delete-session', name, '-f']],
  // A session that ended by itself leaves its layout to be resurrected from. Without `-f` zellij deletes no living session.
  forget: async (host, name, timeoutMs) => {
    const listing = await listZellij(host, timeoutMs);
    const isLeft = listing.exitCode === 0 && parseZellijRows(listing.stdout).some(row => row.exited && row.name === name);
    return isLeft ? ['delete-session', name] : null;
  },
};

export const zellijControl = createNamedControl(zellijSessions, orders);
