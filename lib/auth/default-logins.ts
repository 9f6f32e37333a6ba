import type { Credentials } from '../model';

/** A login that a product or its documentation ships with. */
export interface DefaultLogin extends Credentials {
  readonly product: string;
  /** Where it is published. */
  readonly source: string;
}

/** Published defaults only, likely ones first; at most three passwords for a user name. */
export const DEFAULT_LOGINS: readonly DefaultLogin[] = [
  login(
    'EMQX, NanoMQ',
    'admin',
    'public',
    'emqx/emqx emqx_dashboard_schema.erl; nanomq/nanomq nanomq_pwd.conf',
  ),
  login('NanoMQ', 'client', 'public', 'nanomq/nanomq etc/nanomq_pwd.conf'),
  login('RabbitMQ', 'guest', 'guest', 'rabbitmq/rabbitmq-server deps/rabbit/Makefile'),
  login('HiveMQ', 'admin', 'hivemq', 'HiveMQ documentation, Control Center'),
  login('ActiveMQ Classic, Artemis', 'admin', 'admin', 'apache/activemq assembly/src/release/conf'),
  login('ActiveMQ Classic', 'system', 'manager', 'apache/activemq assembly/src/release/conf'),
  login('ActiveMQ Classic', 'guest', 'password', 'apache/activemq assembly/src/release/conf'),
  login('Artemis', 'artemis', 'artemis', 'apache/activemq-artemis artemis-docker'),
  login('Moquette', 'testuser', 'passwd', 'moquette-io/moquette password_file.conf'),
  login('Tasmota', 'DVES_USER', 'DVES_PASS', 'arendst/Tasmota my_user_config.h'),
  login('Home Assistant', 'user', 'passwd', 'home-assistant/addons mosquitto/DOCS.md'),
];

function login(product: string, username: string, password: string, source: string): DefaultLogin {
  return { product, username, password, source };
}
