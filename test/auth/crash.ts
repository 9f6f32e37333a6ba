/**
 * A program that scans with a login, publishes as it, and crashes in the middle of it. Arguments: port. The login comes from the
 * environment, so that it stands in no list of processes.
 */
import { scan } from '../../lib';
import { Session } from '../../lib/wire';
import { loopbackContext } from '../support/stage-context';

const { LOGIN_USER: username = '', LOGIN_PASSWORD: password = '' } = process.env;

async function main(): Promise<void> {
  const credentials = { username, password };
  for await (const report of scan(`127.0.0.1:${process.argv[2]}`, { listen: false, credentials })) {
    console.log(JSON.stringify(report));
    const options = { protocolVersion: 4, credentials, maxPublishBytes: 1024 } as const;
    const session = await Session.open({ ...report, named: true }, 'tcp', options, loopbackContext());
    await session.publishRetained('mqttscan/crash', Buffer.alloc(0));
    await session.close();
    const { auth } = report;
    setImmediate(() => {
      // As Node.js shows an error that nobody catches, with all that belongs to it.
      throw Object.assign(new Error('crashed'), { report, auth });
    });
  }
}

void main();
