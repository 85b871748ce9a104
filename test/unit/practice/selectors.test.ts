import {expect, test} from 'vitest';
import {labelSelector, parseFieldSelector, parseLabelSelector} from '../../../src/practice/selectors.ts';

test.each([
  ['', true],
  ['app=web', true],
  ['app==web', true],
  ['app!=web', false],
  ['app in (api, web)', true],
  ['app notin (api,web)', false],
  ['other notin (x)', true],
  ['tier', true],
  ['!tier', false],
  ['!other', true],
  ['app=web,tier=', true],
  ['app=web,tier=x', false],
  ['kubernetes.io/name=x', false],
])('the selector %j', (text, expected) => {
  expect(parseLabelSelector(text)({app: 'web', tier: ''})).toBe(expected);
});

test.each(['a=b=c', 'a b', 'in (x', '='])('%j is no selector', (text) => {
  expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({code: 400}));
});

test('a selector object needs all its parts; an absent one selects nothing', () => {
  const matchExpressions = [{key: 'tier', operator: 'Exists'}];
  expect(labelSelector({matchLabels: {app: 'web'}, matchExpressions})({app: 'web'})).toBe(false);
  expect(labelSelector({matchLabels: {app: 'web'}, matchExpressions})({app: 'web', tier: 'x'})).toBe(true);
  expect(labelSelector({})({})).toBe(true);
  expect(labelSelector(undefined)({})).toBe(false);
});

test('field selectors compare text', () => {
  const {fields, matches} = parseFieldSelector('a.b=1,c!=2');
  expect(fields).toEqual(['a.b', 'c']);
  expect(matches((path) => (path === 'a.b' ? '1' : '3'))).toBe(true);
  expect(matches(() => '2')).toBe(false);
});
