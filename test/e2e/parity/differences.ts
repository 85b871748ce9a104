/** What practice is known to answer otherwise. */
export interface Difference {
  /** The sentence that stands for it in docs/practice.md. */
  says: string;
  /** For each case, where its answers differ: number of the answer and path in it. */
  cases: Readonly<Record<string, readonly string[]>>;
}

const message = ['0.body.message'];
const cause = ['0.body.message', '0.body.details.causes.0.message'];

/** All known differences. What is not here fails; what is here and differs no longer fails as well. */
export const known: readonly Difference[] = [
  {
    says: 'Where a body, a patch or a time cannot be read, the status and the reason are those of Kubernetes, and the words of Go are not.',
    cases: {
      'apply: what is no YAML': message,
      'apply: a value of a wrong type': message,
      'writes: an object of another kind': message,
      'writes: a body that is no JSON': message,
      'writes: a body that is no object': message,
      'writes: a Lease with a time that is none': message,
      'patches: merge: a list': message,
      'patches: merge: no JSON': message,
      'patches: merge: another kind': cause,
      'patches: json: no list': message,
      'patches: strategic: a container in no list': cause,
      'reads: a token that is none': message,
      'deletions: options that are no JSON': message,
      'pods: a log by wrong options': ['4.body.message'],
    },
  },
  {
    says: 'A forbidden change of a pod is refused without the difference that Kubernetes prints.',
    cases: {'pods: another image of a running pod': cause, 'pods: another node of a running pod': cause},
  },
  {
    says: 'A broken rule of the metadata may be named more often by Kubernetes among the causes of one answer.',
    cases: {'patches: merge: a bad label': ['0.body.details.causes']},
  },
  {
    says: 'A key that stands twice in one object of a body is not refused, even with `fieldValidation=Strict`: the last one counts.',
    cases: {
      'writes: a field twice, strictly': [
        '0.status',
        ...['code', 'data', 'kind', 'message', 'metadata.creationTimestamp', 'metadata.name'].map(
          (at) => `0.body.${at}`,
        ),
        ...['metadata.namespace', 'metadata.resourceVersion', 'metadata.uid', 'reason', 'status'].map(
          (at) => `0.body.${at}`,
        ),
      ],
    },
  },
];
