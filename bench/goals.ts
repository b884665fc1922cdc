/** One row of the table: what must be reached, and what we aim for. */
export interface Goal {
  /** `<measure>.<value>` */
  id: GoalId
  metric: string
  unit: '×' | 'ms' | 'µs' | 's' | 'KB' | 'MB' | ''
  better: 'more' | 'less'
  must: number
  aim: number
}

export type GoalId = (typeof TABLE)[number][0]

// Rates are per CPU-second of the process tree, as a ratio to raw-pipe in the same session.
const TABLE = [
  ['requests.ratio', 'small requests per CPU-s, of raw-pipe', '×', 'more', 0.45, 0.75],
  ['events.ratio', 'streamed events per CPU-s, of raw-pipe', '×', 'more', 1.0, 1.6],
  ['ttft.p50', 'added time to first token, p50', 'ms', 'less', 0.6, 0.35],
  ['ttft.p99', 'added time to first token, p99', 'ms', 'less', 4, 1.5],
  ['clients.p99', '64 closed-loop clients, p99', 'ms', 'less', 25, 12],
  ['paced.cpu', '500 paced streams, CPU per event', 'µs', 'less', 80, 60],
  ['paced.p50', '500 paced streams, added latency p50', 'ms', 'less', 0.3, 0.1],
  ['paced.p99', '500 paced streams, added latency p99', 'ms', 'less', 5, 2],
  ['open.stream', '2,000 open streams, memory per stream', 'KB', 'less', 60, 42],
  ['open.rss', '2,000 open streams, RSS', 'MB', 'less', 220, 160],
  ['start.rss', 'idle RSS', 'MB', 'less', 85, 70],
  ['start.first', 'start to first 200', 'ms', 'less', 350, 220],
  ['start.cpu', 'CPU until then', 's', 'less', 0.35, 0.2],
  ['image.p50', '10 MB image body, p50', 'ms', 'less', 80, 30],
  ['image.stall', '10 MB image body, longest stall of another', 'ms', 'less', 110, 30],
  ['image.rss', '10 MB image body, peak RSS', 'MB', 'less', 320, 180],
  ['conversation.p50', '2 MB conversation (930 messages), p50', 'ms', 'less', 30, 15],
  ['conversation.stall', '2 MB conversation, longest stall of another', 'ms', 'less', 55, 25],
  ['tokens.new', 'tokens of a new 86 KB agent request, p50', 'ms', 'less', 15, 8],
  ['tokens.turn', 'tokens of its next turn, p50', 'ms', 'less', 5, 2.5],
  ['turns.bytes', '50 agent turns, bytes upstream over WebSocket, of HTTP', '×', 'less', 1, 0.5],
  ['turns.last', 'the last of them', '×', 'less', 0.7, 0.35],
  ['turns.first', '50 agent turns, first token over WebSocket, added to HTTP', 'ms', 'less', 1, 0],
  ['leave.open', 'upstream streams open 1 s after 500 clients left', '', 'less', 0, 0],
] as const

export const GOALS: readonly Goal[] = TABLE.map(([id, metric, unit, better, must, aim]) => ({
  id,
  metric,
  unit,
  better,
  must,
  aim,
}))

export type Verdict = 'aim' | 'must' | 'MISSED'

/** Which of the two marks a value reaches. */
export function verdict({ better, must, aim }: Goal, value: number): Verdict {
  const reaches = (mark: number): boolean => (better === 'more' ? value >= mark : value <= mark)
  if (reaches(aim)) return 'aim'
  return reaches(must) ? 'must' : 'MISSED'
}
