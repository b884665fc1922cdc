import type { GoalId } from '../goals.js'
import type { Stage } from '../stage/stage.js'

/** One scene of the benchmark. */
export interface Measure {
  /** What `--only` takes; the ids of its goals begin with it. */
  name: string
  goals: readonly GoalId[]
  /** @throws Error when a request went wrong: a rate of wrong answers is no rate */
  run(stage: Stage): Promise<Finding>
}

export interface Finding {
  values: Partial<Record<GoalId, number>>
  /** The absolute numbers behind the values, for the reader of the table. */
  detail: string
}
