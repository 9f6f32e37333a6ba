import type { LabCredentials, LabOptions } from './lab-types';
import { DEFAULT_CREDENTIALS } from './open-lab';

type Environment = Readonly<Record<string, string | undefined>>;

/** Login from LAB_USERNAME and LAB_PASSWORD; empty counts as not set, as compose treats it. */
export function credentialsFrom(environment: Environment): LabCredentials {
  return {
    username: environment.LAB_USERNAME || DEFAULT_CREDENTIALS.username,
    password: environment.LAB_PASSWORD || DEFAULT_CREDENTIALS.password,
  };
}

/** Address, ports and login from LAB_HOST, LAB_PLAIN_PORT, LAB_TLS_PORT, LAB_USERNAME, LAB_PASSWORD. */
export function labOptionsFrom(environment: Environment): LabOptions {
  return {
    host: environment.LAB_HOST || '127.0.0.1',
    plainPort: portFrom(environment, 'LAB_PLAIN_PORT', 1883),
    tlsPort: portFrom(environment, 'LAB_TLS_PORT', 8883),
    credentials: credentialsFrom(environment),
  };
}

function portFrom(environment: Environment, variable: string, fallback: number): number {
  const text = environment[variable];
  if (!text) return fallback;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new Error(`${variable} is "${text}"; it must be a port number from 0 (any free port) to 65535.`);
}
