/**
 * The devices that a task of `devices` × `milli` gets: the fullest with room, lowest index first (for whole devices, the first idle
 * ones). `free` is the milli-GPU free on each, from `start` up to `end`; bit i of the answer stands for `start + i`.
 */
export function fullestDevices(free: ArrayLike<number>, start: number, end: number, devices: number, milli: number): number {
  let picked = 0
  for (let left = devices; left > 0; left--) {
    let fullest = -1
    for (let d = start; d < end; d++) {
      if (picked & (1 << (d - start)) || free[d] < milli) continue
      if (fullest < 0 || free[d] < free[fullest]) fullest = d
    }
    if (fullest < 0) throw new Error(`fewer than ${devices} devices have ${milli} milli-GPU free`)
    picked |= 1 << (fullest - start)
  }
  return picked >>> 0
}
