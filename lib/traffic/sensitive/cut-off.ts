import { contentOf } from '../json';
import type { Message } from '../message';
import { namesSecret } from './key-rules';
import { beginningOfSecret } from './text-rules';

const NUMBER_MEMBER = /"([^"\\]{1,64})"\s{0,8}:\s{0,8}(\d{1,40})$/;
/** So much of the end is looked at. */
const TAIL = 256;

/**
 * Where at the end of a payload that was cut off there something begins that may be a secret. Too little of it is left
 * to say so in a finding, and too much to be shown.
 */
export function cutOffSecret({ text, json, isCut }: Message): number | undefined {
  if (!isCut) return undefined;
  const last = json?.leaves.at(-1);
  if (last?.isOpen && namesSecret(last)) return contentOf(last).start;
  const tail = text.slice(-TAIL);
  const [, name, digits] = NUMBER_MEMBER.exec(tail) ?? [];
  if (name !== undefined && digits !== undefined && namesSecret({ key: name, parent: undefined }))
    return text.length - digits.length;
  return beginningOfSecret(text);
}
