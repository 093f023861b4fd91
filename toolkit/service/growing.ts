/** The program of the thread in which a service grows a drone: it learns, and measures what it has learnt. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Epoch, formatJSON } from 'nndrone'
import { InputError } from '../errors.ts'
import { numbered, openEvents } from '../events/index.ts'
import { messageOf, withFlags } from '../flags.ts'
import { type LearnResult, learn } from '../jobs/learn/index.ts'
import { report } from '../jobs/report/index.ts'
import { DroneModel, type Model, openModel } from '../models/index.ts'
import { reportFiles } from '../report/index.ts'
import { scalingKeptOf } from '../scaling/kept.ts'
import type { Scaling } from '../scaling/scaling.ts'
import type { Grown, GrowOrder, Told } from './grow-messages.ts'

const order = workerData as GrowOrder
const tell = (told: Told) => parentPort!.postMessage(told)

const STOPPED = 'stopped before the end of the first epoch: there is no drone yet'

const stopped = new AbortController()
parentPort!.on('message', () => stopped.abort(new InputError(STOPPED)))

try {
  tell({ what: 'done', grown: await grow() })
} catch (error) {
  tell({ what: 'failed', message: messageOf(error) })
} finally {
  parentPort!.close()
}

async function grow(): Promise<Grown> {
  const teacher = await openModel(order.teacher)
  try {
    const result = await learn({
      ...order.options,
      teacher,
      scaleFrom: order.options.scaleFrom ?? keptScale(teacher),
      events: await openEvents(order.events),
      signal: stopped.signal,
      onNotice: (text) => tell({ what: 'notice', text: withFlags(text) }),
      onProgress({ stage, done, total, epoch }) {
        tell({ what: 'progress', stage, done, total, epoch: epoch && short(epoch) })
      },
    })
    if (result.history.length === 0) throw new InputError(STOPPED)
    return await measured(result, teacher)
  } finally {
    await teacher.close?.()
  }
}

/** How a drone of the service keeps that events were standardised for this very teacher. */
function keptScale(teacher: Model): Scaling | undefined {
  if (!teacher.unscaled) return undefined
  for (const document of order.drones) {
    const kept = scalingKeptOf(teacher, new DroneModel({ path: 'drone.json', bytes: Buffer.from(document) }))
    if (kept) return kept
  }
  return undefined
}

function short({ epoch, loss, grew, step, hidden }: Epoch) {
  return { epoch, loss, grew, pruned: step === 'pruning', hidden }
}

/** What the report of it tells, on the events that were held out. */
async function measured(result: LearnResult, teacher: Model): Promise<Grown> {
  const { drone, heldOut, fidelity, stopped } = result
  const document = `${formatJSON(drone.toJSON())}\n`
  const all = await openEvents(order.events)
  const { label, features } = order.options
  const told = await report({
    drone: new DroneModel({ path: 'drone.json', bytes: Buffer.from(document) }),
    ...{ teacher, label, features, times: false },
    events: heldOut.length > 0 ? numbered(all, heldOut.slice().sort()) : all,
    onProgress: ({ stage, done, total }) => tell({ what: 'progress', stage, done, total }),
  })
  const { roc } = told
  return {
    ...{ document, stopped, parameters: drone.parameters, hidden: drone.hidden, inputs: [...drone.inputs] },
    fidelity: { mse: fidelity.mse, maxError: fidelity.maxError, events: fidelity.events, heldOut: fidelity.heldOut },
    auc: result.auc,
    roc: roc?.teacher && { teacher: roc.teacher, drone: roc.drone },
    report: reportFiles(told).html,
  }
}
