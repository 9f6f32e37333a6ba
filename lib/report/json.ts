import { type Renderer, scanDocument } from './data';
import { jsonPieces } from './json-pieces';
import { TimeSlices } from './time-slices';

/**
 * The JSON report, endpoint by endpoint and topic by topic: the text of a large scan as one string would pass the
 * longest string that V8 allows.
 */
export const renderJson: Renderer = async function* (data, { number, signal, onProgress }) {
  const slices = new TimeSlices(signal);
  const { endpoints, ...head } = scanDocument(number, data);
  yield `${JSON.stringify(head, null, 2).slice(0, -'\n}'.length)},\n  "endpoints": [`;
  let separator = '\n';
  for (const [index, endpoint] of endpoints.entries()) {
    yield `${separator}    `;
    for (const piece of jsonPieces(endpoint, '    ')) {
      yield piece;
      await slices.step();
    }
    separator = ',\n';
    onProgress?.((index + 1) / endpoints.length);
  }
  yield endpoints.length === 0 ? ']\n}\n' : '\n  ]\n}\n';
};
