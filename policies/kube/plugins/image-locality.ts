import type { KubePlugin } from '../plugin.ts'

const MIB = 2 ** 20
const LEAST = 23 * MIB
const MOST_EACH = 1000 * MIB

/** Prefers machines where large images of the task already lie, less so where few machines have them. */
export const imageLocality: KubePlugin = {
  name: 'ImageLocality',
  weight: 1,
  scorer: ({ rules, machines: { present } }) => {
    /** On how many machines an image lies; which are there may change. */
    const spreadOf = (image: string) => {
      let all = 0
      let having = 0
      rules?.machines.forEach(({ images }, machine) => {
        if (!present[machine]) return
        all++
        if (Object.hasOwn(images, image)) having++
      })
      return having / all
    }
    let spread = new Map<string, number>()
    return {
      begin: (taskClass) => {
        spread = new Map(rules?.classes[taskClass].images.map((image) => [image, spreadOf(image)]))
        return true
      },
      score: (taskClass, machine) => {
        if (!rules) return 0
        const { images } = rules.classes[taskClass]
        const there = rules.machines[machine].images
        let sum = 0
        for (const image of images) if (Object.hasOwn(there, image)) sum += Math.trunc(there[image] * (spread.get(image) ?? 0))
        const most = MOST_EACH * images.length
        if (most === 0) return 0
        return Math.trunc((100 * (Math.min(most, Math.max(LEAST, sum)) - LEAST)) / (most - LEAST))
      },
    }
  },
}
