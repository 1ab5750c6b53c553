#!/usr/bin/env bash
# From nothing to a verdict: a kind cluster, the image, the second scheduler with the extender beside it, and real pods that opt in
# by schedulerName, each held against the simulator, while the scheduler's pod is killed in the middle. Needs docker, kind and kubectl.
#
#   deploy/try-on-kind.sh [KUBECONFIG]
#
# With a kubeconfig it takes that cluster, leaves its nodes as they are and takes away what it made; without one it makes a cluster
# and deletes it. A cluster of its own that does not start is made once more, from nothing; if that does not start either, nothing has
# been tried, and it ends with 75. By environment:
#   NODE_IMAGE  kind's node image          (kind's own default)
#   BASE        base of the project's image (see the Dockerfile)
#   IMAGE       the project's image: built where it is not named, and loaded where the cluster is kind's
#   PACKING     what the extender packs by; fgd alone is blind on nodes of so few CPUs
#   PODS, SEED  how many pods, and which
#   KEEP        not empty: leave everything as it is at the end
set -eu -o pipefail
for tool in docker kind kubectl npm; do
  command -v "$tool" >/dev/null || { echo "try-on-kind: $tool is needed, and not on the PATH" >&2; exit 2; }
done
given=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
name=stowage
packing=${PACKING:-fgd:0.5+worst-fit:0.5}
pods=${PODS:-50}
folder=$(mktemp -d)
began=$(date +%s%N)
crosscheck=

seconds() { awk "BEGIN { printf \"%.1f s\", ($(date +%s%N) - $1) / 1e9 }"; }
say() { printf '%8s  %s\n' "$(seconds "$began")" "$1"; }
clean() {
  [ -z "$crosscheck" ] || kill "$crosscheck" 2>/dev/null || true
  if [ -z "${KEEP:-}" ]; then
    if [ -n "$given" ]; then kubectl delete -k deploy --ignore-not-found >/dev/null; else kind delete cluster --quiet --name "$name"; fi
    rm -rf "$folder"
  fi
}
# Makes the cluster and says why it is none; nothing where it is one. Nothing of ours is in it yet.
why_no_cluster() {
  local log=$folder/kind.log address node
  if ! kind create cluster --name "$name" --config deploy/kind.yaml --wait 180s ${NODE_IMAGE:+--image "$NODE_IMAGE"} >"$log" 2>&1; then
    echo "kind create cluster: $(grep -m 1 ERROR "$log" || tail -n 1 "$log")"
  elif ! kubectl -n kube-system wait --for=condition=Ready pod --all --timeout=180s >/dev/null 2>"$log"; then
    echo "kube-system: $(tr '\n' ' ' <"$log")"
  else
    # A node without rules for services starts pods that reach nothing.
    address=https://$(kubectl get service kubernetes -o 'jsonpath={.spec.clusterIP}')
    for node in $(kind get nodes --name "$name"); do
      if ! reaches "$node" "$address" 2>"$log"; then
        echo "the API server is not reached from $node at its service: $(tail -n 1 "$log")"
        return
      fi
    done
  fi
}
reaches() { # NODE ADDRESS: within half a minute
  for _ in $(seq 30); do
    docker exec "$1" kubectl --kubeconfig /etc/kubernetes/kubelet.conf --server "$2" --request-timeout 2s get --raw /readyz >/dev/null &&
      return
    sleep 1
  done
  return 1
}
bound() { kubectl -n stowage-crosscheck get pods -o 'jsonpath={range .items[*]}{.spec.nodeName}{"\n"}{end}' 2>/dev/null | grep -c . || true; }
until_bound() { # COUNT: at least so many, or the cross-check has ended
  while [ "$(bound)" -lt "$1" ] && kill -0 "$crosscheck" 2>/dev/null; do sleep 0.2; done
}

if [ -z "${IMAGE:-}" ]; then
  IMAGE=stowage:latest
  docker build -q -f deploy/Dockerfile ${BASE:+--build-arg "BASE=$BASE"} -t "$IMAGE" . >/dev/null
  say "image built: $IMAGE"
fi
began=$(date +%s%N)
if [ -z "$given" ] && kind get clusters 2>/dev/null | grep -qx "$name"; then
  echo "try-on-kind: there is a kind cluster named $name already (kind delete cluster --name $name)" >&2
  exit 2
fi
if [ -n "$given" ] && kubectl --kubeconfig "$given" get namespace stowage >/dev/null 2>&1; then
  echo "try-on-kind: this cluster has a namespace stowage already, which would be taken away at the end (kubectl delete -k deploy)" >&2
  exit 2
fi
trap clean EXIT
if [ -n "$given" ]; then
  export KUBECONFIG=$given
  context=$(kubectl config current-context)
  case $context in kind-*) name=${context#kind-} ;; *) name= ;; esac
else
  export KUBECONFIG=$folder/kubeconfig
  why=$(why_no_cluster)
  if [ -n "$why" ]; then
    say "THE CLUSTER DID NOT START, and is made once more: $why"
    kind delete cluster --quiet --name "$name"
    why=$(why_no_cluster)
  fi
  if [ -n "$why" ]; then
    say "THE CLUSTER DID NOT START, twice; nothing was tried on it: $why"
    exit 75
  fi
  say "cluster made: $(kubectl get nodes -o name | wc -l) nodes"
  # kind has no GPUs: extended resources that no device plugin looks after may be told so.
  for node in $name-worker=8 $name-worker2=4; do
    kubectl patch node "${node%=*}" --subresource=status --type=merge \
      -p "{\"status\":{\"capacity\":{\"nvidia.com/gpu\":\"${node#*=}\"},\"allocatable\":{\"nvidia.com/gpu\":\"${node#*=}\"}}}" >/dev/null
  done
fi
if [ -n "$name" ]; then
  workers=$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o 'jsonpath={.items[*].metadata.name}')
  kind load docker-image --quiet "$IMAGE" --name "$name" ${workers:+--nodes "${workers// /,}"} >/dev/null
  say "image loaded"
fi

# The scheduler's version must be the cluster's: kind's nodes have that image, too.
version=$(kubectl get nodes -o 'jsonpath={.items[0].status.nodeInfo.kubeletVersion}')
kubectl kustomize deploy | sed -e "s#image: .*kube-scheduler:.*#image: registry.k8s.io/kube-scheduler:${version%%[+-]*}#" \
  -e "s#image: stowage:latest#image: $IMAGE#" -e "s#^\( *- \)fgd\$#\1$packing#" >"$folder/deploy.yaml"
grep -qF -- "- $packing" "$folder/deploy.yaml"
kubectl apply -f "$folder/deploy.yaml" >/dev/null
kubectl -n stowage rollout status deployment/stowage-scheduler --timeout=120s >/dev/null || {
  kubectl -n stowage describe pods >&2
  kubectl -n stowage logs deployment/stowage-scheduler --all-containers --tail 5 >&2 || true
  # A pod that does not reach the API server is most often on a node without rules for services.
  kubectl -n kube-system logs -l k8s-app=kube-proxy --prefix --tail 15 >&2 || true
  exit 1
}
say "scheduler $version and extender ready"

npm start --silent -- crosscheck --kubeconfig "$KUBECONFIG" --as-it-stands --scheduler-name stowage --extender "$packing" --mix openb \
  --pods "$pods" --seed "${SEED:-1}" &
crosscheck=$!
until_bound $((2 * pods / 5))
kubectl -n stowage delete pod -l app=stowage-scheduler --grace-period=0 --force >/dev/null 2>&1
killed=$(date +%s%N)
before=$(bound)
say "scheduler and extender killed, $before of $pods pods bound"
until_bound $((before + 2))
say "pods bound again, $(seconds "$killed") later"
status=0
wait "$crosscheck" || status=$?
crosscheck=
say "verdict: $([ "$status" = 0 ] && echo "every pod is where the simulator says" || echo "NOT as the simulator says ($status)")"
exit "$status"
