import type { Credentials } from '../model';

/** A login that a product or its documentation ships with. */
export interface DefaultLogin extends Credentials {
  /** The product as people know it. */
  readonly product: string;
  /** The names under which the fingerprint knows it. */
  readonly products: readonly string[];
  /** Where it is published. */
  readonly source: string;
}

/** Published defaults only, likely ones first. */
export const DEFAULT_LOGINS: readonly DefaultLogin[] = [
  {
    product: 'RabbitMQ',
    products: ['RabbitMQ'],
    username: 'guest',
    password: 'guest',
    source: 'github.com/rabbitmq/rabbitmq-server, deps/rabbit/Makefile (default_user, default_pass)',
  },
  {
    product: 'EMQX (dashboard), NanoMQ',
    products: ['EMQX', 'NanoMQ'],
    username: 'admin',
    password: 'public',
    source:
      'github.com/emqx/emqx, apps/emqx_dashboard/src/emqx_dashboard_schema.erl; github.com/nanomq/nanomq, etc/nanomq_pwd.conf',
  },
  {
    product: 'NanoMQ',
    products: ['NanoMQ'],
    username: 'client',
    password: 'public',
    source: 'github.com/nanomq/nanomq, etc/nanomq_pwd.conf',
  },
  {
    product: 'ActiveMQ Classic, Artemis',
    products: ['ActiveMQ', 'Artemis'],
    username: 'admin',
    password: 'admin',
    source: 'github.com/apache/activemq, assembly/src/release/conf/users.properties',
  },
  {
    product: 'Artemis',
    products: ['Artemis'],
    username: 'artemis',
    password: 'artemis',
    source: 'github.com/apache/activemq-artemis, artemis-docker',
  },
  {
    product: 'ActiveMQ Classic',
    products: ['ActiveMQ'],
    username: 'system',
    password: 'manager',
    source: 'github.com/apache/activemq, assembly/src/release/conf/credentials.properties',
  },
  {
    product: 'ActiveMQ Classic',
    products: ['ActiveMQ'],
    username: 'guest',
    password: 'password',
    source: 'github.com/apache/activemq, assembly/src/release/conf/credentials.properties',
  },
  {
    product: 'HiveMQ (Control Center)',
    products: ['HiveMQ'],
    username: 'admin',
    password: 'hivemq',
    source: 'docs.hivemq.com, Control Center',
  },
  {
    product: 'Chariot MQTT Server',
    products: ['Chariot'],
    username: 'admin',
    password: 'changeme',
    source: 'docs.chariot.io, IoT Bridge for Snowflake, MQTT Server settings',
  },
  {
    product: 'Chariot MQTT Server (container)',
    products: ['Chariot'],
    username: 'admin',
    password: 'password',
    source: 'docs.chariot.io/x/IoBbDw, ADMIN_PASSWORD',
  },
  {
    product: 'Moquette',
    products: ['Moquette'],
    username: 'testuser',
    password: 'passwd',
    source: 'github.com/moquette-io/moquette, distribution/src/main/resources/password_file.conf',
  },
  {
    product: 'Tasmota devices',
    products: ['mosquitto'],
    username: 'DVES_USER',
    password: 'DVES_PASS',
    source: 'github.com/arendst/Tasmota, tasmota/my_user_config.h',
  },
  {
    product: 'Home Assistant app',
    products: ['mosquitto'],
    username: 'user',
    password: 'passwd',
    source: 'github.com/home-assistant/addons, mosquitto/DOCS.md',
  },
];
