/** The API of TFaaS (TensorFlow as a Service): https://github.com/vkuznet/TFaaS */
import { shortest } from 'nndrone'
import { counted, excerpt, listed, quoted, suggested } from '../text.ts'
import { Failure } from './failure.ts'
import type { Exchange, Kit } from './kit.ts'
import { bytesOf, textOf } from './limits.ts'
import type { Served } from './served.ts'

export function tfaas(kit: Kit): void {
  for (const path of ['/json', '/predict/json']) kit.post(path, 'score', (exchange) => predict(kit, exchange))
  kit.get('/models', 'score', (exchange) => {
    return exchange.json(kit.models.entries.map(({ active }) => paramsOf(active)))
  })
  kit.get('/params', 'score', (exchange) => exchange.json(paramsOf(kit.models.served(defaultName(kit)))))
  kit.get('/params/:model', 'score', (exchange) => exchange.json(paramsOf(kit.models.served(exchange.param('model')))))
  for (const path of ['/params', '/params/:model']) {
    kit.post(path, 'write', async (exchange) => {
      const { name = exchange.context.req.param('model') } = object(await textOf(exchange, kit.limits))
      if (typeof name !== 'string') throw new Failure(400, `name: ${excerpt(name)}, expected the name of a model`)
      kit.models.chosen = kit.models.entry(name).name
      await kit.peers.tell(name)
      return exchange.json(paramsOf(kit.models.served(name)))
    })
  }
  kit.post('/upload', 'write', (exchange) => upload(kit, exchange))
  kit.delete('/delete/:model', 'write', (exchange) => remove(kit, exchange, exchange.param('model')))
  kit.delete('/delete', 'write', async (exchange) => {
    const model = exchange.context.req.query('model') ?? (await formOf(kit, exchange)).get('model')
    return remove(kit, exchange, String(model))
  })
  const began = Date.now()
  kit.get('/status', 'score', (exchange) => {
    return exchange.json({
      status: kit.draining ? 'ending' : 'running',
      uptime: (Date.now() - began) / 1000,
      models: kit.models.entries.length,
      pending: kit.pending,
    })
  })
}

/** What TFaaS tells of a model; a drone has no graph whose nodes could be named. */
function paramsOf({ name, version, inputs, outputs, source, since }: Served) {
  return {
    ...{ name, model: 'drone.json', labels: '', options: null, inputNode: listed(inputs), outputNode: listed(outputs) },
    ...{ description: `${source.platform}, version ${version}`, timestamp: new Date(since).toISOString() },
  }
}

function defaultName({ models }: Kit): string {
  const { chosen } = models
  if (chosen !== undefined && models.has(chosen)) return chosen
  const names = models.entries.map(({ name }) => name)
  if (names.length === 1) return names[0]!
  throw new Failure(400, names.length === 0 ? 'there is no model' : `model: missing; there are ${listed(names)}`)
}

/** An event: { keys, values, model }, answered by the list of its scores. */
async function predict(kit: Kit, exchange: Exchange): Promise<Response> {
  const { keys, values, model } = object(await textOf(exchange, kit.limits))
  if (model !== undefined && typeof model !== 'string')
    throw new Failure(400, `model: ${excerpt(model)}, expected a name`)
  const served = kit.models.served(model || defaultName(kit))
  exchange.served = served
  const answers = served.score(rowOf(keys, values, served))
  const scores = answers instanceof Float32Array ? answers : await answers
  exchange.events = 1
  served.meters.done((performance.now() - exchange.began) / 1000)
  return exchange.json(Array.from(scores, (score) => (Number.isFinite(score) ? shortest(score) : null)))
}

/** The values of an event in the order of the inputs; without keys they are in that order already. */
function rowOf(keys: unknown, values: unknown, { inputs, places }: Served): Float64Array {
  if (!Array.isArray(values)) throw new Failure(400, `values: ${excerpt(values)}, expected a list of numbers`)
  const names = keys === undefined || keys === null ? inputs : keys
  if (!Array.isArray(names)) throw new Failure(400, `keys: ${excerpt(keys)}, expected a list of names`)
  if (names.length !== values.length) {
    throw new Failure(400, `values: ${counted(values.length, 'value')} for ${names.length} keys`)
  }
  const row = new Float64Array(inputs.length)
  const given = new Set<number>()
  for (const [i, name] of names.entries()) {
    const place = places.get(name)
    // Keys that are not inputs do not matter, as everywhere.
    if (place === undefined) continue
    if (given.has(place)) throw new Failure(400, `keys: ${excerpt(name)} is given twice`)
    given.add(place)
    const value = values[i]
    if (typeof value !== 'number' && value !== null)
      throw new Failure(400, `values[${i}]: ${excerpt(value)}, expected a number`)
    row[place] = value ?? Number.NaN
  }
  const lacking = inputs.filter((_, i) => !given.has(i))
  if (lacking.length === 0) return row
  const question = suggested(
    lacking[0]!,
    names.filter((name) => typeof name === 'string'),
  )
  throw new Failure(400, `keys: ${listed(lacking.map(quoted))} missing${question}`)
}

/** name, params (a file of JSON) and model (the file of a drone); labels, which a drone has none of, are left aside. */
async function upload(kit: Kit, exchange: Exchange): Promise<Response> {
  const form = await formOf(kit, exchange)
  const { name = form.get('name') } = form.has('params') ? object(await textIn(form, 'params')) : {}
  if (typeof name !== 'string' || name === '') throw new Failure(400, 'the request does not provide name')
  if (form.has('name') && form.get('name') !== name) {
    throw new Failure(400, `name: ${excerpt(form.get('name'))}, but params have ${excerpt(name)}`)
  }
  if (!form.has('model')) throw new Failure(400, 'the request does not provide model')
  const encoded = exchange.header('content-encoding') === 'base64'
  const document = encoded
    ? ofBase64(await textIn(form, 'model'))
    : new TextEncoder().encode(await textIn(form, 'model'))
  const { served, created } = await kit.models.put(name, kit.models.nextVersion(name), document, true)
  kit.log.tell('info', 'a version was uploaded', { id: exchange.id, model: name, version: served.version })
  return exchange.json({ name, version: served.version, sha256: served.source.sha256 }, created ? 201 : 200)
}

async function formOf(kit: Kit, exchange: Exchange): Promise<FormData> {
  const type = exchange.header('content-type') ?? ''
  const bytes = await bytesOf(exchange, kit.limits)
  try {
    return await new Response(bytes as BodyInit, { headers: { 'content-type': type } }).formData()
  } catch {
    throw new Failure(400, `content-type: ${excerpt(type)}, expected a form (multipart/form-data)`)
  }
}

async function textIn(form: FormData, name: string): Promise<string> {
  const value = form.get(name) as string | Blob
  return typeof value === 'string' ? value : value.text()
}

function ofBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replace(/\s/g, '')), (character) => character.charCodeAt(0))
  } catch {
    throw new Failure(400, 'model: is not base64, which Content-Encoding says')
  }
}

async function remove(kit: Kit, exchange: Exchange, name: string): Promise<Response> {
  await kit.models.remove(name)
  kit.log.tell('info', 'a model was deleted', { id: exchange.id, model: name })
  return exchange.json({ deleted: name })
}

function object(json: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new Failure(400, `not JSON: ${(error as Error).message}`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Failure(400, `${excerpt(value)}, expected an object`)
}
