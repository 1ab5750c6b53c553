type Columns = Float64Array | Int32Array | Uint8Array

/** A typed array that grows as values are pushed, for tables whose length is known only at the end of a file. */
export class Column<T extends Columns> {
  length = 0
  private readonly make: new (
    length: number,
  ) => T
  private values: T

  constructor(make: new (length: number) => T) {
    this.make = make
    this.values = new make(1024)
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new this.make(this.length * 2)
      grown.set(this.values)
      this.values = grown
    }
    this.values[this.length++] = value
  }

  get(row: number): number {
    return this.values[row]
  }

  set(row: number, value: number): void {
    this.values[row] = value
  }

  /** The values so far, trimmed: a copy. */
  done(): T {
    return this.values.slice(0, this.length) as T
  }
}

export const float64 = (): Column<Float64Array> => new Column(Float64Array)
export const int32 = (): Column<Int32Array> => new Column(Int32Array)
export const uint8 = (): Column<Uint8Array> => new Column(Uint8Array)
