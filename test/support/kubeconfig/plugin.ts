export const v1 = 'client.authentication.k8s.io/v1';
const program = (said: object | string, more = '') =>
  `#!/bin/sh\n${more}\necho '${typeof said === 'string' ? said : JSON.stringify(said)}'\n`;
export const credential = (status: object, more: object = {}) => ({
  apiVersion: v1,
  kind: 'ExecCredential',
  status,
  ...more,
});
export const exec = (more: object = {}) => ({
  exec: {apiVersion: v1, command: './plugin', interactiveMode: 'Never', ...more},
});
export const plugin = (said: object | string, more?: string) => ({plugin: program(said, more)});
/** A plugin whose token is what it is told, in base64. */
export const telling = plugin(
  '',
  `exec printf '{"apiVersion":"${v1}","status":{"token":"%s"}}' "$(printf %s "$TOLD$(printf %s "$KUBERNETES_EXEC_INFO")" | base64 | tr -d '\\n')"`,
);
export const told = (text: string) => `Bearer ${Buffer.from(text).toString('base64')}`;
export const info = (cluster?: object) =>
  JSON.stringify({kind: 'ExecCredential', apiVersion: v1, spec: {...(cluster ? {cluster} : {}), interactive: false}});

/** A plugin that says what is in a file beside it, as line ends are no text for a shell. */
export const speaking = (said: object) => ({
  plugin: '#!/bin/sh\ncat "$(dirname "$0")/said"\n',
  said: JSON.stringify(said),
});
export const given = {authorization: 'Bearer of-plugin'};
