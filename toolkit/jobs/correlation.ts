/** How closely columns follow each other. */

/** Fewer pairs than this may agree by chance. */
const LEAST = 10

/**
 * Pearson's correlation of two columns, −1 to 1, over the rows where both are finite. NaN where there are fewer than ten
 * of them, or where a column is constant.
 */
export function correlation(length: number, x: (n: number) => number, y: (n: number) => number): number {
  let [count, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0]
  for (let n = 0; n < length; n++) {
    const [a, b] = [x(n), y(n)]
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue
    count++
    const [fromX, fromY] = [a - meanX, b - meanY]
    meanX += fromX / count
    meanY += fromY / count
    xx += fromX * (a - meanX)
    yy += fromY * (b - meanY)
    xy += fromX * (b - meanY)
  }
  return count < LEAST ? Number.NaN : xy / Math.sqrt(xx * yy)
}
