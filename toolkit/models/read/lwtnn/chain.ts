/** A network of lwtnn as a chain of dense layers, where it is one. */
import { ACTIVATIONS, type Activation } from 'nndrone'
import type { Chain, Piece } from '../../chain.ts'
import type { Place } from '../../document.ts'

/** @throws InputError that names the place of what a drone cannot be */
export function piecesOf(document: Place, inputs: Chain['inputs'] & {}): Chain {
  const layers = document.has('nodes') ? ofGraph(document) : document.get('layers').list()
  let width = inputs.length
  const pieces = layers.flatMap((layer) => {
    const made = pieceOf(layer, width)
    for (const piece of made) if (piece.kind === 'dense') width = piece.bias.length
    return made
  })
  return { inputs, pieces }
}

/** The layers from the only input to the only output, one after the other. */
function ofGraph(document: Place): Place[] {
  const nodes = document.get('nodes').list()
  const outputs = document.get('outputs').entries()
  if (document.get('inputs').list().length !== 1) document.get('inputs').refuse('several, and a drone is one chain')
  if (outputs.length !== 1) document.get('outputs').refuse('several, and a drone is one chain')
  const layers: Place[] = []
  let index = outputs[0]![1].get('node_index')
  for (;;) {
    const node = nodes[index.whole(0, nodes.length - 1)]!
    const type = node.get('type')
    if (type.value === 'input') return layers
    if (type.value !== 'feed_forward') type.refuse(`${type.value}, and the nodes of a chain are feed_forward`)
    const list = document.get('layers').list()
    layers.unshift(list[node.get('layer_index').whole(0, list.length - 1)]!)
    index = node.get('sources').list()[0]!
  }
}

function pieceOf(layer: Place, inputs: number): Piece[] {
  const architecture = layer.get('architecture')
  const [weights, bias] = [layer.get('weights').numbers(), layer.get('bias').numbers()]
  if (architecture.value === 'normalization') {
    return [{ kind: 'scale', scale: [...weights], shift: [...bias].map((b, i) => b * weights[i]!) }]
  }
  if (architecture.value !== 'dense') architecture.refuse(`${architecture.value}, and the layers of a drone are dense`)
  const units = weights.length > 0 ? weights.length / inputs : inputs
  const unit = () => new Float64Array(inputs * inputs).map((_, at) => Number(at % (inputs + 1) === 0))
  return [
    {
      kind: 'dense',
      weights: weights.length > 0 ? weights : unit(),
      bias: bias.length > 0 ? bias : new Float64Array(units),
    },
    activationOf(layer.get('activation')),
  ]
}

/** Names and numbers were checked when the network was read. */
function activationOf(place: Place): Piece {
  const named = typeof place.value === 'string' ? place : place.get('function')
  const name = named.text().replace(/_legacy$/, '')
  if (!ACTIVATIONS.includes(name as Activation)) named.refuse(`${name} is none that a drone has`)
  const alpha = place !== named && place.has('alpha') ? place.get('alpha').number() : 1
  return { kind: 'activation', activation: name as Activation, alpha }
}
