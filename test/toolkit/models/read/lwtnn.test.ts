/** Networks of lwtnn that a drone cannot be: what a real lwtnn answers, and files that are wrong or not read. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DroneModel } from '../../../../toolkit/models/index.ts'
import { seeded } from '../../../support.ts'
import { answers, changed, fixture, JSON_TOKENS, read, refused, survives } from '../support.ts'

interface Case {
  name: string
  network: object
  /** What is not finite is text. */
  events: (number | string)[][]
  answers: (number | string)[][]
}

const cases: Case[] = JSON.parse(fixture('lwtnn', 'golden.json').toString())
const network = (name: string) => cases.find((one) => one.name === name)!.network

const test = suite('models: lwtnn')

test('networks answer as lwtnn does, missing values and defaults included', async () => {
  assert.equal(
    cases.map(({ name }) => name),
    ['mixed', 'inner', 'shadowed', 'parts', 'branches', 'twins'],
  )
  let missing = 0
  for (const { name, network, events, answers: expected } of cases) {
    const model = await read(network)
    const scores = await answers(
      model,
      events.map((event) => event.map(Number)),
    )
    for (const [i, answer] of expected.flat().map(Number).entries()) {
      if (Number.isNaN(answer)) missing++
      const close = Number.isNaN(answer)
        ? Number.isNaN(scores[i])
        : Math.abs(scores[i]! - answer) <= 1e-5 * Math.max(1, Math.abs(answer))
      assert.ok(close, `${name}, answer ${i}: ${scores[i]}, lwtnn says ${answer}`)
    }
    assert.is(scores.length, expected.flat().length)
  }
  assert.ok(missing >= 4, 'NaN where there is no default')
})

test('names: of inputs and outputs, led by their node where two nodes share one', async () => {
  const [mixed, branches, twins] = await Promise.all(['mixed', 'branches', 'twins'].map((name) => read(network(name))))
  assert.equal(mixed!.inputs, ['a', 'b', 'c', 'd'])
  assert.equal(mixed!.outputs, ['signal', 'background'])
  assert.equal([...mixed!.optional], ['b', 'd'])
  assert.equal(branches!.inputs, ['pt', 'eta', 'd0', 'z0', 'chi2'])
  assert.equal(branches!.outputs, ['b', 'light', 'quark', 'gluon', 'sum'])
  assert.equal(twins!.inputs, ['lead_pt', 'lead_eta', 'next_pt', 'next_eta'])
  assert.equal([...twins!.optional], ['next_pt', 'next_eta'])
  assert.equal([...(await read(network('shadowed'))).optional], ['a'])
})

test('defaults of a graph stand in for what is missing', async () => {
  const twins = await read(network('twins'))
  const [missing, given] = [
    [1, 2, Number.NaN, Number.NaN],
    [1, 2, 0, 1],
  ]
  assert.equal(await answers(twins, [missing]), await answers(twins, [given]))
})

test('what inspect shows', async () => {
  const { layers, ...shown } = (await read(network('mixed'))).describe()
  assert.is(shown.format, 'lwtnn sequential')
  assert.is(shown.parameters, 8 + 25 + 54 + 24 + 8)
  assert.equal(layers, [
    { type: 'normalization', units: 4, activation: undefined },
    { type: 'dense', units: 5, activation: 'rectified' },
    { type: 'maxout', units: 3, activation: undefined },
    { type: 'highway', units: 3, activation: 'tanh' },
    { type: 'dense', units: 2, activation: 'softmax' },
  ])
  const branches = (await read(network('branches'))).describe()
  assert.is(branches.format, 'lwtnn graph')
  // The layer that two nodes share counts once.
  assert.is(branches.parameters, 12 + 24 + 36 + 10)
})

test('dense networks are drones', async () => {
  const layer = { architecture: 'dense', weights: [1], bias: [0], activation: 'sigmoid' }
  const inputs = [{ name: 'maxout', offset: 0, scale: 1 }]
  assert.instance(await read({ inputs, layers: [layer], outputs: ['nodes'] }), DroneModel)
})

test('what is not read is named', async () => {
  const branches = network('branches')
  const kind = (architecture: string) => changed(network('mixed'), ['layers', 2, 'architecture'], architecture)
  const known = 'only dense, normalization, maxout, highway'
  for (const name of ['lstm', 'gru', 'simplernn', 'conv1d', 'embedding']) {
    await refused(kind(name), `model: layers[2].architecture: the layer ${name} is not read, ${known}`)
  }
  await refused(
    changed(branches, ['nodes', 3, 'type'], 'time_distributed'),
    'model: nodes[3].type: the node time_distributed is not read, only input, feed_forward, concatenate, add',
  )
  await refused(
    changed(branches, ['input_sequences'], [{}]),
    'model: input_sequences: sequences of inputs are not read',
  )
})

test('wrong networks name the place', async () => {
  const mixed = (keys: (string | number)[], value: unknown) => changed(network('mixed'), keys, value)
  await refused(mixed(['inputs', 1, 'scale'], 'wide'), 'model: inputs[1].scale: "wide", expected a finite number')
  await refused(mixed(['inputs', 1, 'name'], 'a'), 'model: inputs: "a" stands twice')
  await refused(mixed(['layers', 0, 'bias'], [1]), 'model: layers[0].bias: an array of 1, expected 4 values')
  await refused(
    mixed(['layers', 1, 'weights'], [1, 2, 3]),
    'model: layers[1].weights: an array of 3, expected a multiple of 4 values, one for each input',
  )
  await refused(mixed(['layers', 1, 'weights', 3], null), 'model: layers[1].weights[3]: null, expected a finite number')
  await refused(
    mixed(['layers', 1, 'activation'], 'relu'),
    /^model: layers\[1\].activation: "relu", expected one of softmax, linear/,
  )
  await refused(
    mixed(['layers', 1, 'activation'], 'swish'),
    'model: layers[1].activation: "swish", expected an activation with its alpha',
  )
  await refused(
    mixed(['layers', 2, 'sublayers'], []),
    'model: layers[2].sublayers: an array of 0, expected at least one',
  )
  await refused(
    mixed(['layers', 2, 'sublayers', 1], { weights: [1, 2, 3, 4, 5], bias: [1] }),
    'model: layers[2].sublayers[1]: 1 units, expected 3 as the first has',
  )
  await refused(
    mixed(['layers', 3, 'components', 't'], undefined),
    'model: layers[3].components.t: undefined, expected an object',
  )
  await refused(mixed(['outputs'], ['one']), 'model: outputs: an array of 1, expected 2 names, one for each unit')
  await refused(mixed(['defaults', 'b'], 'x'), 'model: defaults.b: "x", expected a finite number')
})

test('graphs that are none are refused, and cannot hang or fill the memory', async () => {
  const graph = (keys: (string | number)[], value: unknown) => changed(network('branches'), keys, value)
  await refused(graph(['nodes', 4, 'sources', 0], 7), 'model: nodes[4].sources[0]: node 7 is among its own sources')
  await refused(graph(['nodes', 2, 'sources'], [2]), 'model: nodes[2].sources[0]: node 2 is among its own sources')
  await refused(
    graph(['nodes', 2, 'sources'], [-1]),
    'model: nodes[2].sources[0]: -1, expected a whole number from 0 to 8',
  )
  await refused(graph(['nodes', 2, 'sources'], []), 'model: nodes[2].sources: an array of 0, expected at least one')
  await refused(
    graph(['nodes', 2, 'layer_index'], 9),
    'model: nodes[2].layer_index: 9, expected a whole number from 0 to 3',
  )
  await refused(graph(['nodes', 0, 'size'], 3), 'model: nodes[0].size: 3, expected 2, the variables of its input')
  await refused(
    graph(['nodes', 6, 'sources', 1], 3),
    'model: nodes[6].sources[1]: 2 numbers, expected 4 as the first has',
  )
  await refused(
    graph(['outputs', 'late', 'node_index'], 99),
    'model: outputs.late.node_index: 99, expected a whole number from 0 to 8',
  )
  await refused(
    graph(['outputs', 'first', 'labels'], ['a', 'b', 'c', 'd', 'e']),
    'model: outputs.first.labels: an array of 5, expected at most 4 names',
  )
  await refused(
    graph(['nodes', 8, 'sources'], [3]),
    'model: nodes[8].layer_index: layer 3 has 4 inputs elsewhere, and 2 here',
  )
  const input = { type: 'input', sources: [0], size: 2 }
  const doubled = (n: number) => Array.from({ length: n }, (_, i) => ({ type: 'concatenate', sources: [i, i] }))
  const outputs = { late: { node_index: 40, labels: ['a'] } }
  await refused(
    { ...network('branches'), nodes: [input, ...doubled(40)], outputs },
    'model: nodes[23]: more than 16777216 numbers in all nodes',
  )
})

test('a long chain of nodes', async () => {
  const chain = (nodes: number) => ({
    ...(network('branches') as { inputs: object[] }),
    nodes: Array.from({ length: nodes }, (_, i) =>
      i === 0 ? { type: 'input', sources: [0], size: 2 } : { type: 'add', sources: [i - 1] },
    ),
    outputs: { last: { node_index: nodes - 1, labels: ['a'] } },
  })
  assert.is((await read(chain(1024))).outputs.length, 1)
  await refused(chain(1025), 'model: nodes: an array of 1025, expected at most 1024 nodes')
})

test('tampered files are read or refused', async () => {
  for (const [i, name] of ['mixed', 'branches'].entries()) {
    const text = Buffer.from(JSON.stringify(network(name)))
    await survives(text, seeded(i), [...JSON_TOKENS, '"dense"', '"add"', '"input"', '[0]'])
  }
})

test.run()
