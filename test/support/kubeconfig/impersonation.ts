import {type Row, sesame, token} from './row.ts';

/** Whom a user is for the API. */
export const impersonation = (): Row[] => {
  const about = (...names: string[]) => names.map((name) => `users.user.${name}`);
  return [
    {
      about: about('as'),
      does: 'is sent as UTF-8',
      user: {...token, as: 'jörg ł'},
      outcome: {sends: {...sesame, impersonate: ['impersonate-user: jörg ł']}},
    },
    {
      about: about('as-uid', 'as-groups', 'as-user-extra'),
      does: 'go with it, each value by itself, names escaped',
      user: {
        ...token,
        as: 'jane',
        'as-uid': '7',
        'as-groups': ['a', 'b ö'],
        'as-user-extra': {"a.b/c(d)%'#": ['x', 'y'], none: []},
      },
      outcome: {
        sends: {
          impersonate: [
            "impersonate-extra-a.b%2fc%28d%29%25'#: x",
            "impersonate-extra-a.b%2fc%28d%29%25'#: y",
            'impersonate-group: a',
            'impersonate-group: b ö',
            'impersonate-uid: 7',
            'impersonate-user: jane',
          ],
        },
      },
    },
    {about: about('as-uid'), does: 'needs somebody', user: {...token, 'as-uid': '7'}, outcome: {refuses: /without/}},
    {
      about: about('as-groups'),
      does: 'needs somebody',
      user: {...token, 'as-groups': ['a']},
      outcome: {refuses: /without/},
    },
    {
      about: about('as-user-extra'),
      does: 'needs somebody',
      user: {...token, 'as-user-extra': {a: ['b']}},
      outcome: {refuses: /without/},
    },
    {
      about: about('as-groups', 'as-user-extra'),
      does: 'is nothing when empty',
      user: {...token, 'as-groups': [], 'as-user-extra': {}},
      outcome: {sends: {impersonate: undefined}},
    },
    {
      about: about('as-groups'),
      does: 'is a list',
      user: {...token, as: 'jane', 'as-groups': 'a'},
      outcome: {refuses: /as-groups/},
    },
    {
      about: about('as-user-extra'),
      does: 'has lists',
      user: {...token, as: 'jane', 'as-user-extra': {a: 'b'}},
      outcome: {refuses: /as-user-extra/},
    },
  ];
};
