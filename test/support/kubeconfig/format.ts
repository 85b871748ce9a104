/**
 * Every field of a kubeconfig (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1) and of what a plugin
 * answers (client-authentication.v1 and v1beta1), written off from there: not from our code.
 */
export const format = `
  kind apiVersion preferences.colors preferences.extensions current-context extensions
  clusters.name clusters.cluster.server clusters.cluster.tls-server-name clusters.cluster.insecure-skip-tls-verify
  clusters.cluster.certificate-authority clusters.cluster.certificate-authority-data clusters.cluster.proxy-url
  clusters.cluster.disable-compression clusters.cluster.extensions
  users.name users.user.client-certificate users.user.client-certificate-data users.user.client-key
  users.user.client-key-data users.user.token users.user.tokenFile users.user.as users.user.as-uid
  users.user.as-groups users.user.as-user-extra users.user.username users.user.password
  users.user.auth-provider.name users.user.auth-provider.config users.user.extensions
  users.user.exec.command users.user.exec.args users.user.exec.env users.user.exec.apiVersion
  users.user.exec.installHint users.user.exec.provideClusterInfo users.user.exec.interactiveMode
  contexts.name contexts.context.cluster contexts.context.user contexts.context.namespace contexts.context.extensions
  ExecCredential.kind ExecCredential.apiVersion ExecCredential.spec ExecCredential.status.expirationTimestamp
  ExecCredential.status.token ExecCredential.status.clientCertificateData ExecCredential.status.clientKeyData
`
  .trim()
  .split(/\s+/);
