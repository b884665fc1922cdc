/** Who is signed in, from where, and a way to end it. */
export function SessionsList() {
  return null
}
