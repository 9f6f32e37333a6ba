/**
 * Topics on which devices declare what they are: `homeassistant/…/config`, `zigbee2mqtt/bridge/devices`,
 * `tasmota/discovery/…`, `homie/5/…/$description`, Sparkplug births, `esphome/discover/…`, `shellies/announce`.
 */
const DECLARATION =
  /(?:\/config$|\/bridge\/(?:devices|info)$|^tasmota\/discovery\/|\/\$description$|\/[ND]BIRTH\/|^esphome\/discover\/|^shellies\/announce$)/;
const MAX_BYTES = 256;

/** True for the name of a topic that is kept at length, since what it says explains other topics. */
export function isDeclaration(name: Buffer): boolean {
  return name.length <= MAX_BYTES && DECLARATION.test(name.toString('latin1'));
}
