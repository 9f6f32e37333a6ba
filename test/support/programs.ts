import { spawn } from 'node:child_process';

/** Variables that a program needs to find its files; nothing else of this process reaches a child. */
const INHERITED = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
  'TMPDIR',
  'TEMP',
  'TMP',
];
/** How npm reaches the network. */
const NETWORK =
  /^(https?_proxy|no_proxy|node_extra_ca_certs|npm_config_(registry|userconfig|cache|cafile))$/i;

/** Without a network npm would try for minutes. */
const IMPATIENT = {
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '500',
  npm_config_fetch_retry_maxtimeout: '2000',
};

/** The environment of a child: what it cannot do without, and what is given. */
export function childEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...pick((name) => INHERITED.some((known) => known.toUpperCase() === name.toUpperCase())),
    ...more,
  };
}

/** What npm needs to reach the network, or to give up soon. */
export function networkEnvironment(): NodeJS.ProcessEnv {
  return { ...IMPATIENT, ...pick((name) => NETWORK.test(name)) };
}

/** Runs npm to its end. @throws Error with what it said when it fails */
export function npm(args: readonly string[], cwd: string): Promise<string> {
  const isWindows = process.platform === 'win32';
  const env = { ...childEnvironment(), ...networkEnvironment() };
  return run(isWindows ? 'npm.cmd' : 'npm', args, { cwd, env, shell: isWindows });
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly shell?: boolean;
}

/** Runs a program to its end and gives its output. @throws Error with what it said when it fails */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}${errors}`));
    });
  });
}

function pick(isWanted: (name: string) => boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isWanted(name)));
}
