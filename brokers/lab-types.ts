/** User name and password of the lab's secure broker. */
export interface LabCredentials {
  readonly username: string;
  readonly password: string;
}

/** Where one broker of the lab is reached. */
export interface LabEndpoint {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** A running lab: one broker open to all, one behind TLS and a login. */
export interface Lab {
  readonly insecure: LabEndpoint;
  readonly secure: LabEndpoint;
  /** The certificate (PEM) that vouches for the secure broker. */
  readonly ca: string;
  readonly caPath: string;
  readonly credentials: LabCredentials;
  /** Ends sensors, brokers and every connection; the ports are free when it resolves. */
  stop(): Promise<void>;
}

/** How a lab is started. */
export interface LabOptions {
  /** Address to listen on. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly plainPort?: number;
  /** 0 takes any free port. */
  readonly tlsPort?: number;
  /** Folder of the certificates. */
  readonly directory?: string;
  /** Further names and addresses for the server certificate. */
  readonly names?: readonly string[];
  readonly credentials?: LabCredentials;
  /** False starts the brokers without the simulated devices. */
  readonly sensors?: boolean;
  /** Milliseconds between two readings of a sensor. */
  readonly intervalMs?: number;
  /** Same seed, same readings. */
  readonly seed?: number;
}
