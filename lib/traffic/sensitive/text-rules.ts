import type { RiskLevel, SensitiveClass } from '../../model';
import { printable } from '../../model';
import { firstEnd, type Hit, hasLuhn, isPlaceholder, type Looked, passwordIn } from './hit';
import { wifiCodesIn } from './wifi-code';
import { wordedIn } from './worded';

/**
 * A pattern that is a secret wherever it stands. All patterns are linear: no repetition inside of another, every
 * repetition bounded or over characters that its surroundings do not share.
 */
interface TextRule {
  /** Looked for first; most texts have none of them. */
  readonly keyword: string;
  readonly pattern: RegExp;
  readonly class: SensitiveClass;
  readonly severity: RiskLevel;
  readonly confidence: number;
  /** The group that is the secret; 0, the whole, if absent. */
  readonly group?: number;
  /** It is `user:secret`, as `Basic` has it in base64 (RFC 7617). */
  readonly login?: 'plain' | 'base64';
}

const key = (
  keyword: string,
  pattern: RegExp,
  severity: RiskLevel = 'HIGH',
  group = 0,
  confidence = 0.9,
): TextRule => ({ keyword, pattern, class: 'token', severity, confidence, group });

const RULES: readonly TextRule[] = [
  {
    keyword: '://',
    // RFC 3986 §3.2.1; an `@` of the secret should be escaped, but clients take the last one as its end. Redis has no
    // users by default: `redis://:secret@host`.
    pattern:
      /\b(?:mqtts?|wss?|https?|rtsps?|rtmp|ftps?|sftp|amqps?|rediss?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|ldaps?|smtps?|imaps?|influxdb):\/\/([^\s:@/"'<>\\]{0,64}:[^\s/"'<>\\]{1,128})@([^\s@/"'<>\\:]{1,128})/g,
    class: 'credentials',
    severity: 'HIGH',
    confidence: 0.95,
    group: 1,
    login: 'plain',
  },
  {
    keyword: 'PRIVATE KEY-----',
    pattern: /-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----[A-Za-z0-9+/=\s\\:,-]{0,20000}/g,
    class: 'private-key',
    severity: 'CRITICAL',
    confidence: 1,
  },
  key('AKIA', /\bAKIA[0-9A-Z]{16}\b/g, 'HIGH'),
  key('ASIA', /\bASIA[0-9A-Z]{16}\b/g, 'MEDIUM'),
  key('AIza', /\bAIza[0-9A-Za-z_-]{35}/g),
  key('ghp_', /\bghp_[A-Za-z0-9]{36}\b/g),
  key('gho_', /\bgho_[A-Za-z0-9]{36}\b/g),
  key('ghs_', /\bghs_[A-Za-z0-9]{36}\b/g),
  key('github_pat_', /\bgithub_pat_[A-Za-z0-9_]{22,100}/g),
  key('glpat-', /\bglpat-[A-Za-z0-9_-]{20}/g),
  key('xox', /\bxox[abeoprs]-[A-Za-z0-9-]{10,120}/g),
  key(
    'hooks.slack.com',
    /hooks\.slack\.com\/services\/([A-Z0-9]{8,12}\/[A-Z0-9]{8,12}\/[A-Za-z0-9]{20,28})/g,
    'HIGH',
    1,
  ),
  key(':AA', /(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{32,33}/g),
  key('/api/webhooks/', /discord(?:app)?\.com\/api\/webhooks\/(\d{15,20}\/[\w-]{40,90})/g, 'HIGH', 1),
  key('/api/webhook/', /\/api\/webhook\/([\w-]{16,90})/g, 'HIGH', 1, 0.8),
  key('maker.ifttt.com', /maker\.ifttt\.com\/[\w/-]{1,90}\/key\/([\w-]{16,60})/g, 'HIGH', 1),
  key('appid=', /[?&]appid=([0-9a-f]{32})\b/g, 'MEDIUM', 1),
  key('key=', /[?&]key=([A-Za-z0-9_-]{20,100})/g, 'HIGH', 1, 0.7),
  key('k_live_', /\b[srp]k_live_[0-9A-Za-z]{16,100}/g, 'CRITICAL'),
  key('SG.', /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g),
  key('SharedAccessSignature', /SharedAccessSignature [^\s"']{0,400}?sig=([^&\s"']{16,120})/g, 'HIGH', 1),
  key('SharedAccessKey=', /SharedAccessKey=([A-Za-z0-9+/=]{20,100})/g, 'CRITICAL', 1),
  key('AccountKey=', /AccountKey=([A-Za-z0-9+/=]{40,100})/g, 'CRITICAL', 1),
  key('NNSXS.', /\bNNSXS\.[A-Z0-9]{20,64}\.[A-Z0-9]{20,80}/g),
  key('ya29.', /\bya29\.[A-Za-z0-9_-]{20,400}/g),
  key('npm_', /\bnpm_[A-Za-z0-9]{36}\b/g),
  key('sk-', /\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,200}/g),
  key('Bearer ', /\bBearer ([A-Za-z0-9._~+/=-]{16,2000})/g, 'HIGH', 1, 0.8),
  key('Token ', /\b[Aa]uthorization["']?\s?[:=]\s?["']?Token ([A-Za-z0-9._~+/=-]{16,200})/g, 'HIGH', 1, 0.8),
  {
    keyword: 'mosquitto_',
    pattern: /\bmosquitto_(?:pub|sub|rr)\b[^\r\n]{0,300}?\s(?:-P|--pw)\s["']?([^\s"']{4,128})/g,
    class: 'credentials',
    severity: 'HIGH',
    confidence: 0.9,
    group: 1,
  },
  {
    keyword: 'curl ',
    pattern: /\bcurl\b[^\r\n]{0,200}?\s(?:-u|--user)\s?["']?([^\s:"']{1,64}:[^\s"']{4,128})/g,
    class: 'credentials',
    severity: 'HIGH',
    confidence: 0.8,
    group: 1,
    login: 'plain',
  },
  key('ookie: ', /\b[Cc]ookie: [^\r\n=]{1,64}=([^;\s]{12,2000})/g, 'HIGH', 1, 0.8),
  {
    keyword: 'Basic ',
    pattern: /\b[Aa]uthorization["']?\s?[:=]\s?["']?Basic ([A-Za-z0-9+/]{8,200}={0,2})/g,
    class: 'credentials',
    severity: 'HIGH',
    confidence: 0.9,
    group: 1,
    login: 'base64',
  },
];

/** Domains of examples (RFC 2606), and what looks like a domain but is the name of a file. */
const NO_MAIL =
  /(?:^|[.@])(?:example\.(?:com|org|net)|[\w-]+\.(?:test|invalid|local|localhost|lan|home|png|jpe?g|gif|svg|webp|js|css|html?|json|md|txt))$/i;
const HOST_OF_EXAMPLES = /^(?:example\.(?:com|org|net)|.*\.example)$/i;
/** Secrets as examples write them. */
const EXAMPLE_LOGIN = /^(?:user(?:name)?|login|admin):(?:pass(?:word)?|secret|pw)$/i;
const MAX_HITS = 20;

/**
 * What is sensitive in a text by its form alone.
 * @param isWords false for JSON, in which the key stands with its value, and other rules see it
 */
export function textHits(text: string, isWords = true): Looked {
  const hits: Hit[] = [];
  for (const { keyword, pattern, group = 0, class: kind, severity, confidence, login } of RULES) {
    if (!text.includes(keyword)) continue;
    for (const match of text.matchAll(pattern)) {
      const value = match[group] ?? '';
      const start = match.index + match[0].indexOf(value);
      const pair = login === 'base64' ? Buffer.from(value, 'base64').toString('utf8') : value;
      if (login && isExample(pair, match[2])) continue;
      const spans = [{ start, end: start + value.length }];
      const parts = login ? { parts: passwordIn(pair) } : {};
      hits.push({ class: kind, severity, confidence, value, spans, ...parts });
      if (hits.length >= MAX_HITS) return { hits, end: 0 };
    }
  }
  const looked = [tokensIn(text), mailsIn(text), wifiCodesIn(text), ...(isWords ? [wordedIn(text)] : [])];
  hits.push(...cardsIn(text), ...placesIn(text), ...looked.flatMap((one) => one.hits));
  // In the order of the rules, not of the text: those that were left out may stand anywhere.
  return hits.length > MAX_HITS ? { hits: hits.slice(0, MAX_HITS), end: 0 } : { hits, end: firstEnd(looked) };
}

/** A token or login whose end is missing is no longer than this. */
const MAX_BEGINNING = 400;

/** Where something begins at the end of a text that may be a secret, had it not been cut off. */
export function beginningOfSecret(text: string): number | undefined {
  const from = Math.max(0, text.length - MAX_BEGINNING);
  const tail = text.slice(from);
  for (const { keyword, group } of RULES) {
    const at = tail.lastIndexOf(keyword);
    if (at < 0) continue;
    const rest = tail.slice(at + keyword.length);
    // A login stands before its host, and a path behind it.
    if (/[\s"'<>]/.test(rest) || (keyword === '://' && !/^[^/]*:[^/]*$/.test(rest))) continue;
    return from + at + (group === undefined || group === 0 ? 0 : keyword.length);
  }
  return beginningOfToken(text);
}

/** Walks back over what a token may be made of: a pattern that ends at the end would start again at each `eyJ`. */
function beginningOfToken(text: string): number | undefined {
  const least = Math.max(0, text.length - MAX_TOKEN);
  let start = text.length;
  while (start > least && TOKEN_CHARACTER.test(text[start - 1] ?? '')) start--;
  const at = text.indexOf('eyJ', start);
  return at < 0 ? undefined : at;
}

function isExample(login: string, host: string | undefined): boolean {
  const secret = login.slice(login.indexOf(':') + 1);
  return EXAMPLE_LOGIN.test(login) || isPlaceholder(secret) || HOST_OF_EXAMPLES.test(host ?? '');
}

/** What looks like a token at first; each is decoded. */
const MAX_TOKENS = 40;
const MAX_TOKEN = 16_384;
const TOKEN_CHARACTER = /[\w.-]/;
const TOKEN_PART = /[A-Za-z0-9_-]{4,8192}/y;

/** JSON Web Tokens (RFC 7519): three parts, the first of which says how it is signed. */
function tokensIn(text: string): Looked {
  const hits: Hit[] = [];
  let tries = MAX_TOKENS;
  for (let at = text.indexOf('eyJ'); at >= 0; at = text.indexOf('eyJ', at + 3)) {
    if (tries-- === 0) return { hits, end: at };
    const header = part(text, at);
    const claims = text[at + header.length] === '.' ? part(text, at + header.length + 1) : '';
    const signedAt = at + header.length + claims.length + 1;
    const signature = text[signedAt] === '.' ? part(text, signedAt + 1) : '';
    const isCut = signedAt >= text.length;
    if (claims === '' || (signature === '' && !isCut) || !('alg' in decoded(header))) {
      // On behind the whole word: looking again from each `eyJ` in it would take the square of its length.
      at += Math.max(0, header.length - 3);
      continue;
    }
    const { exp, aud } = decoded(claims);
    const expires = typeof exp === 'number' && exp < 4e9 ? new Date(exp * 1000) : undefined;
    const isOver = expires !== undefined && expires.getTime() < Date.now();
    const told = [
      ...(expires ? [`expires ${expires.toISOString()}`] : []),
      ...(typeof aud === 'string' ? [`for ${printable(aud, 40)}`] : []),
    ];
    const end = signature === '' ? signedAt : signedAt + 1 + signature.length;
    hits.push({
      class: 'token',
      severity: isOver ? 'LOW' : 'HIGH',
      confidence: 0.95,
      value: text.slice(at, end),
      spans: [{ start: at, end }],
      ...(told.length > 0 && { note: told.join(', ') }),
    });
    at = end - 3;
  }
  return { hits };
}

function part(text: string, at: number): string {
  TOKEN_PART.lastIndex = at;
  return TOKEN_PART.exec(text)?.[0] ?? '';
}

function decoded(base64: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64.slice(0, 4096), 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const LOCAL = /[A-Za-z0-9._%+-]/;
const DOMAIN = /(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9-])/y;

/** `git@host:owner/name`, as scp writes it. */
const REPOSITORY = /^:[\w.~-]{1,64}\/[\w.-]/;
const MAX_REPOSITORY = 400;

/** RFC 5321 §4.5.3.1.1: so long may be what stands before the `@`. */
const MAX_LOCAL = 64;

/** E-mail addresses, found by their @. */
function mailsIn(text: string): Looked {
  const hits: Hit[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (hits.length === MAX_HITS) return { hits, end: Math.max(0, at - MAX_LOCAL) };
    let start = at;
    while (start > 0 && at - start < MAX_LOCAL && LOCAL.test(text[start - 1] ?? '')) start--;
    DOMAIN.lastIndex = at + 1;
    const [domain] = DOMAIN.exec(text) ?? [];
    const before = text[start - 1] ?? '';
    // `//user:secret@host` is a login, `//user@host` a target.
    if (domain === undefined || start === at || before === '/' || before === ':') continue;
    const value = text.slice(start, at + 1 + domain.length);
    if (REPOSITORY.test(text.slice(at + 1 + domain.length, at + MAX_REPOSITORY))) continue;
    if (NO_MAIL.test(domain) || /^(?:no-?reply|donotreply)@/i.test(value)) continue;
    const spans = [{ start, end: start + value.length }];
    hits.push({ class: 'email', severity: 'MEDIUM', confidence: 0.9, value, spans });
  }
  return { hits };
}

const CARD =
  /(?<![\d.])(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|3[47]\d{2}|6011)([ -])\d{4}\1\d{4}\1\d{4}(?![\d.])/g;

/** Card numbers in groups; without separators they are told by their key. */
function cardsIn(text: string): Hit[] {
  return [...text.matchAll(CARD)].flatMap(({ 0: value, index: start }) =>
    hasLuhn(value.replace(/\D/g, ''))
      ? [
          {
            class: 'payment',
            severity: 'HIGH',
            confidence: 0.9,
            value,
            spans: [{ start, end: start + value.length }],
          } as const,
        ]
      : [],
  );
}

const GEO = /\bgeo:(-?\d{1,2}\.\d{3,12},-?\d{1,3}\.\d{3,12})/g;
/** NMEA 0183: latitude and longitude in degrees and minutes. */
const NMEA = /\$G[NPLAB](?:GGA|RMC|GLL),[^*\r\n]{0,20}?(\d{4}\.\d{2,8},[NS],\d{5}\.\d{2,8},[EW])/g;

function placesIn(text: string): Hit[] {
  const found = [
    ...(text.includes('geo:') ? text.matchAll(GEO) : []),
    ...(text.includes('$G') ? text.matchAll(NMEA) : []),
  ];
  return found.map((match) => {
    const value = match[1] ?? '';
    const start = match.index + match[0].indexOf(value);
    const spans = [{ start, end: start + value.length }];
    return { class: 'location', severity: 'HIGH', confidence: 0.9, value, spans } as const;
  });
}
