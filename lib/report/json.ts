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

/**
 * A value as it stands two levels deep. JSON escapes line feeds inside strings, so every one here is layout;
 * U+2028 is not escaped, which is why this does not match line starts.
 */
function indented(value: unknown): string {
  return `    ${JSON.stringify(value, null, 2).replaceAll('\n', '\n    ')}`;
}
