import type { Taint, Toleration } from '../../sim/index.ts'

/** Whether one of the tolerations covers the taint. */
export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some(
    ({ key, exists, value, effect }) =>
      (effect === '' || effect === taint.effect) && (key === '' || key === taint.key) && (exists || value === taint.value),
  )
}

/** Whether the class is barred by none of the machine's taints. */
export function toleratesAll(tolerations: readonly Toleration[], taints: readonly Taint[]): boolean {
  return taints.every((taint) => taint.effect === 'PreferNoSchedule' || tolerates(tolerations, taint))
}
