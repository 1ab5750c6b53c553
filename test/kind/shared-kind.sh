#!/usr/bin/env bash
# deploy/try-on-kind.sh with the kind of ../shared/cluster, on a machine that reaches no image registry: with the node image that is
# made there, and the project's image on its Debian with this machine's Node, npm and certificates. Ends with 77 where Docker does not
# start; with ONLY_BUILT=1 also where the node image would have to be made first, which takes a quarter of an hour. With a kubeconfig:
# on that cluster.
set -eu -o pipefail
cd "$(dirname "$0")/../.."
shared=../shared/cluster
. "$shared/env.sh"
export DOCKER_BUILDKIT=0 DOCKER_CLI_HINTS=false NODE_IMAGE=stowage-kind-node:$K8S_VERSION BASE=stowage-node:bookworm
if [ -n "${ONLY_BUILT:-}" ] && [ ! -d "$CACHE/docker" ]; then
  echo 'no kind node image has been made here; ../shared/cluster/kind image makes it'
  exit 77
fi
folder=$(mktemp -d)
found=1
docker info >/dev/null 2>&1 || found=
# Only a daemon that was started here is ended.
trap 'rm -rf "$folder"; [ -n "$found" ] || "$shared/kind" stop' EXIT
if ! docker_starts=$("$shared/kind" base-image 2>&1); then
  echo "Docker does not start here, or makes no image: $(tail -n 1 <<<"$docker_starts")"
  exit 77
fi
if [ -n "${ONLY_BUILT:-}" ] && ! docker image inspect "$NODE_IMAGE" >/dev/null 2>&1; then
  echo "$NODE_IMAGE has not been made here; ../shared/cluster/kind image makes it"
  exit 77
fi
"$shared/kind" image >/dev/null
build kind
cp "$(npm exec -c 'node -p process.execPath')" "$folder/node"
cp -rL "$(npm root -g)/npm" "$folder/npm"
cp /etc/ssl/certs/ca-certificates.crt "$folder/"
cat >"$folder/Dockerfile" <<'D'
FROM stowage-base:bookworm
COPY node /usr/local/bin/
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY ca-certificates.crt /etc/ssl/certs/
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
D
docker build -q -t "$BASE" "$folder" >/dev/null 2>&1
deploy/try-on-kind.sh "$@"
