/**
 * The metrics, by the names of Triton (nv_…, in microseconds) and KServe where they have one; ours begin with nndrone.
 * https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/metrics.html,
 * https://kserve.github.io/website/docs/model-serving/predictive-inference/observability/prometheus-metrics
 */

export const REQUESTS = ['nv_inference_request_success', 'Requests that were answered with scores.'] as const
export const FAILURES = ['nv_inference_request_failure', 'Requests for scores that failed, by reason.'] as const
/** Why requests fail, in the words of Triton. */
export const REASONS = ['REJECTED', 'CANCELED', 'OTHER'] as const
export const EVENTS = ['nv_inference_count', 'Events that were scored.'] as const
export const TIME = [
  'nv_inference_request_duration_us',
  'Time of the requests that were answered with scores, in microseconds, summed up.',
] as const
export const SECONDS = {
  name: 'request_predict_seconds',
  help: 'Time of each request that was answered with scores.',
  ends: [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
}
export const SCORES = {
  name: 'nndrone_score',
  help: 'Scores of the first output.',
  ends: Array.from({ length: 20 }, (_, k) => (k + 1) / 20),
}
export const OUTSIDE = [
  'nndrone_out_of_domain_fraction',
  'The fraction of the events of the window with a value out of the range of the training.',
] as const
export const WINDOW_EVENTS = ['nndrone_window_events', 'Events in the window of the drift.'] as const
export const PSI = [
  'nndrone_drift_psi',
  'Population stability index of an input or a score against the training, over the window.',
] as const
export const KS = [
  'nndrone_drift_ks',
  'Statistic of Kolmogorov and Smirnov of an input or a score against the training, over the window.',
] as const
export const VERSION = ['nndrone_model_version', '1 for the version that is asked where none is named.'] as const
export const HTTP = ['nndrone_http_requests_total', 'All requests, by route and status.'] as const
export const PENDING = ['nv_inference_pending_request_count', 'Requests that are being answered.'] as const
