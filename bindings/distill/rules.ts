/** When a network grows: the paper's rule, and that of the authors' program. */
import { exp } from '../arithmetic/math.ts'
import { ConfigurationError, shown } from '../errors.ts'
import { checkOptions, type OptionTypes } from '../options.ts'

/** Sees the loss of each epoch and says whether to grow after it. It may keep what it has seen: one rule a run. */
export interface GrowthRule {
  /**
   * @param loss L_j, the mean over the mini-batches of Σ(F − G)²
   * @param change δ_j = |L_j − L_{j−1}| / L_j; infinite in the first epoch
   */
  grows(loss: number, change: number): boolean
  /** Whether to train on after the last epoch, up to twice as many. */
  continues?(loss: number): boolean
}

/** The paper's symbols (Benson and Gizdov, arXiv:1712.09114, section 3). */
export interface RuleOptions {
  /** Learning has stalled where the relative change of the loss is below this. */
  kappa?: number
  /** How far below the loss of the last growth, in units of δ_j L_j and at most, the loss must be. */
  m?: number
  /** How fast that distance grows with the epochs since the last growth. */
  b?: number
}

const PAPER = { kappa: 0.02, m: 50, b: 0.04, n: 1.28 }

const SYMBOLS: OptionTypes<RuleOptions & { n?: number }> = { kappa: '', m: '', b: '', n: '' }

/** The symbols that are given, the paper's for the others. */
function symbols(options: RuleOptions & { n?: number }): typeof PAPER {
  checkOptions('growth', options, SYMBOLS)
  const chosen = { ...PAPER }
  for (const key of ['kappa', 'm', 'b', 'n'] as const) {
    const value = options[key] ?? PAPER[key]
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new ConfigurationError(`growth.${key}: ${shown(value)}, expected a number from 0`)
    }
    chosen[key] = value
  }
  return chosen
}

/** σ_j = m (1 − e^{−b t}) δ_j L_j (eq. 3) */
function distance(m: number, b: number, t: number, change: number, loss: number): number {
  return m * (1 - exp(-b * t)) * change * loss
}

/**
 * What the authors' program does: t counts the stalled epochs since the last growth, and more than five are needed.
 * After the last epoch it goes on while the loss is above that of the last growth.
 * @example await distill({ ...options, rule: referenceRule({ kappa: 0.01 }) })
 */
export function referenceRule(options: RuleOptions = {}): GrowthRule {
  const { kappa, m, b } = symbols(options)
  let lossAtGrowth: number | undefined
  let t = 0
  return {
    grows(loss, change) {
      if (!(change < kappa)) return false
      t++
      const enough = lossAtGrowth === undefined || (t > 5 && loss < lossAtGrowth - distance(m, b, t, change, loss))
      if (enough) {
        lossAtGrowth = loss
        t = 0
      }
      return enough
    },
    continues: (loss) => lossAtGrowth !== undefined && loss > lossAtGrowth,
  }
}

/**
 * What the paper says: t counts every epoch since the last growth. `n` is its offset: σ of t = 0 is 2.5 δ L.
 * @example await distill({ ...options, rule: paperRule({ kappa: 0.01 }) })
 */
export function paperRule(options: RuleOptions & { n?: number } = {}): GrowthRule {
  const { kappa, m, b, n } = symbols(options)
  let lossAtGrowth: number | undefined
  let t = 0
  return {
    grows(loss, change) {
      t++
      if (!(change < kappa)) return false
      const enough = lossAtGrowth === undefined || loss < lossAtGrowth - distance(m, b, t + n, change, loss)
      if (enough) {
        lossAtGrowth = loss
        t = 0
      }
      return enough
    },
  }
}
