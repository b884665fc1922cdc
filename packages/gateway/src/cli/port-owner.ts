import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { plainText } from '../telemetry/index.js'

/** Who listens on a TCP port of this machine, as far as Linux lets us see. */
export function portOwner(port: number): { name: string; pid: number } | undefined {
  try {
    const inode = ['tcp', 'tcp6']
      .map((kind) => listeningInode(readFileSync(`/proc/net/${kind}`, 'utf8'), port))
      .find(Boolean)
    if (inode === undefined) return undefined
    for (const pid of readdirSync('/proc')) {
      if (/^\d+$/.test(pid) && holds(pid, inode)) {
        return { name: plainText(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()), pid: Number(pid) }
      }
    }
  } catch {
    // Another system, or not allowed to look.
  }
  return undefined
}

function listeningInode(table: string, port: number): string | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    // State 0A is LISTEN.
    if (fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A') return fields[9]
  }
  return undefined
}

function holds(pid: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}
