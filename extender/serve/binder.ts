import { InputError, NONE } from '../../sim/index.ts'
import type { Pod } from '../../workloads/index.ts'
import type { ClusterState } from './cluster-state.ts'
import { DEVICES_ANNOTATION, listDevices } from './device-list.ts'
import { uidOf } from './holding.ts'
import { type KubeApi, statusOf } from './kube-api.ts'
import type { Verbs } from './verbs.ts'
import type { BindingArgs } from './wire.ts'

/**
 * Binds pods in kube-scheduler's place and writes on them which devices they got. A pod without a reservation (mode `advise`, or
 * decided before a restart) gets its room here, or is refused: so nothing is given twice even then.
 */
export class Binder {
  private readonly state: ClusterState
  private readonly verbs: Verbs
  private readonly api: Pick<KubeApi, 'readPod' | 'bind'>

  constructor(state: ClusterState, verbs: Verbs, api: Pick<KubeApi, 'readPod' | 'bind'>) {
    this.state = state
    this.verbs = verbs
    this.api = api
  }

  /** Gives what went wrong; empty when the pod is bound there. Asked again, it says the same. */
  async bind(binding: BindingArgs): Promise<string> {
    const { uid, node } = binding
    const isLetThrough = this.verbs.isLetThrough({ metadata: { namespace: binding.namespace } })
    if (!isLetThrough && this.state.holding(uid)?.node !== node) {
      const refusal = await this.makeRoom(binding)
      if (refusal !== '') return refusal
    }
    const holding = this.state.holding(uid)
    if (holding?.bound && holding.node === node) return ''
    if (holding) this.state.renew(holding)
    try {
      const { devices = 0 } = holding ?? {}
      await this.api.bind(binding, devices ? { [DEVICES_ANNOTATION]: listDevices(devices) } : {})
      return ''
    } catch (error) {
      return this.afterwards(binding, error)
    }
  }

  private async makeRoom({ namespace, name, uid, node }: BindingArgs): Promise<string> {
    let pod: Pod | null
    try {
      pod = await this.api.readPod(namespace, name)
    } catch (error) {
      return `${namespace}/${name} could not be read: ${told(error)}`
    }
    if (pod === null || uidOf(pod) !== uid) return `${namespace}/${name} with UID ${uid} is not there`
    if (pod.spec?.nodeName && pod.spec.nodeName !== node) return `${namespace}/${name} is bound to ${pod.spec.nodeName}`
    if (pod.spec?.nodeName === node) {
      this.state.podChanged(pod)
      return ''
    }
    try {
      const row = this.state.classOf(pod)
      const taskClass = this.state.rowOf(row)
      const why = this.state.cell().whyNot(taskClass, node)
      if (why !== '' || this.state.cell().row(node) === NONE) return `${node} has no room for ${namespace}/${name}: ${why}`
      // What it holds elsewhere goes only now: refused, it keeps that.
      this.state.release(uid, 'moved')
      this.state.reserve(pod, row, node)
      return ''
    } catch (error) {
      if (error instanceof InputError) return error.message
      throw error
    }
  }

  /** The answer to a bind that failed: it may have been done all the same, now or by an earlier try. */
  private async afterwards({ namespace, name, uid, node }: BindingArgs, error: unknown): Promise<string> {
    const pod = await this.api.readPod(namespace, name).catch(() => undefined)
    if (pod && uidOf(pod) === uid && pod.spec?.nodeName === node) return ''
    const holding = this.state.holding(uid)
    // Where nobody knows whether it was done, the room is kept until somebody does.
    if (pod !== undefined && holding && !holding.bound) this.state.release(uid, 'failed')
    return `${namespace}/${name} was not bound to ${node}: ${told(error)}`
  }
}

function told(error: unknown): string {
  const status = statusOf(error)
  return status === null ? String(error instanceof Error ? error.message : error) : `the API server answered ${status}`
}
