import { escapeText } from '../pivot/index.js'
import {
  ENTRY_KEY,
  ENTRY_VALUE,
  followed,
  formChecker,
  TUPLE_REST,
  type Branch,
  type Plan,
  type PlannedField,
  type Restore,
} from './restore-plan.js'

/** Turns the text of one value back while it streams. */
export interface JsonRestorer {
  /** A piece of the model's text, as it stands between JSON quotes; gives what can be told of the restored text, likewise escaped. */
  push(escapedDelta: string): string
  /** The text is over, whole or cut: what was held back. */
  end(): string
}

/**
 * Restores a streamed JSON text by plan. Any split of the text gives the same text, also one inside an escape; a text that is not what was
 * planned passes as it is from where it goes astray. Holds back only what it must see to decide: a key, a null, a value of
 * several possible forms.
 */
export function jsonRestorer(restore: Restore): JsonRestorer {
  const text = new TextRestorer(restore)
  /** The beginning of an escape. */
  let pending = ''
  /** The first half of a surrogate pair: escaped alone it would be spelled out. */
  let half = ''
  let garbled = false

  function escaped(plain: string): string {
    const whole = half + plain
    const last = whole.charCodeAt(whole.length - 1)
    half = last >= 0xd800 && last <= 0xdbff ? whole.slice(-1) : ''
    return escapeText(half === '' ? whole : whole.slice(0, -1))
  }

  return {
    push(delta) {
      if (garbled) return delta
      const told = pending + delta
      const cut = wholeEscapes(told)
      pending = told.slice(cut)
      const piece = told.slice(0, cut)
      if (!piece.includes('\\')) return escaped(text.push(piece))
      let plain: string
      try {
        plain = JSON.parse(`"${piece}"`) as string
      } catch {
        garbled = true
        const held = escaped(text.end()) + escapeText(half)
        return held + told
      }
      return escaped(text.push(plain))
    },
    end() {
      if (garbled) return ''
      const rest = escaped(text.end()) + escapeText(half) + pending
      half = pending = ''
      return rest
    },
  }
}

/** Restores a whole JSON text, equal to what {@link jsonRestorer} makes of its pieces. */
export function restoreJson(text: string, restore: Restore): string {
  const whole = new TextRestorer(restore)
  return whole.push(text) + whole.end()
}

/** How much of an escaped text can be read before an escape that is not complete. */
function wholeEscapes(text: string): number {
  const last = text.lastIndexOf('\\')
  if (last === -1 || text.length - last > 6) return text.length
  let run = 1
  while (text[last - run] === '\\') run++
  if (run % 2 === 0) return text.length
  const needs = text[last + 1] === 'u' ? 6 : 2
  return text.length - last < needs ? last : text.length
}

/** What stands open in the text that is read. */
type Frame =
  | { kind: 'object'; plan: Extract<Plan, { kind: 'object' }>; out: Container }
  | { kind: 'wrapped'; plan: Extract<Plan, { kind: 'wrapped' }>; told: boolean }
  | { kind: 'tuple'; plan: Extract<Plan, { kind: 'tuple' }>; out: Container; index: number }
  | { kind: 'entry'; value: Plan | undefined; out: Container; name: string; told: boolean }
  /** An array whose values become values of `out`; `close` is what ends it there. */
  | { kind: 'list'; items: Plan | undefined; out: Container; close: string }
  /** An array of entries, which become properties of `out`. */
  | { kind: 'entries'; value: Plan | undefined; out: Container; close: string }

/** What stands open in the text that is written. */
interface Container {
  empty: boolean
}

type Expect = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'next'

class TextRestorer {
  private readonly frames: Frame[] = []
  private expect: Expect = 'value'
  /** The value that passes as it is, or is collected. */
  private scan: Scan | undefined
  /** Where a scanned value goes; undefined: out, as it is. */
  private collect: { text: string; value: boolean; then: (text: string) => string } | undefined
  /** Structure that was read and not told: it goes out as it is when the text goes astray. */
  private held = ''
  /** The key whose value is expected, as written. */
  private key = ''
  private astray = false

  constructor(private readonly restore: Restore) {}

  push(text: string): string {
    let out = ''
    let at = 0
    while (at < text.length) {
      if (this.astray) return out + text.slice(at)
      if (this.scan !== undefined) {
        const end = this.scan.to(text, at)
        const piece = text.slice(at, end)
        at = end
        if (this.collect === undefined) out += piece
        else this.collect.text += piece
        if (this.scan.over) out += this.scanned()
        continue
      }
      const char = text.charAt(at)
      if (char === ' ' || char === '\n' || char === '\t' || char === '\r') {
        // Space around the whole stays; inside of what is rewritten it has no place.
        if (this.frames.length === 0) out += char
        at++
        continue
      }
      const told = this.token(char)
      if (told === undefined) {
        this.astray = true
        out += this.held
        this.held = ''
        continue
      }
      out += told
      // A value that is scanned is read from its first character.
      if (this.scan === undefined) at++
    }
    return out
  }

  end(): string {
    // Of a text that was cut only a value is worth telling; a key without one is not.
    const rest = this.collect?.value === true ? this.collect.text : ''
    this.held = ''
    this.collect = undefined
    this.scan = undefined
    this.astray = true
    return rest
  }

  /** One character of structure; undefined when it is not what was planned. */
  private token(char: string): string | undefined {
    const frame = this.frames.at(-1)
    if (frame === undefined) return this.expect === 'value' ? this.open(this.restore.plan, char) : undefined
    const isArray = frame.kind === 'list' || frame.kind === 'entries'
    switch (this.expect) {
      case 'value or end':
        if (char === ']') return this.close(frame)
        return this.value(frame, char)
      case 'value':
        return this.value(frame, char)
      case 'key or end':
        if (char === '}') return this.close(frame)
        return char === '"' ? this.readKey() : undefined
      case 'key':
        return char === '"' ? this.readKey() : undefined
      case 'colon':
        if (char !== ':') return undefined
        this.held += char
        this.expect = 'value'
        return ''
      case 'next':
        if (char === (isArray ? ']' : '}')) return this.close(frame)
        if (char !== ',') return undefined
        this.held += char
        this.expect = isArray ? 'value' : 'key'
        return ''
    }
  }

  private readKey(): string {
    return this.collected('"', (key) => {
      this.key = key
      this.held += key
      this.expect = 'colon'
      return ''
    })
  }

  /** The first character of a value inside of a frame. */
  private value(frame: Frame, char: string): string | undefined {
    if (!VALUE_STARTS.includes(char)) return undefined
    switch (frame.kind) {
      case 'object': {
        const name = named(this.key)
        const { rest } = frame.plan
        if (rest !== undefined && name === rest.key) {
          if (char === 'n') return this.skipNull()
          return char === '['
            ? this.inside({ kind: 'entries', value: rest.value, out: frame.out, close: '' })
            : undefined
        }
        const field: PlannedField | undefined = frame.plan.fields.get(name)
        if (field?.optional === true && char === 'n') return this.skipNull()
        this.held = ''
        return separator(frame.out) + this.key + ':' + this.open(field?.plan, char)
      }
      case 'wrapped':
        if (frame.told || named(this.key) !== frame.plan.key) return undefined
        frame.told = true
        this.held = ''
        return this.open(frame.plan.value, char)
      case 'tuple': {
        const name = named(this.key)
        const { items, rest } = frame.plan
        if (frame.index === items.length && rest !== undefined && name === TUPLE_REST) {
          return char === '[' ? this.inside({ kind: 'list', items: rest.value, out: frame.out, close: '' }) : undefined
        }
        if (name !== String(frame.index) || frame.index >= items.length) return undefined
        this.held = ''
        return separator(frame.out) + this.open(items[frame.index++], char)
      }
      case 'entry': {
        const name = named(this.key)
        if (name === ENTRY_KEY && char === '"' && frame.name === '') {
          return this.collected('"', (text) => {
            frame.name = text
            this.held += text
            this.expect = 'next'
            return ''
          })
        }
        if (name !== ENTRY_VALUE || frame.name === '' || frame.told) return undefined
        frame.told = true
        this.held = ''
        return separator(frame.out) + frame.name + ':' + this.open(frame.value, char)
      }
      case 'list':
        this.held = ''
        return separator(frame.out) + this.open(frame.items, char)
      case 'entries':
        return char === '{'
          ? this.inside({ kind: 'entry', value: frame.value, out: frame.out, name: '', told: false })
          : undefined
    }
  }

  /** Begins a value by its plan; one that the plan does not fit passes as it is. */
  private open(plan: Plan | undefined, char: string): string {
    const known = followed(plan)
    if (known !== undefined) {
      const branches = known.kind === 'union' ? formsOf(known, char) : undefined
      if (branches !== undefined) {
        const [only, ...others] = branches
        if (only !== undefined && others.length === 0) return this.open(only.plan, char)
        if (branches.some((branch) => branch.plan !== undefined)) {
          const then = (text: string): string => {
            this.expect = 'next'
            return this.restored(text, branches)
          }
          return this.collected(char, then, true)
        }
      }
      const out: Container = { empty: true }
      if (char === '{') {
        if (known.kind === 'object') return '{' + this.inside({ kind: 'object', plan: known, out }, '')
        if (known.kind === 'tuple') return '[' + this.inside({ kind: 'tuple', plan: known, out, index: 0 }, '')
        if (known.kind === 'wrapped') return this.inside({ kind: 'wrapped', plan: known, told: false }, '{')
      } else if (char === '[') {
        if (known.kind === 'list') return '[' + this.inside({ kind: 'list', items: known.items, out, close: ']' }, '')
        if (known.kind === 'map') return '{' + this.inside({ kind: 'entries', value: known.value, out, close: '}' }, '')
      }
    }
    this.scan = new Scan(char)
    return ''
  }

  /** @param held what was read of it and has no counterpart in what is told */
  private inside(frame: Frame, held?: string): string {
    const isArray = frame.kind === 'list' || frame.kind === 'entries'
    this.frames.push(frame)
    this.expect = isArray ? 'value or end' : 'key or end'
    this.held = held ?? this.held + (isArray ? '[' : '{')
    return ''
  }

  private close(frame: Frame): string | undefined {
    // A wrapper or an entry without its value, a tuple that is too short.
    if (frame.kind === 'tuple' && frame.index < frame.plan.items.length) return undefined
    if ((frame.kind === 'wrapped' || frame.kind === 'entry') && !frame.told) return undefined
    this.frames.pop()
    this.expect = 'next'
    this.held = ''
    switch (frame.kind) {
      case 'object':
        return '}'
      case 'tuple':
        return ']'
      case 'wrapped':
      case 'entry':
        return ''
      case 'list':
      case 'entries':
        return frame.close
    }
  }

  private collected(char: string, then: (text: string) => string, value = false): string {
    this.collect = { text: '', value, then }
    this.scan = new Scan(char)
    return ''
  }

  private skipNull(): string {
    return this.collected('n', (text) => {
      if (text === 'null') this.held = ''
      else {
        this.astray = true
        const told = this.held + text
        this.held = ''
        return told
      }
      this.expect = 'next'
      return ''
    })
  }

  /** The scanned value is over. */
  private scanned(): string {
    this.scan = undefined
    if (this.collect === undefined) {
      this.expect = 'next'
      return ''
    }
    const { text, then } = this.collect
    this.collect = undefined
    return then(text)
  }

  /** A value of several possible forms: the first that it has is taken. */
  private restored(text: string, branches: readonly Branch[]): string {
    try {
      const value = JSON.parse(text) as unknown
      const fits = formChecker(this.restore.definitions)
      const plan = branches.find((branch) => fits(branch.schema, value))?.plan
      return plan === undefined ? text : restoreJson(text, { ...this.restore, plan })
    } catch {
      return text
    }
  }
}

/** Forms that a value beginning so may have; undefined when none of them changes anything. */
function formsOf(plan: Extract<Plan, { kind: 'union' }>, char: string): readonly Branch[] | undefined {
  const forms = char === '{' ? plan.objects : char === '[' ? plan.arrays : []
  return forms.length === 0 ? undefined : forms
}

function separator(out: Container): string {
  if (!out.empty) return ','
  out.empty = false
  return ''
}

/** The name that a key spells; the key itself when it spells none. */
function named(key: string): string {
  if (!key.includes('\\')) return key.slice(1, -1)
  try {
    return JSON.parse(key) as string
  } catch {
    return key
  }
}

/** Finds the end of one value. */
class Scan {
  over = false
  private depth = 0
  private inString = false
  private escaping = false
  private begun = false

  constructor(private readonly first: string) {}

  /** Where the value ends in this text, or the text's end. */
  to(text: string, from: number): number {
    if (this.first !== '"' && this.first !== '{' && this.first !== '[') return this.scalar(text, from)
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (this.inString) {
        if (this.escaping) this.escaping = false
        else if (code === BACKSLASH) this.escaping = true
        else if (code === QUOTE) {
          this.inString = false
          if (this.depth === 0) return this.end(at + 1)
        }
        continue
      }
      switch (code) {
        case QUOTE:
          this.inString = true
          break
        case OPEN_BRACE:
        case OPEN_BRACKET:
          this.depth++
          break
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          if (--this.depth === 0) return this.end(at + 1)
      }
    }
    return text.length
  }

  /** A number or a literal ends where something else begins. */
  private scalar(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      if (this.begun && DELIMITERS.includes(text.charAt(at))) return this.end(at)
      this.begun = true
    }
    return text.length
  }

  private end(at: number): number {
    this.over = true
    return at
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const VALUE_STARTS = '{["-0123456789tfn'
const DELIMITERS = ',:]}[{" \n\t\r'
