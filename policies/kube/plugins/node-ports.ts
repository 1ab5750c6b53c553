import type { Port } from '../../../sim/index.ts'
import type { KubePlugin } from '../plugin.ts'

const REFUSAL = { why: "node(s) didn't have free ports for the requested pod ports", mayOpen: true }
const EVERY_ADDRESS = '0.0.0.0'

/** Keeps tasks off machines where a port that they ask for is taken. */
export const nodePorts: KubePlugin = {
  name: 'NodePorts',
  weight: 0,
  filter: ({ rules }) => ({
    refuse: (taskClass, machine) => {
      if (!rules) return null
      const wanted = rules.classes[taskClass].ports
      if (wanted.length === 0) return null
      for (const other of rules.classesOn(machine).keys())
        if (rules.classes[other].ports.some((taken) => wanted.some((port) => collide(port, taken)))) return REFUSAL
      return null
    },
  }),
}

function collide(a: Port, b: Port): boolean {
  return (
    a.port === b.port &&
    a.protocol === b.protocol &&
    (a.address === b.address || a.address === EVERY_ADDRESS || b.address === EVERY_ADDRESS)
  )
}
