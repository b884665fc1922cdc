import { sortableIds } from '../store/index.js'

/** Ids of notices; of two, the later one is greater. */
export function noticeIds(random: () => number): (now: number) => string {
  return sortableIds('ntc_', random)
}
