/** Machines that changed lately, in no order: few, so they are looked at one by one instead of being sorted in after each change. */
export class UnsettledMachines {
  count = 0
  /** The first `count` of these. */
  readonly machines: Int32Array
  private readonly isIn: Uint8Array

  constructor(machines: number) {
    this.machines = new Int32Array(machines)
    this.isIn = new Uint8Array(machines)
  }

  /** Whether the machine has not been here before. */
  add(machine: number): boolean {
    if (this.isIn[machine] === 1) return false
    this.isIn[machine] = 1
    this.machines[this.count++] = machine
    return true
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.isIn[this.machines[i]] = 0
    this.count = 0
  }
}
