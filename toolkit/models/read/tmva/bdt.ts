/** Boosted decision trees of TMVA (`MethodBDT`). */
import type { Place } from '../../document.ts'
import { softmax } from '../../softmax.ts'
import { Forest, justBelow, type Tree } from '../../trees.ts'

const BOOSTS = ['AdaBoost', 'RealAdaBoost', 'Bagging', 'Grad']

/** @param groups classes of a multiclass model, whose trees take turns; else 1 */
export function readBDT(setup: Place, inputs: number, of: (name: string) => string | undefined, groups: number) {
  const boost = of('BoostType') ?? 'AdaBoost'
  const options = setup.get('Options')
  if (!BOOSTS.includes(boost)) options.refuse(`BoostType ${boost} is not read, only ${BOOSTS.join(', ')}`)
  if (of('DoPreselection') === 'True') options.refuse('DoPreselection is not read')
  const gradient = boost === 'Grad'
  if (groups > 1 && !gradient) options.refuse(`BoostType ${boost} of several classes is not read, only Grad`)
  const place = setup.in('Weights', 'BinaryTree')
  const trees = place.list()
  if (trees.length === 0) place.fail('at least one tree')
  const value = gradient ? 'res' : of('UseYesNoLeaf') === 'False' ? 'purity' : 'nType'
  const weights = trees.map((tree) => (gradient ? 1 : tree.get('boostWeight').number()))
  const forest = new Forest(
    trees.map((tree, t) => readTree(tree, inputs, value, weights[t]!, t % groups)),
    (t) => `${setup.file}: ${trees[t]!.path}`,
  )
  const norm = weights.reduce((sum, weight) => sum + weight, 0)
  const response = gradient ? (sum: number) => 2 / (1 + Math.exp(-2 * sum)) - 1 : (sum: number) => average(sum, norm)
  const { nodes, depth } = forest
  return {
    facts: { boost, trees: forest.trees, nodes, depth },
    respond(variables: Float32Array): Float32Array {
      const sums = new Float64Array((variables.length / inputs) * groups)
      forest.add(variables, inputs, sums, groups)
      if (groups === 1) return Float32Array.from(sums, response)
      for (let at = 0; at < sums.length; at += groups) softmax(sums.subarray(at, at + groups))
      return Float32Array.from(sums)
    },
  }
}

function average(sum: number, norm: number): number {
  return norm > Number.EPSILON ? sum / norm : 0
}

/** Nodes of the file are numbered as they are met; each is within its parent, so that they cannot but be a tree. */
function readTree(tree: Place, inputs: number, value: string, weight: number, group: number): Tree {
  const [root, ...more] = tree.get('Node').list()
  if (!root || more.length > 0) tree.get('Node').fail('one root')
  const places = [root as Place]
  const columns: number[] = []
  const thresholds: number[] = []
  const children: [below: number, above: number][] = []
  // The list grows while it is walked.
  for (const node of places) {
    if (node.get('nType').number() !== 0) {
      columns.push(-1)
      thresholds.push(weight * node.get(value).number())
      children.push([0, 0])
      continue
    }
    if (node.has('NCoef') && node.get('NCoef').number() !== 0) node.get('NCoef').refuse('Fisher cuts are not read')
    columns.push(node.get('IVar').whole(0, inputs - 1))
    thresholds.push(justBelow(node.get('Cut').number()))
    children.push(readChildren(node, places))
  }
  const below = Int32Array.from(children, ([below]) => below)
  const above = Int32Array.from(children, ([, above]) => above)
  // What has a missing value is answered with NaN in the end.
  return {
    columns: Int32Array.from(columns),
    thresholds: Float64Array.from(thresholds),
    below,
    above,
    missing: below,
    group,
  }
}

/** Right is where the signal is: from the cut on, or below it where the type of the cut is 0. */
function readChildren(node: Place, places: Place[]): [below: number, above: number] {
  const list = node.get('Node').list()
  const [left, right] = ['l', 'r'].map((pos) => list.find((child) => child.get('pos').value === pos))
  if (!left || !right || list.length !== 2) node.get('Node').fail('a node to the left and one to the right')
  places.push(left as Place, right as Place)
  const [l, r] = [places.length - 2, places.length - 1]
  return node.get('cType').whole(0, 1) === 1 ? [l, r] : [r, l]
}
