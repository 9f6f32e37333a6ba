import { TimeSlices } from './time-slices';

/**
 * A JSON document with one long list in it, element by element.
 * @param shell the document with an empty list as the value of its last member, two spaces deep
 */
export async function* jsonWithList(
  shell: object,
  elements: Iterable<unknown>,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const text = JSON.stringify(shell, null, 2);
  const at = text.lastIndexOf('[]');
  const slices = new TimeSlices(signal);
  yield text.slice(0, at + 1);
  let separator = '\n';
  for (const element of elements) {
    yield `${separator}${JSON.stringify(element)}`;
    separator = ',\n';
    await slices.step();
  }
  yield `${text.slice(at + 1)}\n`;
}
