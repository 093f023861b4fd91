/** nndrone serve */
import { stat } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { WINDOW } from '../drift/index.ts'
import { fileError, InputError, UsageError } from '../errors.ts'
import type { OpenTo, Tokens } from '../service/auth.ts'
import { grow } from '../service/grow.ts'
import { service } from '../service/index.ts'
import { LIMITS } from '../service/limits.ts'
import { isName } from '../service/names.ts'
import { listen, logTo } from '../service/node.ts'
import { page } from '../service/page.ts'
import { nameOf, Shelf } from '../service/shelf.ts'
import { endOfWorker, isWorker, peers, startWorkers, WorkerDeath } from '../service/workers.ts'
import { counted, listed } from '../text.ts'
import type { Interruptions } from './interrupt.ts'
import { positive, whole } from './options/values.ts'
import { say } from './view/messages.ts'

interface Options {
  models?: string
  port: number
  host: string
  workers: number
  public?: boolean
  allowHost: string[]
  cors: string[]
  maxBody: number
  maxTime: number
  maxRequests: number
  window: number
  log: boolean
}

/** Tokens; on the command line others could read them. */
const WRITE_TOKEN = 'NNDRONE_TOKEN'
const READ_TOKEN = 'NNDRONE_READ_TOKEN'

/** What this machine calls itself. */
const LOCAL = ['localhost', '127.0.0.1', '[::1]']

/** The exit code where a process could not start, which has said why. */
const FAILED = 1

/** Seconds between two looks at the files. */
const LOOK = 1

/** Seconds that requests which are being answered have to come to their end. */
const PATIENCE = 10

export function serveCommand(program: Command, interruptions: Interruptions): void {
  program
    .command('serve')
    .summary('answer requests for scores: drones as a service')
    .description(
      'Serves drones by HTTP: the Open Inference Protocol v2 (KServe, Triton), the API of TFaaS, streams of events, versions that are put and promoted, metrics for Prometheus, and drift. A file that changes is taken up without a restart; a broken one is refused, and the one before stays.',
    )
    .argument(
      '[drones...]',
      'drones or other models, served by the names of their files or as NAME=FILE; or a folder of them',
    )
    .option('--models <folder>', 'a folder of NAME/VERSION/drone.json, where new versions are kept')
    .option('--port <n>', 'the port; 0 for any that is free', whole(0), 8080)
    .option('--host <address>', 'the address that is listened at', '127.0.0.1')
    .option('--workers <n>', 'processes that answer', whole(1), 1)
    .option('--public', 'have anybody who reaches it score events without a token; all else needs one')
    .optionsGroup('Limits and access:')
    .option(
      '--max-body <megabytes>',
      'of a request; a stream of events may be 64 times as long',
      positive,
      LIMITS.body / 2 ** 20,
    )
    .option('--max-time <seconds>', 'that a request may take to come', positive, LIMITS.time)
    .option('--max-requests <n>', 'that are answered at a time', whole(1), LIMITS.requests)
    .option('--allow-host <names...>', 'further names by which requests may call this host', [])
    .option('--cors <origins...>', 'origins whose pages may ask, as https://example.org', origins, [])
    .optionsGroup('What is seen:')
    .option('--window <events>', 'events of the window in which drift is measured', whole(10), WINDOW)
    .option('--no-log', 'write no line for each request to standard error')
    .addHelpText(
      'after',
      `
Whoever writes (puts, promotes, deletes) needs the token of ${WRITE_TOKEN}, as Authorization: Bearer TOKEN; without one
nobody can. On 127.0.0.1 reading and scoring are free, unless ${READ_TOKEN} is set. Any other address needs a token for
all, or --public.

Examples:
  $ nndrone serve drone.json
  $ curl localhost:8080/v2/models/drone/infer -d '{"inputs":[{"name":"events","shape":[1,2],"datatype":"FP64","data":[5,2.9]}]}'
  $ curl localhost:8080/v2/models/drone/events --data-binary @events.csv
  $ ${WRITE_TOKEN}=secret nndrone serve --models models
  $ curl -T drone.json -H 'Authorization: Bearer secret' 'localhost:8080/v2/models/best/versions/2?promote'
  $ nndrone serve drone.json --host 0.0.0.0 --public`,
    )
    .action((paths: string[], options: Options) => run(paths, options, interruptions))
}

function origins(text: string, before: readonly string[] = []): string[] {
  if (URL.canParse(text) && new URL(text).origin === text) return [...before, text]
  throw new InvalidArgumentError('Expected an origin, as https://example.org.')
}

async function run(paths: readonly string[], options: Options, interruptions: Interruptions): Promise<void> {
  const tokens: Tokens = { read: process.env[READ_TOKEN], write: process.env[WRITE_TOKEN] }
  const setting = { tokens, open: openTo(options, tokens), ...(await placesOf(paths, options)) }
  if (options.workers > 1 && !isWorker()) await runWorkers(options, interruptions)
  else await runService(setting, options, interruptions)
}

interface Setting {
  tokens: Tokens
  open: OpenTo
  files: readonly { name: string; path: string }[]
  folder: string | undefined
}

/** Answers requests until a signal comes. */
async function runService(setting: Setting, options: Options, interruptions: Interruptions): Promise<void> {
  const { tokens, open, files, folder } = setting
  const log = options.log ? logTo(2) : undefined
  const made = await service({
    ...{ tokens, open, window: options.window, log: log?.sink, origins: options.cors, peers: peers() },
    hosts: isLoopback(options.host) ? [...LOCAL, options.host, ...options.allowHost] : undefined,
    limits: {
      ...{ body: options.maxBody * 2 ** 20, time: options.maxTime },
      requests: Math.ceil(options.maxRequests / options.workers),
    },
  })
  const { models, kit } = made
  const shelf = new Shelf({ models, log: kit.log, files, folder })
  models.keeper = shelf
  await page(kit)
  grow(kit, { folder, pathOf: (name) => shelf.pathOf(name, models.entry(name).active.version) })
  for (const { path, reason } of await shelf.scan()) {
    if (files.some((file) => file.path === path)) throw new InputError(reason!)
    if (!isWorker()) say(`warning: ${reason}`)
  }
  const ended = new AbortController()
  shelf.watch(LOOK, ended.signal)
  const { server, port } = await listen(made, options)
  if (!isWorker()) {
    say(`serving ${listed(models.entries.map(({ name }) => name)) || 'no model yet'} at ${addressOf(options, port)}`)
  }
  await interruptions.during(async (signal, savable) => {
    savable()
    await Promise.race([aborted(signal), aborted(endOfWorker())])
  })
  ended.abort()
  server.close()
  const late = new Promise((resolve) => setTimeout(resolve, 1000 * PATIENCE, 'late').unref())
  if ((await Promise.race([made.drain(), late])) === 'late')
    say(`${counted(kit.pending, 'request')} had not come to an end`)
  server.closeAllConnections()
  await log?.flush()
  if (isWorker()) process.disconnect()
}

/** Has several processes answer, and ends them with this one. */
async function runWorkers(options: Options, interruptions: Interruptions): Promise<void> {
  const workers = startWorkers(options.workers, (code) => say(`a process ended (${code}); another takes its place`))
  try {
    const port = await workers.ready
    say(`serving at ${addressOf(options, port)} by ${options.workers} processes`)
  } catch (error) {
    await workers.end()
    if (!(error instanceof WorkerDeath)) throw error
    process.exitCode = FAILED
    return
  }
  await interruptions.during(async (signal, savable) => {
    savable()
    await aborted(signal)
  })
  await workers.end()
}

function addressOf({ host }: Options, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** What is free without a token. @throws UsageError where all the world could come in */
function openTo({ host, public: isPublic }: Options, { read, write }: Tokens): OpenTo {
  if (isPublic) return 'scoring'
  if (isLoopback(host)) return read ? 'nothing' : 'reading'
  if (read || write) return 'nothing'
  throw new UsageError(
    `--host ${host}: can be reached from elsewhere; set a token in ${WRITE_TOKEN}, or add --public to let anybody score`,
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** The files that are named, by the names of their models, and the folder. */
async function placesOf(paths: readonly string[], { models }: Options) {
  const files: { name: string; path: string }[] = []
  let folder = models
  for (const given of paths) {
    const named = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(given)
    const path = named?.[2] ?? given
    const status = await stat(path).catch((error) => {
      throw fileError(path, error)
    })
    if (status.isDirectory()) {
      if (folder !== undefined) throw new UsageError(`${path}: a second folder; only one can be served`)
      folder = path
      continue
    }
    const name = named?.[1] ?? nameOf(path)
    if (!isName(name)) throw new UsageError(`${path}: its name cannot be that of a model; give it one, as NAME=${path}`)
    const twice = files.find((file) => file.name === name)
    if (twice) throw new UsageError(`${path}: is ${name}, as ${twice.path} is; give it another name, as NAME=${path}`)
    files.push({ name, path })
  }
  if (files.length === 0 && folder === undefined) {
    throw new UsageError('nothing to serve; name drones, or a folder with --models')
  }
  const status =
    folder === undefined
      ? undefined
      : await stat(folder).catch((error) => {
          throw fileError(folder!, error)
        })
  if (status && !status.isDirectory()) throw new UsageError(`--models ${folder}: is a file, expected a folder`)
  return { files, folder }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
