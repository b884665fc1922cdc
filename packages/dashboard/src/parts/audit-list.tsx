/** What was done in management, by whom and from where. */
export function AuditList() {
  return null
}
