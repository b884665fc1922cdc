import type {
  FunctionCallItem,
  FunctionCallOutputItem,
  MessageItem,
  MessagePart,
  PivotItem,
  ReasoningItem,
} from '../../../pivot/index.js'
import { given, isJson, text, without, type Json } from '../../json.js'
import { name, object, refuse, string, type Noting } from '../../refusing.js'
import { ownSignature, thoughtsOf } from '../carried-thoughts.js'
import { camelCased } from '../either-case.js'
import { FILLERS, GEMINI, geminiFields, PART_ITEM, withGemini } from '../wire.js'
import { CallNames } from './call-names.js'
import { base64, decodeMedia, pictureFormat } from './decode-media.js'

/**
 * `contents` as items of the pivot: the texts and media of one content are one message, each call, result and thought is an item of its
 * own. A single content or a bare text counts as a list of one. Contents of the model in a row are one turn: SDKs keep a stream's history
 * as one content a chunk, so texts and thoughts go on from one content to the next.
 * @throws FailureError `invalid_request` with the pointer of the content or part
 */
export function decodeContents(contents: unknown, note: Noting): PivotItem[] {
  const list = Array.isArray(contents) ? (contents as unknown[]) : [contents]
  if (contents === undefined || contents === null || list.length === 0) {
    refuse('/contents', 'expected at least one content')
  }
  const names = new CallNames(list)
  const items: PivotItem[] = []
  let turn: Turn | undefined
  list.forEach((value, index) => {
    const at = Array.isArray(contents) ? `/contents/${index}` : '/contents'
    const content = typeof value === 'string' ? { parts: [{ text: value }] } : camelCased(object(value, at))
    const role = roleOf(content['role'], `${at}/role`)
    if (turn?.role !== 'model' || role !== 'model') {
      turn?.end()
      turn = new Turn(role, names, items, note)
    }
    turn.content(partsOf(content['parts'], `${at}/parts`), index, `${at}/parts`)
  })
  turn?.end()
  if (items.length === 0) refuse('/contents', 'expected a content with something in it')
  return items
}

function roleOf(value: unknown, at: string): 'user' | 'model' {
  switch (value) {
    case undefined:
    case null:
    case '':
    case 'user':
    case 'function':
    case 'tool':
      return 'user'
    case 'model':
    case 'assistant':
      return 'model'
    default:
      return refuse(at, "expected 'user' or 'model'")
  }
}

/** Parts of a content; clients also send one part, or a text, where a list should be. What is null is not there. */
export function partsOf(value: unknown, at: string): Json[] {
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? (value as unknown[]) : [value]
  return list.map((part, index) =>
    typeof part === 'string' ? { text: part } : given(camelCased(object(part, `${at}/${index}`))),
  )
}

function inputText(words: string): MessagePart {
  return { type: 'input_text', text: words }
}

/** What a part holds; one of them, as in the wire's `oneof`. */
const DATA: readonly string[] = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse']
const OWN_DATA: readonly string[] = ['executableCode', 'codeExecutionResult', 'toolCall', 'toolResponse']
/** What says what a part is; the rest goes with it. */
const KINDS: ReadonlySet<string> = new Set([...DATA, 'thought', 'thoughtSignature'])

/** What one side says in a row, part after part. */
class Turn {
  /** The message that more text and media join. */
  private open: MessageItem | undefined
  /** Thoughts in plain words; a signature that follows knows them better. */
  private thoughts: ReasoningItem[] = []
  /** Signatures whose thoughts are told: some clients copy one to all calls of a turn. */
  private readonly unpacked = new Set<string>()
  /** The first part of a further content goes on where the last one ended. */
  private goesOn = false
  private index = 0

  constructor(
    readonly role: 'user' | 'model',
    private readonly names: CallNames,
    private readonly items: PivotItem[],
    private readonly note: Noting,
  ) {}

  content(parts: readonly Json[], index: number, at: string): void {
    this.goesOn = index > this.index && (this.open !== undefined || this.thoughts.length > 0)
    this.index = index
    parts.forEach((part, place) => {
      this.part(part, `${at}/${place}`, place)
      this.goesOn = false
    })
  }

  end(): void {
    this.tellThoughts()
  }

  private part(part: Json, at: string, place: number): void {
    const kinds = DATA.filter((kind) => part[kind] !== undefined && part[kind] !== '')
    if (kinds.length > 1) refuse(at, `expected one of ${kinds.join(', ')}, not several`)
    const { own, carried } = this.signature(part, at)
    const beside = without(part, KINDS)
    const { functionCall: call, functionResponse: response } = part
    if (part['thought'] === true && kinds[0] !== 'functionCall' && kinds[0] !== 'functionResponse') {
      if (part['text'] === undefined) return kinds.length > 0 ? this.whole(part) : undefined
      return carried ? undefined : this.thought(part['text'], own, at)
    }
    this.tellThoughts()
    if (call !== undefined) return this.call(object(call, `${at}/functionCall`), own, beside, at, place)
    if (response !== undefined) {
      return this.response(object(response, `${at}/functionResponse`), beside, at, place)
    }
    if (kinds[0] === 'inlineData' || kinds[0] === 'fileData') return this.media(part, own, beside, at)
    const strange = OWN_DATA.some((kind) => part[kind] !== undefined)
    if (strange || (part['text'] === undefined && Object.keys(beside).length > 0)) return this.whole(part)
    const words = part['text'] === undefined ? '' : string(part['text'], `${at}/text`)
    // The signature of a text goes back before it, on a thought that shows nothing.
    if (own !== undefined) {
      this.item({ type: 'reasoning', summary: [], ...withGemini({ thoughtSignature: own, on: 'text' }) })
    }
    if (words !== '') this.words(words, beside)
  }

  /** Gemini's own signature of a part. One that this gateway made is unpacked here, and its thoughts are told. */
  private signature(part: Json, at: string): { own?: string; carried: boolean } {
    const told = part['thoughtSignature']
    const signature = told === undefined ? '' : string(told, `${at}/thoughtSignature`)
    if (signature === '' || FILLERS.has(signature)) return { carried: false }
    const carried = this.unpacked.has(signature) ? [] : thoughtsOf(signature)
    if (carried === undefined) return { own: signature, carried: false }
    this.unpacked.add(signature)
    // They say what the thoughts in plain words say.
    this.thoughts = []
    for (const thought of carried) this.item(thought)
    return { carried: true }
  }

  private thought(value: unknown, own: string | undefined, at: string): void {
    const words = string(value, `${at}/text`)
    const last = this.thoughts.at(-1)
    const before = last?.summary[0]
    if (this.goesOn && last !== undefined && before !== undefined && ownSignature(last) === undefined) {
      this.thoughts[this.thoughts.length - 1] = thoughtItem(before.text + words, own)
    } else this.thoughts.push(thoughtItem(words, own))
  }

  private tellThoughts(): void {
    for (const thought of this.thoughts) this.item(thought)
    this.thoughts = []
  }

  private words(words: string, beside: Json): void {
    if (this.role === 'user') return this.tell({ ...inputText(words), ...withGemini(beside) })
    const last = this.open?.content.at(-1)
    if (this.goesOn && typeof last === 'object' && last.type === 'output_text' && last.extra === undefined) {
      last.text += words
      if (Object.keys(beside).length > 0) last.extra = { [GEMINI]: beside }
    } else this.tell({ type: 'output_text', text: words, ...withGemini(beside) })
  }

  private call(raw: Json, own: string | undefined, beside: Json, at: string, place: number): void {
    const call = camelCased(raw)
    const item: FunctionCallItem = {
      type: 'function_call',
      call_id: this.names.callId(this.index, place),
      name: name(call['name'], `${at}/functionCall/name`),
      arguments: JSON.stringify(object(call['args'] ?? {}, `${at}/functionCall/args`)),
      ...withGemini({
        ...beside,
        ...given({ thoughtSignature: own }),
        ...(text(call['id']) === undefined ? { unnamed: true } : {}),
      }),
    }
    this.item(item)
  }

  private response(raw: Json, beside: Json, at: string, place: number): void {
    const response = camelCased(raw)
    const where = `${at}/functionResponse`
    const told = object(response['response'] ?? {}, `${where}/response`)
    const said = resultText(told)
    const media = partsOf(response['parts'], `${where}/parts`).flatMap((part, index) => {
      const made = decodeMedia(part, `${where}/parts/${index}`)
      if (made === undefined) this.note(`${where}/parts/${index}`, 'dropped', 'a result holds text and media only')
      return made === undefined ? [] : [made]
    })
    const item: FunctionCallOutputItem = {
      type: 'function_call_output',
      call_id: this.names.answeredId(this.index, place),
      output: media.length === 0 ? said : [inputText(said), ...media],
      ...withGemini({
        ...beside,
        response: told,
        // A result names its call by its id or, as the wire wants it, by its name.
        name: name(response['name'] ?? this.names.answeredName(this.index, place), `${where}/name`),
        ...(text(response['id']) === undefined ? { unnamed: true } : {}),
        ...without(response, RESPONSE_FIELDS),
      }),
    }
    this.item(item)
  }

  private media(part: Json, signature: string | undefined, beside: Json, at: string): void {
    const made = decodeMedia(part, at)
    if (made === undefined) return
    if (this.role === 'user') return this.tell({ ...made, ...withGemini({ ...beside, ...geminiFields(made) }) })
    const format = pictureFormat(part)
    // Other media that a model made have no form elsewhere.
    if (format === undefined) return this.whole(part)
    const { inlineData } = part
    this.item({
      type: 'image_generation_call',
      status: 'completed',
      result: base64(isJson(inlineData) ? inlineData['data'] : undefined, `${at}/inlineData/data`),
      output_format: format,
      ...withGemini({ ...beside, ...given({ thoughtSignature: signature }) }),
    })
  }

  /** A part without a meaning to any other model. */
  private whole(part: Json): void {
    this.tellThoughts()
    this.item({ type: PART_ITEM, role: this.role, part })
  }

  private tell(part: MessagePart): void {
    if (this.open === undefined) {
      this.open = { type: 'message', role: this.role === 'user' ? 'user' : 'assistant', content: [] }
      this.items.push(this.open)
    }
    ;(this.open.content as MessagePart[]).push(part)
  }

  private item(item: PivotItem): void {
    this.open = undefined
    this.goesOn = false
    this.items.push(item)
  }
}

function thoughtItem(words: string, signature: string | undefined): ReasoningItem {
  return {
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: words }],
    ...withGemini(given({ thoughtSignature: signature })),
  }
}

const RESPONSE_FIELDS: ReadonlySet<string> = new Set(['id', 'name', 'response', 'parts'])

/** `{output: "…"}` and `{result: "…"}` are plain results; everything else is told as JSON. Source: Gemini API, function responses. */
function resultText(response: Json): string {
  const fields = Object.keys(response)
  const plain = response['output'] ?? response['result']
  if (fields.length === 1 && typeof plain === 'string') return plain
  return JSON.stringify(response)
}
