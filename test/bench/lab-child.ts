import { runCommand } from '../../brokers/cli';
import { startEmbeddedLab } from '../../brokers/embedded';

/** The lab's two brokers in a process of their own, as brokers are: tells where they are, and ends with its input. */
runCommand(async () => {
  const [directory = ''] = process.argv.slice(2);
  const lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory });
  const targets = [`127.0.0.1:${lab.insecure.port}`, `127.0.0.1:${lab.secure.port}`];
  console.log(JSON.stringify({ targets, ca: lab.ca, credentials: lab.credentials }));
  process.stdin.resume().once('end', () => void lab.stop().then(() => process.exit()));
});
