/** The figures of `npm run bench:fidelity`, in small: one seed, and bounds that chance does not reach. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readDecays } from '../../../bench/bdecay.ts'
import { type DistillOptions, distill } from '../../../bindings/index.ts'
import { withData } from '../../support.ts'

const NAMES = ['pt', 'eta', 'min_pt', 'max_pt', 'min_eta', 'max_eta']

const test = suite('distill: fidelity')

withData(
  test,
  'half the error of growth at the same size, on events that are held out',
  'bdecay/events.csv',
  async (path) => {
    const { events, targets } = readDecays(path)
    const error = async (more: Partial<DistillOptions>) => {
      const options = { events, targets, inputs: NAMES, holdout: 0.5, maxHidden: 15, seed: 3 }
      const { drone, fidelity } = await distill({ ...options, ...more })
      assert.is(drone.parameters, 121)
      return fidelity.mse
    }
    const [now, before] = [await error({}), await error({ growth: { kappa: 0.05 } })]
    assert.ok(now < 0.7 * before, `${now}, ${before} by growth`)
  },
)

withData(test, 'in sample, by squares: about 1e-4 with 121 parameters', 'bdecay/events.csv', async (path) => {
  const { events, targets } = readDecays(path)
  const options = { events, targets, inputs: NAMES, maxHidden: 15, activation: 'swish', loss: 'squared' } as const
  const { fidelity } = await distill(options)
  assert.ok(fidelity.mse < 1.4e-4, `${fidelity.mse}`)
})

test.run()
