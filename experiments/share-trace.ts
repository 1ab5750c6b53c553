/**
 * A copy of plain data whose typed arrays lie in shared memory, so that handing it to a worker copies no column.
 * Objects and arrays are copied; strings and numbers stay as they are.
 */
export function shareTrace<T>(value: T): T {
  return share(value) as T
}

type Columns = Float64Array | Int32Array | Uint8Array

function share(value: unknown): unknown {
  if (value instanceof Float64Array || value instanceof Int32Array || value instanceof Uint8Array) {
    const make = value.constructor as new (buffer: SharedArrayBuffer) => Columns
    const shared = new make(new SharedArrayBuffer(value.byteLength))
    shared.set(value)
    return shared
  }
  if (Array.isArray(value)) return value.map(share)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, share(one)]))
  return value
}
