/** The relaxed kernels: one binary scores and learns, since only who asks for it loads it. */
export * from './index';
export { preprocess, train, gradient, gradientOffset, objective, curvature } from './learning';
