/** Spearman's rank correlation, ties by their middle rank: from −1 to 1, NaN where one of the two never varies. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = ranks(a)
  const y = ranks(b)
  const middle = (x.length - 1) / 2
  let both = 0
  let first = 0
  let second = 0
  for (let i = 0; i < x.length; i++) {
    both += (x[i] - middle) * (y[i] - middle)
    first += (x[i] - middle) ** 2
    second += (y[i] - middle) ** 2
  }
  return both / Math.sqrt(first * second)
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from(values, (_, row) => row).sort((a, b) => values[a] - values[b])
  const rank = new Float64Array(values.length)
  for (let i = 0; i < order.length; ) {
    let next = i
    while (next < order.length && values[order[next]] === values[order[i]]) next++
    for (let k = i; k < next; k++) rank[order[k]] = (i + next - 1) / 2
    i = next
  }
  return rank
}
