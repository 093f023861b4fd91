/** Scores with a network of any shape. */
import { answer as answerOf, deep } from '../forward';
import { preprocessOne } from '../preprocess';
import { network } from './network';

export {
  allocate, answer, bias, create, event, fallback, inputs, offset, outputs, scale, stride, weights,
} from './network';

/** Scores the event; returns the first number of the answer. */
export function score(): f32 {
  const net = network();
  preprocessOne(net);
  deep(net, net.x);
  return load<f32>(answerOf(net));
}
