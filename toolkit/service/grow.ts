/** Growing drones by the page: what there is to grow from, files that are sent, and the job. */
import cluster from 'node:cluster'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { excerpt } from '../text.ts'
import { Failure } from './failure.ts'
import type { Choices, FileChoice, GrowOptions } from './grow-messages.ts'
import { Jobs } from './jobs.ts'
import type { Kit } from './kit.ts'
import { checkLength, STREAMS, textOf } from './limits.ts'
import { checkTeacher, columnsOf, Uploads } from './uploads.ts'

/** Where models and events are. */
export interface Places {
  /** The file of the version that answers; undefined where there is none. */
  pathOf(model: string): string | undefined
  folder: string | undefined
}

/** Files of the folder that hold events. */
const EVENTS = /\.(csv|tsv|ndjson|jsonl|parquet|npz|root|arrow|feather)(\.gz)?$/i

const OPTIONS: Readonly<Record<keyof GrowOptions, true>> = {
  label: true,
  features: true,
  scaleFrom: true,
  preset: true,
  epochs: true,
  hidden: true,
  maxHidden: true,
  parameters: true,
  questions: true,
  holdout: true,
  seed: true,
}

/** The page of a report has a style of its own, which it names by its hash, and no script. */
const REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

export function grow(kit: Kit, places: Places): void {
  const [jobs, uploads] = [new Jobs(), new Uploads()]
  const files = new Files(places.folder)
  // Of several processes each request may come to another one.
  const able = !cluster.isWorker
  const only = <Value>(value: Value): Value => {
    if (able) return value
    throw new Failure(409, 'drones are grown by a service of one process; start it without --workers')
  }
  kit.get('/page/choices', 'read', async (exchange) => {
    const teachers = kit.models.entries
      .filter(({ name }) => places.pathOf(name) !== undefined)
      .map(({ name, active }) => ({ name, platform: active.source.platform }))
    const choices: Choices = { writable: kit.guard.writable, able, teachers, events: await files.all() }
    return exchange.json(choices)
  })
  kit.post('/page/files', 'write', async (exchange) => {
    const { request, context } = only(exchange)
    const [name, kind] = [context.req.query('name') ?? 'file', context.req.query('kind')]
    const most = STREAMS * kit.limits.body
    checkLength(exchange, most)
    const upload = await uploads.take(name, request.body as ReadableStream<Uint8Array> | null, most)
    if (kind === 'teacher') await checkTeacher(upload)
    const columns = kind === 'teacher' ? [] : await columnsOf(upload.path)
    const choice: FileChoice = { id: upload.id, name: upload.name, columns }
    return exchange.json(choice, 201)
  })
  kit.post('/page/job', 'write', async (exchange) => {
    const { teacher, events, options } = orderOf(await textOf(only(exchange), kit.limits))
    const from = teacher.file ? uploads.of(teacher.file) : { name: teacher.model!, path: modelPath(teacher.model!) }
    const of = events.file ? uploads.of(events.file) : { name: events.name!, path: await files.pathOf(events.name!) }
    const drones = kit.models.entries.flatMap(({ active }) => active.source.document ?? [])
    const job = jobs.start(
      { teacher: from.path, events: of.path, options, drones },
      { teacher: from.name, events: of.name },
    )
    kit.log.tell('info', 'a drone is being grown', { id: exchange.id, job: job.id, teacher: from.name })
    return exchange.json(job, 202)
  })
  kit.post('/page/job/stop', 'write', (exchange) => {
    jobs.stop()
    return exchange.json(jobs.job)
  })
  kit.get('/page/job', 'read', (exchange) => {
    return exchange.answer(jobs.stream(exchange.request.signal), 'text/event-stream', 200, {
      'x-accel-buffering': 'no',
    })
  })
  kit.get('/page/job/drone.json', 'read', (exchange) => exchange.answer(jobs.grown.document, 'application/json'))
  kit.get('/page/job/report.html', 'read', (exchange) => {
    return exchange.answer(jobs.grown.report, 'text/html; charset=utf-8', 200, {
      'content-security-policy': REPORT_POLICY,
    })
  })

  function modelPath(name: string): string {
    const path = places.pathOf(kit.models.entry(name).name)
    if (path === undefined) throw new Failure(400, `teacher: ${name} has no file to grow from`)
    return path
  }
}

interface Order {
  teacher: { model?: string; file?: string }
  events: { name?: string; file?: string }
  options: GrowOptions
}

/** What the jobs can make of the options, they say themselves. */
function orderOf(json: string): Order {
  let order: Partial<Record<keyof Order, Record<string, unknown>>>
  try {
    order = JSON.parse(json)
  } catch (error) {
    throw new Failure(400, `not JSON: ${(error as Error).message}`)
  }
  const { teacher, events, options = {} } = order ?? {}
  for (const [name, value, keys] of [
    ['teacher', teacher, ['model', 'file']],
    ['events', events, ['name', 'file']],
  ] as const) {
    const [, ...more] = keys.filter((key) => typeof value?.[key] === 'string')
    if (more.length > 0 || !keys.some((key) => typeof value?.[key] === 'string')) {
      throw new Failure(400, `${name}: ${excerpt(value)}, expected {"${keys[0]}": …} or {"${keys[1]}": …}`)
    }
  }
  const alien = Object.keys(options).find((key) => !Object.hasOwn(OPTIONS, key))
  if (alien !== undefined) throw new Failure(400, `options: there is no option ${excerpt(alien)}`)
  return { teacher, events, options } as Order
}

/** The files of the folder that hold events, with their columns. */
class Files {
  readonly #folder: string | undefined
  /** By name and what tells that it has changed. */
  readonly #columns = new Map<string, Promise<string[]>>()

  constructor(folder: string | undefined) {
    this.#folder = folder
  }

  async all(): Promise<FileChoice[]> {
    const found = await Promise.all((await this.#names()).map((name) => this.#choice(name)))
    return found.filter((choice) => choice !== undefined)
  }

  /** @throws Failure 404 where it is none of them */
  async pathOf(name: string): Promise<string> {
    if (!(await this.#names()).includes(name)) throw new Failure(404, `events: there is no file ${excerpt(name)}`)
    return join(this.#folder!, name)
  }

  async #names(): Promise<string[]> {
    if (this.#folder === undefined) return []
    const names = await readdir(this.#folder).catch((): string[] => [])
    return names.filter((name) => EVENTS.test(name)).sort()
  }

  async #choice(name: string): Promise<FileChoice | undefined> {
    const path = join(this.#folder!, name)
    const status = await stat(path).catch(() => undefined)
    if (!status?.isFile()) return undefined
    const state = `${name}:${status.size}:${status.mtimeMs}`
    const columns = this.#columns.get(state) ?? columnsOf(path)
    this.#columns.set(state, columns)
    // What cannot be read is not offered.
    return columns.then(
      (columns) => ({ id: name, name, columns }),
      () => undefined,
    )
  }
}
