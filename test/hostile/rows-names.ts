import { probe, type Row } from './row';
import { answers } from './scripts';

const names = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `host-${i + 1}.test`);

/** A different loopback address for each name, so that the limit per host does not queue them. */
const addressOf = (name: string): string => `127.0.0.${Number(/\d+/.exec(name)?.[0] ?? 1)}`;

const refuses = answers(Buffer.from([0x20, 2, 0, 5]));

const LONG = 'a'.repeat(1e6);

/** Name servers: row 26. */
export const NAME_SERVERS: readonly Row[] = [
  {
    row: 26,
    behaviour: 'a name server that answers in scope first and out of scope later',
    script: refuses,
    names: {
      names,
      start: () => {
        const asked = new Set<string>();
        return (name) => {
          const address = asked.has(name) ? '192.0.2.1' : addressOf(name);
          asked.add(name);
          return Promise.resolve([address]);
        };
      },
    },
    expect: ['auth-failed'],
    evidence: /"address":"127\./,
    deadline: probe(0),
  },
  {
    row: 26,
    behaviour: 'a name server that mixes in an address out of scope',
    script: refuses,
    names: { names, start: () => (name) => Promise.resolve([addressOf(name), '192.0.2.1']) },
    expect: { error: 'OUT_OF_SCOPE' },
    deadline: probe(0),
  },
  {
    row: 26,
    behaviour: 'a name server that points to a metadata service inside IPv6',
    script: refuses,
    names: { names, start: () => () => Promise.resolve(['64:ff9b::a9fe:a9fe']) },
    expect: { error: 'OUT_OF_SCOPE' },
    deadline: probe(0),
  },
  {
    row: 26,
    behaviour: 'a name server with a thousand addresses',
    script: refuses,
    names: {
      names,
      start: () => () =>
        Promise.resolve(Array.from({ length: 1000 }, (_, i) => `127.0.${i >> 8}.${i & 255}`)),
      // Sixteen are believed. Each name is an endpoint of its own at them: certificates are held against names.
      addresses: 16,
    },
    expect: ['auth-failed'],
    deadline: probe(0),
  },
  {
    row: 26,
    behaviour: 'a name server that is caught in a loop of aliases',
    script: refuses,
    names: {
      names,
      start: () => () => Promise.reject(Object.assign(new Error('queryA'), { code: 'ESERVFAIL' })),
    },
    expect: { error: 'NAME_NOT_RESOLVED' },
    deadline: probe(0),
  },
  {
    row: 26,
    behaviour: 'a name server that never answers',
    script: refuses,
    names: { names, start: () => () => new Promise(() => undefined) },
    expect: { error: 'NAME_NOT_RESOLVED' },
    deadline: probe(1),
  },
  {
    row: 26,
    behaviour: 'a name server that answers with what is no address',
    script: refuses,
    names: { names, start: () => () => Promise.resolve(['', '127.1', '0x7f.1', '::1%lo', LONG]) },
    expect: { error: 'NAME_NOT_RESOLVED' },
    deadline: probe(0),
  },
];
