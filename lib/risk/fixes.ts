/** How to mend something: in general, and with the exact setting of a product. Whole sentences. */
export interface Fix {
  readonly generic: string;
  readonly mosquitto?: string;
  readonly emqx?: string;
  readonly hivemq?: string;
  readonly vernemq?: string;
  readonly rabbitmq?: string;
  readonly nanomq?: string;
}

export type FixedProduct = Exclude<keyof Fix, 'generic'>;

const PRODUCTS: ReadonlyMap<string, FixedProduct> = new Map([
  ['mosquitto', 'mosquitto'],
  ['emqx', 'emqx'],
  ['hivemq', 'hivemq'],
  ['vernemq', 'vernemq'],
  ['rabbitmq', 'rabbitmq'],
  ['nanomq', 'nanomq'],
]);

/** The key of a product's remedies; undefined for products that have none. */
export function fixKey(product: string | undefined): FixedProduct | undefined {
  return product === undefined ? undefined : PRODUCTS.get(product.toLowerCase());
}

/** The remedy for a product, or the general one. */
export function remediationFor(fix: Fix, key: FixedProduct | undefined): string {
  return (key && fix[key]) ?? fix.generic;
}

/** A remedy that has its own general words and the settings of another. */
export function fix(generic: string, settings: Omit<Fix, 'generic'>): Fix {
  return { ...settings, generic };
}

/** Where no product has a setting for it. */
export function general(generic: string): Fix {
  return { generic };
}

export const TLS_ONLY: Fix = {
  generic:
    'Offer MQTT over TLS only: give the broker a certificate, close the plain listener, or bind it to 127.0.0.1.',
  mosquitto:
    'In mosquitto.conf use "listener 8883" with certfile and keyfile, and remove "listener 1883" or bind it: "listener 1883 127.0.0.1".',
  emqx: 'In emqx.conf set listeners.tcp.default.enable = false and configure listeners.ssl.default with certfile and keyfile in ssl_options.',
  hivemq:
    'In config.xml remove the <tcp-listener> and add a <tls-tcp-listener> on port 8883 with its keystore.',
  vernemq:
    'In vernemq.conf remove listener.tcp.default, and set listener.ssl.default = 0.0.0.0:8883 with listener.ssl.certfile and listener.ssl.keyfile.',
  rabbitmq:
    'In rabbitmq.conf set mqtt.listeners.tcp = none and mqtt.listeners.ssl.default = 8883, with ssl_options.certfile and ssl_options.keyfile.',
  nanomq:
    'In nanomq.conf remove the listeners.tcp block, and configure listeners.ssl with bind = "0.0.0.0:8883", certfile and keyfile.',
};

export const WEB_SOCKET_TLS_ONLY: Fix = {
  generic: 'Offer WebSockets inside TLS only (wss), or close the WebSocket listener.',
  mosquitto:
    'In mosquitto.conf give the listener with "protocol websockets" a certfile and keyfile, or remove it.',
  emqx: 'In emqx.conf set listeners.ws.default.enable = false and use listeners.wss.default.',
  hivemq: 'In config.xml replace the <websocket-listener> by a <tls-websocket-listener>.',
  vernemq: 'In vernemq.conf replace listener.ws.default by listener.wss.default with a certificate.',
  rabbitmq:
    'In rabbitmq.conf set web_mqtt.tcp.listener = none and configure web_mqtt.ssl.port with a certificate.',
  nanomq: 'In nanomq.conf remove the listeners.ws block and configure listeners.wss.',
};

export const WEB_SOCKET_ORIGINS: Fix = {
  generic:
    'Have the broker, or the web server before it, accept the Origin of your own pages only; clients that are no browsers send none.',
  mosquitto:
    'In mosquitto.conf set websockets_origin for the listener (2.1 and newer), or check the Origin in a web server before it.',
  emqx: 'In emqx.conf set check_origin_enable = true and check_origins in listeners.ws.default.websocket, and the same for wss.',
  rabbitmq:
    'In rabbitmq.conf set web_mqtt.allow_origins where the release has it, or check the Origin in a web server before it.',
};

export const NO_ANONYMOUS: Fix = {
  generic: 'Switch anonymous access off and give every device a login of its own.',
  mosquitto: 'In mosquitto.conf set "allow_anonymous false" and a password_file (mosquitto_passwd makes it).',
  emqx: 'Add an authenticator: without any, EMQX lets everyone in. In emqx.conf: authentication = [{mechanism = password_based, backend = built_in_database}].',
  hivemq:
    'Remove extensions/hivemq-allow-all-extension and install a security extension, for example the File RBAC Extension.',
  vernemq:
    'In vernemq.conf set allow_anonymous = off and plugins.vmq_passwd = on, and make logins with vmq-passwd.',
  rabbitmq:
    'In rabbitmq.conf set anonymous_login_user = none (4.0 and newer) or mqtt.allow_anonymous = false (3.x).',
  nanomq: 'In nanomq.conf set auth.allow_anonymous = false and include a password file in auth.password.',
};

export const ACCESS_LIST: Fix = {
  generic: 'Require a login and give each account only the topics that it needs.',
  mosquitto:
    'In mosquitto.conf set an acl_file; in it, per user: "user sensor1" and "topic write sensors/sensor1/#".',
  emqx: 'In emqx.conf set authorization.no_match = deny, and end acl.conf with {deny, all}; allow each client its topics before.',
  hivemq: 'In the File RBAC Extension give each role only the topics that it needs, in its permissions.',
  vernemq:
    'In vernemq.conf set plugins.vmq_acl = on, and in vmq_acl.acl_file replace "topic #" by rules for each user.',
  rabbitmq:
    'Narrow the rights: rabbitmqctl set_topic_permissions -p / USER amq.topic "^write-pattern$" "^read-pattern$".',
  nanomq: 'In nanomq.conf set auth.no_match = deny, and allow each user its topics in nanomq_acl.conf.',
};

export const SYS_ACCESS: Fix = {
  generic: 'Deny $SYS/# to accounts that do not watch over the broker.',
  mosquitto:
    'In the acl_file give "topic read $SYS/#" to the monitoring user only, or set "sys_interval 0" in mosquitto.conf.',
  emqx: 'In acl.conf keep {deny, all, subscribe, ["$SYS/#", {eq, "#"}]}, and allow it to the dashboard user only.',
  hivemq: 'Leave $SYS out of the permissions of every role; HiveMQ publishes it only by an extension.',
  vernemq: 'In vernemq.conf set systree_enabled = off, or deny $SYS/# in vmq_acl.acl_file.',
  rabbitmq: 'Deny $SYS in the topic permissions of all accounts but the monitoring one.',
  nanomq: 'In nanomq_acl.conf deny {"topics": ["$SYS/#"]} to all but the monitoring user.',
};

export const DEFAULT_LOGIN: Fix = {
  generic: 'Change the password, or remove the account.',
  mosquitto:
    'Set a new password: mosquitto_passwd PASSWORD_FILE USER; or remove it: mosquitto_passwd -D PASSWORD_FILE USER.',
  emqx: 'Change the password: emqx ctl admins passwd USER NEW_PASSWORD; MQTT users in the dashboard under Authentication.',
  hivemq:
    'Change the user in the Control Center section of config.xml, and MQTT users in the security extension.',
  vernemq: 'Set a new password: vmq-passwd FILE USER; or remove it: vmq-passwd -D FILE USER.',
  rabbitmq:
    'Remove it: rabbitmqctl delete_user guest; or change it: rabbitmqctl change_password guest NEW_PASSWORD.',
  nanomq: 'Replace the lines of nanomq_pwd.conf, and username and password of http_server in nanomq.conf.',
};

export const CERTIFICATE: Fix = {
  generic: 'Install a certificate that holds for the names in use, from a CA that the devices know.',
  mosquitto: 'Put the new certificate into certfile (with the chain) and keyfile, and send mosquitto SIGHUP.',
  emqx: 'Replace certfile and keyfile in listeners.ssl.default.ssl_options (dashboard: Management, Listeners).',
  hivemq:
    'Put the new certificate into the keystore of the <tls-tcp-listener>; HiveMQ reads it again by itself.',
  vernemq:
    'Replace listener.ssl.certfile, listener.ssl.keyfile and listener.ssl.cafile, and restart the listener with vmq-admin.',
  rabbitmq:
    'Replace ssl_options.certfile and ssl_options.keyfile in rabbitmq.conf, and restart the listeners.',
  nanomq: 'Replace certfile and keyfile in listeners.ssl of nanomq.conf.',
};

export const TLS_VERSIONS_FIX: Fix = {
  generic: 'Allow TLS 1.2 and 1.3 only.',
  mosquitto:
    'In mosquitto.conf set "tls_version tlsv1.2" for the listener; that is the lowest version it takes.',
  emqx: 'In emqx.conf set listeners.ssl.default.ssl_options.versions = [tlsv1.3, tlsv1.2].',
  hivemq:
    'In the <tls> section of the listener list <protocol>TLSv1.3</protocol> and <protocol>TLSv1.2</protocol> only.',
  vernemq: 'In vernemq.conf set listener.ssl.tls_version = tlsv1.2.',
  rabbitmq: 'In rabbitmq.conf set ssl_options.versions.1 = tlsv1.3 and ssl_options.versions.2 = tlsv1.2.',
  nanomq:
    'Build NanoMQ with a TLS library that has TLS 1.0 and 1.1 switched off, or put a TLS proxy in front of it.',
};

export const CIPHERS: Fix = {
  generic:
    'Allow suites with forward secrecy and authenticated encryption only: ECDHE with AES-GCM or ChaCha20-Poly1305.',
  mosquitto: 'In mosquitto.conf set "ciphers ECDHE+AESGCM:ECDHE+CHACHA20" for the listener.',
  emqx: 'In emqx.conf list ECDHE suites with GCM only in listeners.ssl.default.ssl_options.ciphers.',
  hivemq: 'In the <tls> section of the listener list ECDHE suites with GCM only in <cipher-suites>.',
  vernemq: 'In vernemq.conf set listener.ssl.ciphers to ECDHE suites with GCM only.',
  rabbitmq: 'In rabbitmq.conf list ECDHE suites with GCM only in ssl_options.ciphers.1 and following.',
  nanomq: 'Put a TLS proxy in front of NanoMQ that takes ECDHE suites with GCM only.',
};

export const CLIENT_CERTIFICATES: Fix = {
  generic: 'Where devices can hold a key, have the broker require a client certificate.',
  mosquitto: 'In mosquitto.conf set cafile, "require_certificate true" and "use_identity_as_username true".',
  emqx: 'In emqx.conf set verify = verify_peer and fail_if_no_peer_cert = true in listeners.ssl.default.ssl_options.',
  hivemq:
    'In the <tls> section set <client-authentication-mode>REQUIRED</client-authentication-mode> and a truststore.',
  vernemq:
    'In vernemq.conf set listener.ssl.require_certificate = on and listener.ssl.use_identity_as_username = on.',
  rabbitmq:
    'In rabbitmq.conf set ssl_options.verify = verify_peer, ssl_options.fail_if_no_peer_cert = true and mqtt.ssl_cert_login = true.',
  nanomq: 'In nanomq.conf set verify_peer = true and fail_if_no_peer_cert = true in listeners.ssl.',
};

export const PACKET_LIMIT: Fix = {
  generic: 'Limit the size of packets to what the devices send.',
  mosquitto: 'In mosquitto.conf set "max_packet_size 65536", or what the devices need.',
  emqx: 'In emqx.conf set mqtt.max_packet_size = 64KB, or what the devices need.',
  hivemq:
    'In config.xml set <mqtt><packets><max-packet-size>65536</max-packet-size></packets></mqtt>, or what the devices need.',
  vernemq: 'In vernemq.conf set max_message_size = 65536, or what the devices need.',
  rabbitmq: 'In rabbitmq.conf set mqtt.max_packet_size_authenticated = 65536, or what the devices need.',
  nanomq: 'In nanomq.conf set mqtt.max_packet_size = 64KB, or what the devices need.',
};

export const RECEIVE_LIMIT: Fix = {
  generic: 'Limit how many messages a client may have under way.',
  mosquitto: 'In mosquitto.conf set "max_inflight_messages 20".',
  emqx: 'In emqx.conf set mqtt.max_inflight = 32.',
  hivemq:
    'In config.xml set <mqtt><receive-maximum><server-receive-maximum>10</server-receive-maximum></receive-maximum></mqtt>.',
  vernemq: 'In vernemq.conf set max_inflight_messages = 20 and receive_max_broker = 20.',
  rabbitmq: 'In rabbitmq.conf set mqtt.prefetch = 10.',
  nanomq: 'In nanomq.conf set mqtt.max_inflight_window = 32.',
};

export const SESSION_LIMIT: Fix = {
  generic: 'Let the broker forget the sessions of clients that do not come back.',
  mosquitto: 'In mosquitto.conf set "persistent_client_expiration 1d".',
  emqx: 'In emqx.conf set mqtt.session_expiry_interval = 2h.',
  hivemq:
    'In config.xml set <mqtt><session-expiry><max-interval>86400</max-interval></session-expiry></mqtt>.',
  vernemq: 'In vernemq.conf set persistent_client_expiration = 1d.',
  rabbitmq: 'In rabbitmq.conf set mqtt.max_session_expiry_interval_seconds = 86400.',
};

export const UPDATE: Fix = {
  generic: 'Install a version that is supported and has the corrections; then scan again.',
  mosquitto:
    'Update mosquitto to 2.0.23 or 2.1.2, or make sure that your distribution has put the corrections into its package.',
  emqx: 'Update EMQX to the newest release of a supported line (5.10 or 6.x).',
  hivemq: 'Update HiveMQ to a release with long-term support.',
  vernemq: 'Update VerneMQ to the newest release.',
  rabbitmq: 'Update RabbitMQ to a supported line (4.2 or newer) and its newest patch release.',
  nanomq: 'Update NanoMQ to the newest release.',
};

export const STRICT: Fix = {
  generic: 'Use a broker that refuses malformed packets, and keep it up to date.',
  mosquitto: 'Update mosquitto: the versions of the 2.x line close the connection at malformed packets.',
  emqx: 'In emqx.conf set mqtt.strict_mode = true.',
  hivemq: 'Update HiveMQ; it has no setting for this.',
  vernemq: 'Update VerneMQ; it has no setting for this.',
  rabbitmq: 'Update RabbitMQ to 3.13 or newer, whose MQTT plugin was written anew.',
  nanomq: 'Update NanoMQ; it has no setting for this.',
};

export const OLD_MQTT: Fix = {
  generic: 'Where all devices speak MQTT 3.1.1 or 5.0, refuse MQTT 3.1.',
  mosquitto: 'In mosquitto.conf set "accept_protocol_versions 4, 5" for the listener (2.1 and newer).',
  hivemq: 'Reject clients with MQTT 3.1 in an extension; HiveMQ has no setting for this.',
  vernemq: 'In vernemq.conf set listener.tcp.allowed_protocol_versions = 4,5.',
};

export const PLAIN_CREDENTIALS: Fix = fix(
  'Change the password, since it may have been read, and use the login over TLS only.',
  {
    ...TLS_ONLY,
    mosquitto:
      'Change the password with mosquitto_passwd, since it may have been read, and keep only the listener with certfile and keyfile.',
  },
);
