/** How a configuration file written for the container is changed to run on this machine. */
export interface ConfigPlace {
  readonly host: string;
  readonly port: number;
  /** Stands for /mosquitto/config. */
  readonly configDirectory: string;
  /** Stands for /mosquitto/data. */
  readonly dataDirectory: string;
  /** Files that stand for those in /mosquitto/certs, by name. */
  readonly certificates: Readonly<Record<string, string>>;
}

/** The text of a container's mosquitto.conf with its listener and its paths moved; all else stays as it is. */
export function placeConfig(text: string, place: ConfigPlace): string {
  return text
    .split('\n')
    .map((line) => placeLine(line, place))
    .join('\n');
}

function placeLine(
  line: string,
  { host, port, configDirectory, dataDirectory, certificates }: ConfigPlace,
): string {
  if (/^listener\s/.test(line)) return `listener ${port} ${host}`;
  const match = /^(\w+) \/mosquitto\/(config|certs|data)\/(\S*)$/.exec(line);
  if (match === null) return line;
  const [, option, folder, name = ''] = match;
  if (folder === 'data') return `${option} ${dataDirectory}/`;
  if (folder === 'config') return `${option} ${configDirectory}/${name}`;
  const path = certificates[name];
  if (path === undefined) throw new Error(`No certificate file stands for /mosquitto/certs/${name}.`);
  return `${option} ${path}`;
}

/** The access list with the rules of `labuser` given to another user. */
export function placeAcl(text: string, username: string): string {
  return text.replace(/^user labuser$/m, () => `user ${username}`);
}
