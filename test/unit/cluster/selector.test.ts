import {describe, expect, it} from 'vitest';
import {matchesSelector} from '../../../src/cluster/selector.ts';

const labels = {app: 'shop', tier: 'web', 'example.org/team': 'a'};

describe('a label selector', () => {
  it.each([
    ['app=shop', true],
    ['app==shop', true],
    ['app=shop,tier=web', true],
    ['app=shop,tier=api', false],
    ['app=shop-x', false],
    ['app!=shop', false],
    ['zone!=a', true],
    ['tier in (web, api)', true],
    ['tier in (api)', false],
    ['tier notin (api,db)', true],
    ['zone notin (a)', true],
    ['zone in (a)', false],
    ['example.org/team', true],
    ['!zone', true],
    ['!app', false],
    ['app=', false],
  ])('%s is %s', (selector, wanted) => {
    expect(matchesSelector(labels, selector)).toBe(wanted);
  });

  it.each(['', 'app=a b', 'app in web', 'a,,b'])('refuses %j', (selector) => {
    expect(() => matchesSelector(labels, selector)).toThrowError(expect.objectContaining({code: 'E_SELECTOR'}));
  });
});
