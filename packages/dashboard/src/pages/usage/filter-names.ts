import { useTable } from './data.js'
import type { Asked, Group } from './asked.js'
import { useGroupName } from './names.js'

/** What is alone looked at is named in the table of its own kind. */
export function useFilterNames(asked: Asked): (by: Group, group: string) => string {
  const nameOf = useGroupName()
  const named = (['account', 'api_key', 'client_key'] as const).find((by) => asked.only[by] !== undefined)
  const { data } = useTable({ ...asked, by: named ?? asked.by })
  return (by, group) =>
    nameOf(by, group, (by === named ? data?.rows.find((row) => row.group === group)?.name : undefined) ?? null)
}
