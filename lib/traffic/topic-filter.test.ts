import assert from 'node:assert/strict';
import { ScanError } from '../model';
import { assertFilters, assertRetainedFilters, filterProblem, matchesFilter } from './topic-filter';

describe('topic filters', () => {
  const good = [
    '#',
    '+',
    '/',
    'a',
    'a/#',
    '+/+/#',
    'a//b',
    '$SYS/#',
    ' a b ',
    'größe/+',
    '$share',
    '$share/g/a/#',
    '$share/g//',
  ];
  for (const filter of good) it(`${filter} is one`, () => assert.equal(filterProblem(filter), undefined));

  const bad: readonly (readonly [string, RegExp])[] = [
    ['', /empty/],
    ['a\0', /NUL/],
    ['a#', /#/],
    ['#a', /#/],
    ['a/#/b', /#/],
    ['##', /#/],
    ['+a', /\+/],
    ['a/b+/c', /\+/],
    ['\ud800', /Unicode/],
    ['ä'.repeat(32_768), /65535/],
    ['$share/', /no name/],
    ['$share//a', /no name/],
    ['$share/g', /no filter/],
    ['$share/g/', /no filter/],
    ['$share/g+/a', /wildcard/],
    ['$share/#/a', /wildcard/],
    ['$share/g/a#', /#/],
  ];
  for (const [filter, problem] of bad) {
    const name = JSON.stringify(filter.slice(0, 20));
    it(`${name} is none`, () => assert.match(filterProblem(filter) ?? '', problem));
    it(`${name} is refused, whatever stands beside it`, () =>
      assert.throws(
        () => assertFilters(['a', filter]),
        (thrown) => thrown instanceof ScanError && thrown.code === 'BAD_OPTION',
      ));
  }

  it('no filter at all is refused', () => assert.throws(() => assertFilters([]), { code: 'BAD_OPTION' }));
  it('a shared subscription finds nothing retained', () => {
    assertFilters(['$share/g/#']);
    assert.throws(() => assertRetainedFilters(['$share/g/#']), { code: 'BAD_OPTION' });
  });
});

describe('matchesFilter', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['#', 'a/b', true],
    ['#', '$SYS/a', false],
    ['+/a', '$SYS/a', false],
    ['$SYS/#', '$SYS/a', true],
    ['a/#', 'a', true],
    ['a/#', 'ab', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a/b/c', false],
    ['a/+', 'a', false],
    ['a/+/c', 'a//c', true],
    ['a', 'a/b', false],
  ];
  for (const [filter, topic, expected] of table) {
    it(`${filter} ${expected ? 'covers' : 'does not cover'} ${topic}`, () =>
      assert.equal(matchesFilter(filter, topic), expected));
  }
});
