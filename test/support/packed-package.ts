import { readFileSync } from 'node:fs';
import { copyFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { npm, run } from './programs';
import { temporaryFolder } from './temporary-folders';
import { UnavailableError } from './unavailable';

/** The folder of this package. */
export const ROOT = join(__dirname, '..', '..');

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/** The package as `npm publish` would send it. */
export interface PackedPackage {
  readonly name: string;
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly PackedFile[];
}

let packed: Promise<PackedPackage> | undefined;
const userFolders = new Map<string, Promise<string>>();

/** Packs the package, freshly built, once per test run. */
export function packedPackage(): Promise<PackedPackage> {
  packed ??= pack();
  return packed;
}

/**
 * A user directory in which the packed package is installed as a user would do it, together with other
 * packages in the versions that this package is developed with. It is installed once per test run; leave it as it is.
 * @throws UnavailableError without a network
 */
export function installedUserFolder(packages: readonly string[] = []): Promise<string> {
  const key = [...packages].sort().join(' ');
  const folder = userFolders.get(key) ?? install(packages);
  userFolders.set(key, folder);
  return folder;
}

/** Makes a folder one like `installedUserFolder`; the packages themselves, thousands of files, are shared. */
export async function fillUserFolder(packages: readonly string[], destination: string): Promise<void> {
  const installed = await installedUserFolder(packages);
  await copyFile(join(installed, 'package.json'), join(destination, 'package.json'));
  await symlink(join(installed, 'node_modules'), join(destination, 'node_modules'), 'junction');
}

async function pack(): Promise<PackedPackage> {
  await run(process.execPath, [join(ROOT, 'scripts', 'build.mjs'), '--if-stale'], { cwd: ROOT });
  const folder = await temporaryFolder('pack');
  // The build has just been looked after, so `prepack` need not do it again.
  const output = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT);
  const [entry] = packList(JSON.parse(output));
  if (!entry) throw new Error(`npm pack said nothing about the package: ${output}`);
  const { name, filename, size, unpackedSize, files } = entry;
  // npm before 9 names the file of a scoped package as it names the package.
  return {
    name,
    tarball: join(folder, filename.replace('@', '').replace('/', '-')),
    size,
    unpackedSize,
    files,
  };
}

type PackEntry = Omit<PackedPackage, 'tarball'> & { readonly filename: string };

/** The answer of `npm pack --json`: a list, or since npm 12 an object by package name. */
function packList(answer: unknown): PackEntry[] {
  return Object.values(answer as Record<string, PackEntry>);
}

async function install(packages: readonly string[]): Promise<string> {
  const { tarball } = await packedPackage();
  const folder = await temporaryFolder('user');
  const wanted = [tarball, ...packages.map((name) => `${name}@${developedWith(name)}`)];
  const options = ['--prefix', folder, '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'];
  await npm(['install', ...wanted, ...options], folder).catch((thrown: unknown) => {
    throw isOffline(thrown)
      ? new UnavailableError(`npm could not fetch what the package depends on. ${thrown}`)
      : thrown;
  });
  return folder;
}

/** True when npm failed because it reached nobody. */
function isOffline(thrown: unknown): boolean {
  return /\bE(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH)\b/.test(
    String(thrown),
  );
}

/** The version of a package that is installed for development. */
export function developedWith(name: string): string {
  const path = createRequire(join(ROOT, 'package.json')).resolve(`${name}/package.json`);
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return version;
}
