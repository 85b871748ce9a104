import {expect, test} from 'vitest';
import {parseCorefile} from '../../../../src/practice/programs/corefile.ts';

const good = `.:5353 {
    errors
    health :8085 {
       lameduck 5s
    }
    ready # on its usual port
    kubernetes Cluster.Local. in-addr.arpa {
       pods insecure
    }
    reload
    log
}
`;

test('what a Corefile says', () => {
  expect(parseCorefile(good)).toEqual({
    port: 5353,
    zone: 'cluster.local',
    healthPort: 8085,
    readyPort: 8181,
    lameduck: 5000,
    reload: true,
    log: true,
  });
  expect(parseCorefile('. {\n  forward . /etc/resolv.conf\n}')).toEqual({
    port: 53,
    lameduck: 0,
    reload: false,
    log: false,
  });
});

test.each([
  ['an unknown plugin', '.:53 {\n  kubernets cluster.local\n}', /:2 - .*Unknown directive 'kubernets'/],
  ['a missing end', '.:53 {\n  errors\n', /Unexpected EOF/],
  ['an end too many', '.:53 {\n}\n}\n', /Unexpected '}'/],
  ['a bad duration', '.:53 {\n  health {\n    lameduck soon\n  }\n}', /invalid duration "soon"/],
  ['nothing', '', /no server block/],
])('CoreDNS would not start with %s', (_, text, message) => {
  expect(() => parseCorefile(text)).toThrow(message);
});
