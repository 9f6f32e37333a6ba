import { type Renderer, scanDocument } from './data';
import { Pace } from './pace';

/**
 * The JSON report, endpoint by endpoint: the text of a large scan as one string would pass the longest
 * string that V8 allows.
 */
export const renderJson: Renderer = async function* (data, { number, signal }) {
  const pace = new Pace(signal);
  const { endpoints, ...head } = scanDocument(number, data);
  yield `${JSON.stringify(head, null, 2).slice(0, -'\n}'.length)},\n  "endpoints": [`;
  let separator = '\n';
  for (const endpoint of endpoints) {
    yield `${separator}${indented(endpoint)}`;
    separator = ',\n';
    await pace.step();
  }
  yield endpoints.length === 0 ? ']\n}\n' : '\n  ]\n}\n';
};

/** A value as it stands two levels deep. Line breaks inside strings are escaped, so all of these are layout. */
function indented(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/^/gm, '    ');
}
