/**
 * A service as a teacher: of the Open Inference Protocol v2 (KServe, Triton, MLServer, …; `…/v2/models/NAME`), or TFaaS
 * (`…/json?model=NAME`). Neither can be told of a missing value, so that an event that lacks one is not asked: NaN.
 */
import type { Numbers } from 'nndrone'
import { InputError, UsageError } from '../../../errors.ts'
import { checkedAnswers } from '../../answers.ts'
import { Place } from '../../document.ts'
import type { Description, Model, Origin } from '../../model.ts'
import { answerColumns, type Column, inputNames, type Port, probabilitiesFirst } from '../../ports.ts'
import { type Caller, caller } from './request.ts'

export interface ServiceOptions {
  /** Names for inputs that the service does not name. */
  inputs: readonly string[]
  /** Seconds that an answer may take. */
  timeout: number
  /** Sent as a bearer's. */
  token?: string
  /** Milliseconds before the second try, doubled before each further one. */
  backoff?: number
}

/** What a protocol makes of a service. */
interface Protocol {
  format: string
  inputs: readonly string[]
  /** As of a model. */
  unnamed?: boolean
  outputs: readonly string[]
  /** Events of a request. */
  batch: number
  /** Asks some events [n × inputs] for their answers [n × outputs]. */
  ask(events: Numbers): Promise<Float32Array>
}

/** Requests that wait for their answers at a time. */
const AT_ONCE = 4

/** @throws UsageError on an address of another form, InputError where the service is not there or not as it should be */
export async function openService(url: string, options: ServiceOptions): Promise<Model> {
  const address = URL.canParse(url) ? new URL(url) : undefined
  const kind = /^https?:$/.test(address?.protocol ?? '') ? formOf(address!) : undefined
  if (!kind) {
    // Of anything else nobody knows which part is a secret.
    const shown = address?.protocol.startsWith('http') ? shownAddress(address) : 'the address'
    throw new UsageError(`${shown}: expected http(s)://…/v2/models/NAME or …/json?model=NAME`)
  }
  const call = caller(options)
  const origin = { path: shownAddress(address!), name: modelName(address!) }
  return new ServiceModel(origin, await kind(address!, call, options))
}

function formOf({ pathname }: URL) {
  if (/\/v2\/models\/[^/]+/.test(pathname)) return openInference
  return pathname.endsWith('/json') ? tfaas : undefined
}

/** The model's name in an address. */
function modelName({ pathname, searchParams }: URL): string {
  const [, name] = /\/v2\/models\/([^/]+)/.exec(pathname) ?? []
  return decodeURIComponent(name ?? searchParams.get('model') ?? 'service')
}

/** Without a user, a password and what else may be a secret: of what is asked, the model's name alone. */
function shownAddress({ protocol, host, pathname, searchParams }: URL): string {
  const model = searchParams.get('model')
  return `${protocol}//${host}${pathname}${model === null ? '' : `?model=${encodeURIComponent(model)}`}`
}

class ServiceModel implements Model {
  readonly file: Origin
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly optional: ReadonlySet<string> = new Set()
  readonly unnamed: boolean
  readonly #protocol: Protocol

  constructor(origin: Origin, protocol: Protocol) {
    this.file = origin
    this.#protocol = protocol
    this.inputs = protocol.inputs
    this.unnamed = protocol.unnamed ?? false
    this.outputs = protocol.outputs
  }

  async predictBatch(events: Numbers): Promise<Float32Array> {
    const { batch } = this.#protocol
    const [width, height] = [this.inputs.length, this.outputs.length]
    const whole = wholeEvents(events, width)
    const scores = new Float32Array((events.length / width) * height).fill(Number.NaN)
    for (let from = 0; from < whole.length; from += AT_ONCE * batch) {
      const rows = Array.from({ length: AT_ONCE }, (_, i) => whole.subarray(from + i * batch, from + (i + 1) * batch))
      await Promise.all(rows.filter((some) => some.length > 0).map((some) => this.#fill(scores, events, some)))
    }
    return scores
  }

  async #fill(scores: Float32Array, events: Numbers, rows: Uint32Array): Promise<void> {
    const [width, height] = [this.inputs.length, this.outputs.length]
    const asked = new Float64Array(rows.length * width)
    for (const [i, row] of rows.entries()) asked.set(events.subarray(row * width, (row + 1) * width), i * width)
    const answers = await this.#protocol.ask(asked)
    for (const [i, row] of rows.entries()) scores.set(answers.subarray(i * height, (i + 1) * height), row * height)
  }

  describe(): Description {
    const { format } = this.#protocol
    return { format, address: this.file.path, inputs: this.inputs, outputs: this.outputs }
  }
}

/** The numbers of the events that lack no value. */
function wholeEvents(events: Numbers, width: number): Uint32Array {
  const rows = Uint32Array.from({ length: events.length / width }, (_, n) => n)
  return rows.filter((n) => events.subarray(n * width, (n + 1) * width).every(Number.isFinite))
}

/** An input of an Open Inference model. */
interface Tensor extends Port {
  datatype: string
  /** Whether there is no dimension of columns. */
  flat: boolean
}

async function openInference(address: URL, call: Caller, options: ServiceOptions): Promise<Protocol> {
  const model = new URL(address)
  model.pathname = address.pathname.replace(/\/(infer)?$/, '')
  const infer = new URL(model)
  infer.pathname += '/infer'
  const metadata = new Place(shownAddress(model), '', await call(model))
  const inputs = metadata.get('inputs').list()
  if (inputs.length === 0) metadata.get('inputs').fail('at least one')
  const tensors = inputs.map((input) => readTensor(input, inputs.length === 1 ? options.inputs.length : undefined))
  const outputs = floatOutputs(metadata)
  const ask = async (events: Numbers, count: number) => {
    const body = { inputs: tensorsOf(tensors, events, count), outputs: outputs.map((name) => ({ name })) }
    return new Place(shownAddress(infer), '', await call(infer, body))
  }
  const only = tensors.length === 1 ? tensors[0]!.columns : undefined
  const names = options.inputs.length === only ? options.inputs : inputNames(tensors)
  const zeros = await ask(new Float64Array(names.length), 1)
  const columns = answerColumns(shownAddress(infer), new Map(outputs.map((output) => [output, dataOf(zeros, output)])))
  return {
    format: 'Open Inference Protocol v2',
    inputs: only === 1 ? [tensors[0]!.name] : names,
    unnamed: only !== undefined && only > 1 && names !== options.inputs,
    outputs: columns.map(({ name }) => name),
    batch: 512,
    async ask(events) {
      const count = events.length / names.length
      return gathered(await ask(events, count), columns, count)
    },
  }
}

function readTensor(place: Place, given: number | undefined): Tensor {
  const datatype = place.get('datatype').text()
  if (datatype !== 'FP32' && datatype !== 'FP64') place.get('datatype').fail('FP32 or FP64')
  const shape = [...place.get('shape').numbers()]
  const columns = shape.length === 1 ? 1 : shape[1] === -1 ? given : shape[1]
  const many = columns === undefined || !Number.isInteger(columns) || columns < 1 || columns > 1 << 16
  if (many || shape.length < 1 || shape.length > 2 || shape[0] !== -1) {
    place.get('shape').refuse(`[${shape.join(', ')}], expected [-1, a number of columns]`)
  }
  return { name: place.get('name').text(), datatype, columns: columns!, flat: shape.length === 1 }
}

function floatOutputs(metadata: Place): readonly string[] {
  const outputs = metadata.get('outputs').list()
  const floats = outputs.filter((output) => /^FP(16|32|64)$/.test(String(output.get('datatype').value)))
  if (floats.length === 0) metadata.get('outputs').refuse('none is of FP32 or FP64')
  return probabilitiesFirst(floats.map((output) => output.get('name').text()))
}

function tensorsOf(tensors: readonly Tensor[], events: Numbers, count: number) {
  const width = tensors.reduce((sum, { columns }) => sum + columns, 0)
  let first = 0
  return tensors.map(({ name, datatype, columns, flat }) => {
    const from = first
    first += columns
    const data = Array.from({ length: count * columns }, (_, i) => {
      return events[Math.floor(i / columns) * width + from + (i % columns)]!
    })
    return { name, datatype, shape: flat ? [count] : [count, columns], data }
  })
}

/** The numbers of an output, flat or row by row. */
function dataOf(response: Place, name: string): number[] {
  const outputs = response.get('outputs')
  const found = outputs.list().find((output) => output.get('name').value === name)
  const data = (found ?? outputs.refuse(`none is ${JSON.stringify(name)}`)).get('data')
  return (Array.isArray(data.value) ? data.value : data.fail('an array')).flat(2) as number[]
}

/** The columns that are answers [events × columns], checked. */
function gathered(response: Place, columns: readonly Column[], events: number): Float32Array {
  const scores = new Float32Array(events * columns.length)
  for (const output of new Set(columns.map((column) => column.output))) {
    const data = dataOf(response, output)
    const width = data.length / events
    const some = columns.filter((column) => column.output === output)
    if (width <= some.at(-1)!.index || !Number.isInteger(width)) {
      response.get('outputs').refuse(`${JSON.stringify(output)}: ${data.length} numbers for ${events} events`)
    }
    const names = Array.from({ length: width }, (_, i) => `${output}[${i}]`)
    const checked = finite(response.file, checkedAnswers(response.file, data, events, names), names)
    for (const [i, column] of columns.entries()) {
      if (column.output !== output) continue
      for (let n = 0; n < events; n++) scores[n * columns.length + i] = checked[n * width + column.index]!
    }
  }
  return scores
}

/** Whoever was asked with whole events has to answer them. */
function finite(where: string, answers: Float32Array, outputs: readonly string[]): Float32Array {
  const at = answers.findIndex((answer) => !Number.isFinite(answer))
  if (at < 0) return answers
  throw new InputError(`${where}: ${outputs[at % outputs.length]}: ${answers[at]}, expected a finite number`)
}

/** An event a request: { keys, values, model }, answered by a list of numbers. */
async function tfaas(address: URL, call: Caller, { inputs }: ServiceOptions): Promise<Protocol> {
  const where = shownAddress(address)
  const model = address.searchParams.get('model') ?? undefined
  const ask = async (event: Numbers) => {
    const answer = await call(address, { keys: inputs, values: [...event], ...(model && { model }) })
    return Array.isArray(answer) ? (answer as number[]) : new Place(where, 'answer', answer).fail('an array')
  }
  const first = await ask(new Float64Array(inputs.length))
  const columns = answerColumns(where, new Map([['score', first]]))
  const names = first.map((_, i) => `score[${i}]`)
  return {
    format: 'TFaaS',
    inputs,
    outputs: columns.map(({ name }) => name),
    batch: 1,
    async ask(event) {
      const answers = finite(where, checkedAnswers(where, await ask(event), 1, names), names)
      return Float32Array.from(columns, ({ index }) => answers[index]!)
    },
  }
}
