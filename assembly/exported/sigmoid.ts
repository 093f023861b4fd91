/** Scores with a network of one hidden layer of sigmoids and one output, which stays in registers. */
import { preprocessOne } from '../preprocess';
import { finish, throughSigmoids } from '../shallow';
import { network } from './network';

export {
  allocate, answer, bias, create, event, fallback, inputs, offset, outputs, scale, stride, weights,
} from './network';

/** Scores the event; returns the answer. */
export function score(): f32 {
  const net = network();
  preprocessOne(net);
  return finish(net, throughSigmoids(net, net.x, f32x4.splat(0)));
}
