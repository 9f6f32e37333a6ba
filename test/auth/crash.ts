/**
 * A program that scans with a login and crashes in the middle of it. Arguments: port. The login comes from the
 * environment, so that it stands in no list of processes.
 */
import { scan } from '../../lib';

const { LOGIN_USER: username = '', LOGIN_PASSWORD: password = '' } = process.env;

async function main(): Promise<void> {
  const credentials = { username, password };
  for await (const report of scan(`127.0.0.1:${process.argv[2]}`, { listen: false, credentials })) {
    console.log(JSON.stringify(report));
    const { auth } = report;
    setImmediate(() => {
      // As Node.js shows an error that nobody catches, with all that belongs to it.
      throw Object.assign(new Error('crashed'), { report, auth });
    });
  }
}

void main();
