import { SessionRegistry } from '../../lib/scan';

/** All scans of this Node-RED; the nodes of a flow find theirs by the scan id of the message. */
export const sessions = new SessionRegistry();
