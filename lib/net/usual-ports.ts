/** Where brokers speak MQTT over TLS, by registration (8883) or by custom, and where web servers speak TLS. */
export const TLS_PORTS: ReadonlySet<number> = new Set([443, 8883, 8884, 8886, 14_883]);

/** Where brokers and their documentation put MQTT over WebSocket, and the usual ports of web servers. */
export const WEB_SOCKET_PORTS: ReadonlySet<number> = new Set([
  80, 443, 8000, 8080, 8083, 8084, 8443, 9001, 9883, 15_675, 15_676,
]);

/** All ports on which a broker is no surprise. */
export const USUAL_PORTS: ReadonlySet<number> = new Set([1883, 1884, ...TLS_PORTS, ...WEB_SOCKET_PORTS]);
