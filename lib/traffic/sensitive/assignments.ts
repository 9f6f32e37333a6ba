import { type Hit, isFolder, isPlaceholder, type Looked } from './hit';

const PASSWORDS =
  'pass(?:word|wd|phrase|wort|key)?|pwd|psk|kennwort|contrase(?:ñ|n)a|senha|wachtwoord|parola|heslo|has[łl]o|lösenord|пароль|密码|kata[_ ]?(?:laluan|sandi)|mot[_ ]?de[_ ]?passe|noise[_-]?psk';
const KEYS =
  '(?:private|encrypt(?:ion)?|network|link|apps?|nwks?|local|master|device|bind|aes|hmac|signing|license|session|wifi|wlan|wpa2?|wep)[_ -]?key|encryption:\\s{1,24}key|pre-?shared[_ -]?key|(?:access|secret|shared|auth|account)[_-]?(?:access[_-]?)?key';
const TOKENS = 'secret|api[_-]?key|client[_-]?secret|access[_-]?token|auth[_-]?token|token';
/** A name, what may close its quotation, what separates the value, and what may open the value's. */
const NAME = new RegExp(
  `(wifi|wlan|mqtt|ap|sta)?[_-]?(${PASSWORDS}|${KEYS}|${TOKENS})(?:\\\\?["'])?(\\s{0,3}[=:]\\s{0,3}|>|(?![\\t\\n\\r])[\\p{Cc}\\ufffd][\\p{Cc}\\ufffd ]{0,3})(\\\\?["'])?`,
  'giu',
);
/** What every name has a part of; most texts have none. */
const MAY_HAVE =
  /pass|pwd|psk|kennwort|contrase|senha|wachtwoord|parola|heslo|has[łl]o|lösenord|пароль|密码|laluan|sandi|secret|key|token/i;
/** Also at the end of a longer word, as in `rootpassword`: no other word ends so. */
const WHOLE_WORD = /^(?:pass(?:word|wd|phrase|wort)|kennwort|contrase|senha|wachtwoord)/i;
/** Between name and value; in binary formats the type and length of the value, which are no characters. */
const MAY_SEPARATE = /[=:>\p{Cc}\ufffd]/u;
/** Of tokens: those that guard nothing; of passwords: whether there is one. */
const NO_SECRET =
  /(?:csrf|xsrf|page|next|continuation|max|num|(?<!\p{L})(?:has|is|show|require|need|allow|hide|enable))[_-]?$/iu;
/** What stands before the last part of an element's name. */
const TAG = /<(?:[\w.-]{1,40}:)?[\w.-]{0,40}$/;
const MAX_HITS = 20;
/** Names after which is looked, and how far. */
const MAX_TRIES = 400;
const MAX_RUN = 2048;
const MIN_VALUE = 4;
const MAX_VALUE = 128;
const MAX_QUOTED = 1024;
const MAX_LINES = 40;

/** Where an unquoted value ends for certain. A quotation mark that does not close anything is part of it. */
const END = /[\s<>]|\\?["'](?=[\s,;:)\]}<>]|$)/;
/** What separates it from a further assignment: `&next=`, `;next=`, and punctuation at the end of a sentence. */
const SEPARATOR = /[&;,](?=\s|$|[A-Za-z_][\w.-]{0,40}[=:])|\.(?=\s|$)/;
/** `password: must be long` is a sentence. */
const PROSE = /^[A-Za-z]?[a-z]+$/;

/** True when a text may have an assignment in it. */
export function mayAssign(text: string): boolean {
  return MAY_SEPARATE.test(text) && MAY_HAVE.test(text);
}

/** `password=…` in texts, addresses, XML, and what programs write into their logs. */
export function assignedIn(text: string): Looked {
  const hits: Hit[] = [];
  if (!mayAssign(text)) return { hits };
  let tries = 0;
  const runs = new Runs(text);
  for (const match of text.matchAll(NAME)) {
    if (hits.length >= MAX_HITS || ++tries > MAX_TRIES) return { hits, end: match.index };
    const [all, prefix = '', name = '', separator = '', quote] = match;
    // `bypass=` and `compass:` are other words, `userPassword`, `DB_PASS` and `rootpassword` are not.
    const around = text.slice(Math.max(0, match.index - 1), match.index + 1);
    const isPart = /^\p{L}/u.test(around) && match.index > 0 && !/^(?:[a-z][A-Z]|.[_-])/.test(around);
    if (isPart && !WHOLE_WORD.test(name)) continue;
    const isElement = separator === '>';
    // `<input name="password">` is a form, `<password>` is not.
    if (isElement && !TAG.test(text.slice(Math.max(0, match.index - 90), match.index))) continue;
    const start = isElement ? text.indexOf('>', match.index) + 1 : match.index + all.length;
    const found = isElement
      ? elementAt(text, start)
      : quote === undefined
        ? (blockAt(text, start) ?? unquotedAt(runs, start, separator))
        : quotedAt(runs, start, quote);
    const before = text.slice(Math.max(0, match.index - 16), match.index + all.indexOf(name));
    if (!found || NO_SECRET.test(before) || !isSecret(name, found.value)) continue;
    const isWifi = /wifi|wlan|sta|ap/i.test(prefix) || /^(?:psk|wifi|wlan|wpa|wep)/i.test(name);
    const isToken =
      !/^pre/i.test(name) && /token|api.?key|passkey|(?:access|secret|shared|auth|account).?key/i.test(name);
    const isKey = /key|noise/i.test(name) && !isToken;
    hits.push({
      class: isWifi ? 'wifi-key' : isKey ? 'encryption-key' : isToken ? 'token' : 'credentials',
      severity: 'HIGH',
      confidence: 0.7,
      value: found.value,
      spans: [{ start, end: found.end }],
    });
  }
  return { hits };
}

interface Value {
  readonly value: string;
  /** Where what may belong to it ends: rather too much is hidden than a part of a secret shown. */
  readonly end: number;
}

function isSecret(name: string, value: string): boolean {
  if (value.length > MAX_QUOTED || isPlaceholder(value)) return false;
  if (/^pwd$/i.test(name) && isFolder(value)) return false;
  return !/token|key/i.test(name) || (value.length >= 8 && !/^\d+$/.test(value));
}

/** Words of a text with everything that may belong to them; several assignments may stand in one. */
class Runs {
  readonly text: string;
  #end = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** @param start no less than at the last call */
  at(start: number): string {
    if (start > this.#end || this.#end === 0) {
      const rest = this.text.slice(start, start + MAX_RUN);
      const length = rest.search(END);
      this.#end = start + (length < 0 ? rest.length : length);
    }
    return this.text.slice(start, this.#end);
  }
}

function unquotedAt(runs: Runs, start: number, separator: string): Value | undefined {
  const { text } = runs;
  const run = runs.at(start);
  const cut = run.search(SEPARATOR);
  const value = cut < 0 ? run : run.slice(0, cut);
  if (value.length < MIN_VALUE) return undefined;
  const isSentence =
    /:\s/.test(separator) &&
    PROSE.test(value) &&
    /^[,;]? [A-Za-z]/.test(text.slice(start + value.length, start + value.length + 3));
  return isSentence ? undefined : { value: value.slice(0, MAX_VALUE), end: start + run.length };
}

/** YAML 1.2.2 §8.1: `|` or `>`, then lines that are indented. */
const BLOCK = /[|>][+-]?\r?\n([ \t]{1,24})\S/y;

function blockAt(text: string, start: number): Value | undefined {
  BLOCK.lastIndex = start;
  const [all = '', indent = ''] = BLOCK.exec(text) ?? [];
  if (all === '') return undefined;
  const first = start + all.length - 1;
  let end = first;
  for (let i = 0; i < MAX_LINES; i++) {
    const next = text.indexOf('\n', end);
    end = next < 0 ? text.length : next;
    if (next < 0 || !text.startsWith(indent, next + 1)) break;
    end = next + 1;
  }
  const value = text.slice(first, Math.min(end, first + MAX_QUOTED)).trim();
  return value.length < MIN_VALUE ? undefined : { value, end };
}

/** To the end of an element of XML. */
function elementAt(text: string, start: number): Value | undefined {
  const end = text.slice(start, start + MAX_QUOTED).indexOf('<');
  return end < 0 ? undefined : { value: text.slice(start, start + end), end: start + end };
}

/** To the quotation mark that is like the first one and not escaped. */
function quotedAt(runs: Runs, start: number, quote: string): Value | undefined {
  const { text } = runs;
  // `\"` in a text that was quoted once more.
  const isTwice = quote.length === 2;
  const mark = quote.at(-1) ?? '"';
  for (let at = start; at < Math.min(text.length, start + MAX_QUOTED); at++) {
    const char = text[at];
    if (char === '\n') break;
    if (isTwice && text.startsWith(quote, at)) return { value: text.slice(start, at), end: at };
    if (!isTwice && char === mark)
      return { value: text.slice(start, at).replaceAll(/\\(.)/g, '$1'), end: at };
    if (char === '\\') at++;
  }
  // Without an end: cut off, or no quotation at all.
  return unquotedAt(runs, start, '');
}
