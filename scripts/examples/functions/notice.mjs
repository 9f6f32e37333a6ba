import { clip } from './common.mjs';

/** Shows what went wrong until the next scan starts. */
export function onMessage(msg, { flow }) {
  const seen = flow.get('seen') ?? { scan: '', errors: 0 };
  if (msg.error) {
    seen.errors += 1;
    flow.set('seen', seen);
    const { message = '', code = '' } = msg.error;
    const more = seen.errors > 1 ? `(and ${seen.errors - 1} more before)` : '';
    return {
      payload: { text: clip(String(message).replace(/^\w*Error: /, ''), 400), code: clip(code, 40), more },
    };
  }
  const id = msg.scan?.id;
  if (!id || id === seen.scan) return null;
  flow.set('seen', { scan: id, errors: 0 });
  return { payload: { text: '', code: '', more: '' } };
}
