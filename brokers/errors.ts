/** Another program holds a port that the lab wants. */
export class PortInUseError extends Error {
  readonly code = 'EADDRINUSE';
  readonly port: number;

  constructor(port: number, host: string, variable: string) {
    super(
      `Port ${port} on ${host} is already in use. Stop the program that listens there ` +
        `(another MQTT broker, or a lab that still runs), or choose another port with ${variable}.`,
    );
    this.name = 'PortInUseError';
    this.port = port;
  }
}

/** The mosquitto program was asked for and is not installed. */
export class MosquittoMissingError extends Error {
  readonly code = 'MOSQUITTO_MISSING';

  constructor() {
    super(
      'The program mosquitto was found neither in PATH nor in /usr/sbin. Install it ' +
        '(Debian, Ubuntu: apt install mosquitto; macOS: brew install mosquitto), or start the lab without --mosquitto.',
    );
    this.name = 'MosquittoMissingError';
  }
}

/** Mosquitto was started and gave up; its own words are in the message. */
export class MosquittoFailedError extends Error {
  readonly code = 'MOSQUITTO_FAILED';

  constructor(output: string) {
    super(`Mosquitto did not start: ${output.trim().replaceAll(/\s*\n\s*/g, ' | ') || 'it gave no reason'}`);
    this.name = 'MosquittoFailedError';
  }
}
