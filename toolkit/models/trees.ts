/** Forests of binary decision trees, packed for speed. What tells the frameworks apart is settled while they are read. */
import { InputError } from '../errors.ts'

/** One tree as a reader gives it; its root is node 0. */
export interface Tree {
  /** Column that a node asks for; −1 where the node is a leaf. */
  columns: Int32Array
  /** What the column is compared with; the value of a leaf. */
  thresholds: Float64Array
  /** Where an event goes whose value is at most the threshold. */
  below: Int32Array
  /** Where it goes above the threshold. */
  above: Int32Array
  /** Where it goes if its value is NaN. */
  missing: Int32Array
  /** The sum that the tree's leaves are added to. */
  group: number
  /** The categories by which a node splits: an event whose value is one of them goes where `below` says. */
  categories?: ReadonlyMap<number, Categories>
}

/** Some whole numbers from 0. */
export interface Categories {
  has(category: number): boolean
}

/** In the place of a column; what is less is −2 − the column of a split by category. */
const LEAF = -1

const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** The next float32 below, for frameworks that ask whether a float32 is less than a threshold: at most this. */
export function justBelow(threshold: number): number {
  float[0] = threshold
  if (float[0] === 0) return -(2 ** -149)
  if (float[0] === Number.NEGATIVE_INFINITY) return float[0]
  bits[0]! += float[0]! > 0 ? -1 : 1
  return float[0]!
}

/** Events whose sums are computed together, so that a tree stays in the cache meanwhile. */
const BLOCK = 256

export class Forest {
  readonly trees: number
  readonly nodes: number
  readonly depth: number
  /** Per node: column (−1 a leaf, −2 − column a split by category), below, above, missing. */
  readonly #nodes: Int32Array
  /** Of a split by category, the number of its set. */
  readonly #thresholds: Float64Array
  readonly #sets: readonly Categories[]
  readonly #roots: Int32Array
  readonly #groups: Int32Array

  /**
   * Checks that trees are trees and packs them, each depth first. Nodes that nothing leads to are left out.
   * @param where names tree t in messages
   * @throws InputError where a node has no such child, or two ways lead to one
   */
  constructor(trees: readonly Tree[], where: (t: number) => string) {
    const most = trees.reduce((sum, tree) => sum + tree.columns.length, 0)
    const packer = new Packer(most)
    this.trees = trees.length
    this.#roots = Int32Array.from(trees, (tree, t) => packer.add(tree, where(t)))
    this.#groups = Int32Array.from(trees, (tree) => tree.group)
    this.nodes = packer.length
    this.depth = packer.depth
    this.#nodes = packer.nodes
    this.#thresholds = packer.thresholds
    this.#sets = packer.sets
  }

  /**
   * Adds each tree's leaf to the sum of its group, tree by tree in their order.
   * @param values [events × width]
   * @param sums [events × groups], of the precision that sums have
   */
  add(values: Float32Array | Float64Array, width: number, sums: Float32Array | Float64Array, groups: number): void {
    const events = sums.length / groups
    for (let from = 0; from < events; from += BLOCK) {
      const to = Math.min(from + BLOCK, events)
      for (let t = 0; t < this.trees; t++) this.#addTree(t, values, width, sums, groups, from, to)
    }
  }

  #addTree(
    tree: number,
    values: Float32Array | Float64Array,
    width: number,
    sums: Float32Array | Float64Array,
    groups: number,
    from: number,
    to: number,
  ): void {
    const nodes = this.#nodes
    const thresholds = this.#thresholds
    const root = this.#roots[tree]!
    const group = this.#groups[tree]!
    for (let event = from; event < to; event++) {
      let node = root
      let column = nodes[4 * node]!
      for (;;) {
        while (column >= 0) {
          const value = values[event * width + column]!
          const threshold = thresholds[node]!
          const way = value <= threshold ? 1 : value > threshold ? 2 : 3
          node = nodes[4 * node + way]!
          column = nodes[4 * node]!
        }
        if (column === LEAF) break
        node = nodes[4 * node + this.#wayOf(values[event * width - 2 - column]!, thresholds[node]!)]!
        column = nodes[4 * node]!
      }
      sums[event * groups + group]! += thresholds[node]!
    }
  }

  /** Which of a node's ways a category takes. */
  #wayOf(value: number, set: number): 1 | 2 | 3 {
    if (Number.isNaN(value)) return 3
    return this.#sets[set]!.has(Math.trunc(value)) ? 1 : 2
  }
}

/** Depth first, with a stack of its own: a file decides how deep a tree is. */
class Packer {
  readonly nodes: Int32Array
  readonly thresholds: Float64Array
  readonly sets: Categories[] = []
  length = 0
  depth = 0

  constructor(most: number) {
    this.nodes = new Int32Array(4 * most)
    this.thresholds = new Float64Array(most)
  }

  /** Returns where the root lies. */
  add(tree: Tree, where: string): number {
    const root = this.length
    const placed = new Int32Array(tree.columns.length).fill(-1)
    // A node, the place where its number belongs, and its depth.
    const open = [[0, -1, 0]]
    for (let next = open.pop(); next; next = open.pop()) {
      const [node, slot, depth] = next as [number, number, number]
      if (!(node >= 0 && node < placed.length)) throw new InputError(`${where}: no node ${node}`)
      if (placed[node] !== -1) throw new InputError(`${where}: two ways lead to node ${node}, expected a tree`)
      placed[node] = this.#place(tree, node)
      if (slot >= 0) this.nodes[slot] = placed[node]
      this.depth = Math.max(this.depth, depth)
      if (tree.columns[node]! < 0) continue
      open.push(
        [tree.above[node]!, 4 * placed[node] + 2, depth + 1],
        [tree.below[node]!, 4 * placed[node] + 1, depth + 1],
      )
    }
    this.#directMissing(tree, placed)
    return root
  }

  #place(tree: Tree, node: number): number {
    const column = tree.columns[node]!
    const set = tree.categories?.get(node)
    this.nodes[4 * this.length] = set ? -2 - column : column
    this.thresholds[this.length] = set ? this.sets.push(set) - 1 : tree.thresholds[node]!
    return this.length++
  }

  /** A missing value goes the way of one of the two. */
  #directMissing(tree: Tree, placed: Int32Array): void {
    for (let node = 0; node < placed.length; node++) {
      if (placed[node] !== -1 && tree.columns[node]! >= 0) {
        this.nodes[4 * placed[node]! + 3] = placed[tree.missing[node]!]!
      }
    }
  }
}
