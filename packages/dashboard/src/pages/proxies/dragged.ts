/** What a drag of accounts carries; nothing else is taken. */
const TYPE = 'application/x-dragoman-owners'

export function dragIds(transfer: DataTransfer, ids: readonly string[]): void {
  transfer.effectAllowed = 'move'
  transfer.setData(TYPE, JSON.stringify(ids))
}

export function draggedIds(transfer: DataTransfer): string[] {
  try {
    const ids: unknown = JSON.parse(transfer.getData(TYPE))
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}
