/** What teachers are trained to make small: a loss of each event, and its slope for each answer. */
import type { Values } from '../models/keras/shape.ts'

/**
 * @param answers of the last layer
 * @param targets of all events
 * @param at where those of this event begin
 * @param slopes get the derivative of the loss by each answer
 * @returns the loss of this event
 */
export type Loss = (answers: Values, targets: ArrayLike<number>, at: number, slopes: Values) => number

/** A probability is taken to be at least this far from 0 and 1, as in Keras. */
const CERTAIN = 1e-7

/** Binary cross-entropy, of one answer. */
export const ENTROPY: Loss = (answers, targets, at, slopes) => {
  const answer = Math.min(Math.max(answers[0]!, CERTAIN), 1 - CERTAIN)
  slopes[0] = (answer - targets[at]!) / (answer * (1 - answer))
  return -Math.log(targets[at] === 1 ? answer : 1 - answer)
}

/** The mean of the squares. */
export const SQUARES: Loss = (answers, targets, at, slopes) => {
  let sum = 0
  for (let i = 0; i < answers.length; i++) {
    const error = answers[i]! - targets[at + i]!
    slopes[i] = (2 * error) / answers.length
    sum += error * error
  }
  return sum / answers.length
}

/** Cross-entropy of a softmax: its slopes are by the sums before the softmax, where they are simple. */
export const CATEGORICAL: Loss = (answers, targets, at, slopes) => {
  let loss = 0
  for (let i = 0; i < answers.length; i++) {
    slopes[i] = answers[i]! - targets[at + i]!
    if (targets[at + i] === 1) loss = -Math.log(Math.max(answers[i]!, CERTAIN))
  }
  return loss
}
