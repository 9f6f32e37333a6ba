import { contentOf, type JsonNode, member, pathOf } from '../json';
import type { Message } from '../message';
import { normalised } from '../quantities';
import type { Hit } from './hit';

const LATITUDE = ['lat', 'latitude', 'Latitude', 'Lat', 'LAT'];
const LONGITUDE = ['lon', 'lng', 'long', 'longitude', 'Longitude', 'Lon', 'Lng'];
/** Names of both in one: a list, or a text with a comma. */
const BOTH = /^(?:gps|gpsposition|gpslocation|loc|location|latlng|latlon|position|coordinates|coords)$/;
const BOTH_TEXT = /^\s*(-?\d{1,2}\.\d{3,15})\s*,\s*(-?\d{1,3}\.\d{3,15})\s*$/;
const MAX_TEXT = 64;
/** Where something stands for good, or what a map shows: everybody may know. */
const FIXED =
  /(?:weather|forecast|station|gateway|rx_?metadata|rx_?info|antenna|site|sun|tide|airport|meteo|openweather|quake|lightning|adsb|aircraft|city)/i;
/** The part of a map that a screen shows. */
const MAP_LEVEL = /(?:^|\/)(?:map[/_-]?(?:cent(?:er|re)|view|bounds)|viewport)(?:\/|$)/i;
const MAP = /(?:map|cent(?:er|re)|viewport|bounds|zoom|tile)/i;

/** Positions in the members of an object. */
export function placesIn(object: JsonNode, message: Message): Hit[] {
  // With a zoom it is what a map shows.
  if (isMapTopic(message.topic) || member(object, 'zoom')) return [];
  const hits: Hit[] = [];
  const pair = pairIn(object);
  if (pair) hits.push(hitOf(pair, pair[0].parent === object ? pair[0] : object, message));
  // The coordinates of GeoJSON are found with the type beside them.
  const isGeometry = member(object, 'type') !== undefined;
  for (const leaf of object.entries ?? []) {
    if (typeof leaf.key !== 'string' || leaf.key.length > 16 || !BOTH.test(normalised(leaf.key))) continue;
    const [first, second] = (!isGeometry && leaf.isArray && leaf.entries) || [];
    if (first && second && leaf.entries?.length === 2 && isPair(first, second))
      hits.push(hitOf([first, second], leaf, message));
    if (typeof leaf.value === 'string' && isPairText(leaf.key, leaf.value))
      hits.push(hitOf([leaf], leaf, message));
  }
  return hits.filter(({ nodes: [node] = [] }) => node && !MAP.test(pathOf(node)));
}

/** True for `48.13743,11.57549` under a name of positions. */
export function isPairText(name: string, text: string): boolean {
  if (text.length > MAX_TEXT || name.length > 16 || !BOTH.test(normalised(name))) return false;
  const [, latitude, longitude] = BOTH_TEXT.exec(text) ?? [];
  return isPair({ value: latitude }, { value: longitude });
}

type Pair = readonly [JsonNode, JsonNode];

function pairIn(object: JsonNode): Pair | undefined {
  const latitude = LATITUDE.map((key) => member(object, key)).find((node) => node);
  const longitude = LONGITUDE.map((key) => member(object, key)).find((node) => node);
  if (latitude && longitude && isPair(latitude, longitude)) return [latitude, longitude];
  return point(object) ?? scaled(object);
}

function hitOf(values: readonly JsonNode[], node: JsonNode, { topic }: Message): Hit {
  const isFixed = FIXED.test(pathOf(node)) || isFixedPlace(topic);
  return {
    class: 'location',
    severity: isFixed ? 'LOW' : 'HIGH',
    confidence: isFixed ? 0.5 : 0.9,
    value: values.map(({ value }) => value).join(','),
    spans: values.map(contentOf),
    nodes: [node],
  };
}

/** True for the topic of what a map shows. */
export function isMapTopic(topic: string): boolean {
  return MAP_LEVEL.test(topic);
}

/** True where a name says that what is there does not move. */
export function isFixedPlace(name: string): boolean {
  return FIXED.test(name);
}

/** RFC 7946 §3.1.2: longitude first. */
function point(object: JsonNode): Pair | undefined {
  const list = member(object, 'type')?.value === 'Point' ? member(object, 'coordinates')?.entries : undefined;
  const [longitude, latitude] = list ?? [];
  return longitude && latitude && isPair(latitude, longitude) ? [latitude, longitude] : undefined;
}

/** Meshtastic sends ten-millionths of a degree. */
function scaled(object: JsonNode): Pair | undefined {
  const latitude = member(object, 'latitude_i');
  const longitude = member(object, 'longitude_i');
  const isPlace = (value: JsonNode['value'], limit: number): boolean =>
    Number.isInteger(value) && Math.abs(Number(value)) > 1e4 && Math.abs(Number(value)) <= limit * 1e7;
  return latitude && longitude && isPlace(latitude.value, 90) && isPlace(longitude.value, 180)
    ? [latitude, longitude]
    : undefined;
}

type Value = Pick<JsonNode, 'value'> | { readonly value?: string | undefined };

/** JSON writes no zeros at the end of a number, so one of the two may have fewer decimals. */
function isPair(latitude: Value, longitude: Value): boolean {
  // Shares and ratios are that small; there is nothing but sea around 0, 0.
  if (Math.abs(Number(latitude.value)) < 1 && Math.abs(Number(longitude.value)) < 1) return false;
  return (
    (isCoordinate(latitude, 90) && isCoordinate(longitude, 180, 1)) ||
    (isCoordinate(latitude, 90, 1) && isCoordinate(longitude, 180))
  );
}

/** @param decimals three are about a hundred metres */
export function isCoordinate({ value }: Value, limit: number, decimals: 1 | 3 = 3): boolean {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const written = decimals === 3 ? /^-?\d{1,3}\.\d{3,20}$/ : /^-?\d{1,3}\.\d{1,20}$/;
  return written.test(text) && Math.abs(Number(text)) <= limit && Number(text) !== 0;
}
