/** MQTT control packet types (3.1.1 §2.2.1, 5.0 §2.1.2) that the scanner names. */
export const PacketType = {
  CONNACK: 2,
  PUBLISH: 3,
  PUBACK: 4,
  PUBREC: 5,
  PUBREL: 6,
  PUBCOMP: 7,
  SUBACK: 9,
  UNSUBACK: 11,
  PINGRESP: 13,
  DISCONNECT: 14,
  AUTH: 15,
} as const;

/** Packet types that a server may send; any other one ends the connection. */
export const FROM_SERVER: ReadonlySet<number> = new Set(Object.values(PacketType));
