import type {
  FunctionCallItem,
  FunctionCallOutputItem,
  MessageItem,
  MessagePart,
  PivotItem,
  ReasoningItem,
} from '../../../pivot/index.js'
import { isJson, text, without, type Json } from '../../json.js'
import { name, object, refuse, string, type Noting } from '../../refusing.js'
import { thoughtsOf } from '../carried-thoughts.js'
import { camelCased } from '../either-case.js'
import { FILLERS, PART_ITEM, withGemini } from '../wire.js'
import { CallNames } from './call-names.js'
import { decodeMedia } from './decode-media.js'

/**
 * `contents` as items of the pivot: the texts and media of one content are one message, each call, result and thought is an item of its
 * own. A single content or a bare text counts as a list of one.
 * @throws FailureError `invalid_request` with the pointer of the content or part
 */
export function decodeContents(contents: unknown, note: Noting): PivotItem[] {
  const list = Array.isArray(contents) ? (contents as unknown[]) : [contents]
  if (contents === undefined || contents === null || list.length === 0) {
    refuse('/contents', 'expected at least one content')
  }
  const names = new CallNames(list)
  return list.flatMap((value, index) => {
    const at = Array.isArray(contents) ? `/contents/${index}` : '/contents'
    if (typeof value === 'string') return [{ type: 'message', role: 'user', content: [inputText(value)] }]
    const content = camelCased(object(value, at))
    const role = roleOf(content['role'], `${at}/role`)
    const turn = new Turn(role, names, index, note)
    partsOf(content['parts'], `${at}/parts`).forEach((part, place) => turn.part(part, `${at}/parts/${place}`, place))
    return turn.end()
  })
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

/** Parts of a content; clients also send one part, or a text, where a list should be. */
export function partsOf(value: unknown, at: string): Json[] {
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? (value as unknown[]) : [value]
  return list.map((part, index) =>
    typeof part === 'string' ? { text: part } : camelCased(object(part, `${at}/${index}`)),
  )
}

function inputText(words: string): MessagePart {
  return { type: 'input_text', text: words }
}

/** What says what a part is; the rest goes with it. */
const KINDS: ReadonlySet<string> = new Set([
  'text',
  'thought',
  'thoughtSignature',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
])
const OWN_KINDS: readonly string[] = ['executableCode', 'codeExecutionResult', 'toolCall', 'toolResponse']

/** One content, part after part. */
class Turn {
  private readonly items: PivotItem[] = []
  private open: MessageItem | undefined
  /** Thoughts in plain words; a signature that follows knows them better. */
  private thoughts: ReasoningItem[] = []

  constructor(
    private readonly role: 'user' | 'model',
    private readonly names: CallNames,
    private readonly index: number,
    private readonly note: Noting,
  ) {}

  part(part: Json, at: string, place: number): void {
    const own = this.signature(part)
    const beside = without(part, KINDS)
    if (part['thought'] === true && part['text'] !== undefined) return this.thought(part, own, at)
    this.tellThoughts()
    const call = part['functionCall']
    const response = part['functionResponse']
    if (isJson(call)) return this.call(call, own, beside, at, place)
    if (isJson(response)) return this.response(response, beside, at, place)
    if (part['inlineData'] !== undefined || part['fileData'] !== undefined) return this.media(part, own, beside, at)
    if (OWN_KINDS.some((kind) => part[kind] !== undefined)) return this.whole(part)
    if (part['text'] === undefined) {
      if (own === undefined && Object.keys(beside).length > 0) return this.whole(part)
      if (own === undefined) return
    }
    const words = part['text'] === undefined || part['text'] === null ? '' : string(part['text'], `${at}/text`)
    // The signature of a text goes back before it, on a thought that shows nothing.
    if (own !== undefined)
      this.item({ type: 'reasoning', summary: [], ...withGemini({ thoughtSignature: own, on: 'text' }) })
    if (words === '') return
    this.tell(
      this.role === 'user'
        ? { ...inputText(words), ...withGemini(beside) }
        : { type: 'output_text', text: words, ...withGemini(beside) },
    )
  }

  end(): PivotItem[] {
    this.tellThoughts()
    return this.items
  }

  /** Gemini's own signature of a part. One that this gateway made is unpacked here, and its thoughts are told. */
  private signature(part: Json): string | undefined {
    const signature = text(part['thoughtSignature'])
    if (signature === undefined || FILLERS.has(signature)) return undefined
    const carried = thoughtsOf(signature)
    if (carried === undefined) return signature
    this.thoughts = []
    for (const thought of carried) this.item(thought)
    return undefined
  }

  private thought(part: Json, own: string | undefined, at: string): void {
    this.thoughts.push({
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: string(part['text'], `${at}/text`) }],
      ...(own === undefined ? {} : withGemini({ thoughtSignature: own })),
    })
  }

  private tellThoughts(): void {
    for (const thought of this.thoughts) this.item(thought)
    this.thoughts = []
  }

  private call(raw: Json, own: string | undefined, beside: Json, at: string, place: number): void {
    const call = camelCased(raw)
    const args = call['args'] ?? {}
    const item: FunctionCallItem = {
      type: 'function_call',
      call_id: this.names.callId(this.index, place),
      name: name(call['name'], `${at}/functionCall/name`),
      arguments: JSON.stringify(object(args, `${at}/functionCall/args`)),
      ...withGemini({
        ...beside,
        ...(own === undefined ? {} : { thoughtSignature: own }),
        ...(call['id'] === undefined ? { unnamed: true } : {}),
      }),
    }
    this.item(item)
  }

  private response(raw: Json, beside: Json, at: string, place: number): void {
    const response = camelCased(raw)
    const where = `${at}/functionResponse`
    const told = response['response'] ?? {}
    const said = resultText(object(told, `${where}/response`))
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
        name: name(response['name'], `${where}/name`),
        ...(response['id'] === undefined ? { unnamed: true } : {}),
        ...rest(response),
      }),
    }
    this.item(item)
  }

  private media(part: Json, signature: string | undefined, beside: Json, at: string): void {
    const inline = isJson(part['inlineData']) ? camelCased(part['inlineData']) : undefined
    const mime = text(inline?.['mimeType']) ?? ''
    if (this.role === 'model' && inline !== undefined && mime.startsWith('image/')) {
      return this.item({
        type: 'image_generation_call',
        status: 'completed',
        result: string(inline['data'], `${at}/inlineData/data`),
        output_format: mime.slice('image/'.length),
        ...withGemini({ ...beside, ...(signature === undefined ? {} : { thoughtSignature: signature }) }),
      })
    }
    const made = decodeMedia(part, at)
    if (made === undefined) return this.whole(part)
    if (this.role === 'model') {
      this.note(at, 'approximated', 'media of the model are told as media of the user')
      return this.item({ type: 'message', role: 'user', content: [made] })
    }
    this.tell({ ...made, ...(Object.keys(beside).length > 0 ? withGemini({ ...beside, ...own(made) }) : {}) })
  }

  /** A part without a meaning to any other model. */
  private whole(part: Json): void {
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
    this.items.push(item)
  }
}

function own(part: MessagePart): Json {
  const fields = part.extra?.['gemini']
  return isJson(fields) ? fields : {}
}

const RESPONSE_FIELDS: ReadonlySet<string> = new Set(['id', 'name', 'response', 'parts'])

function rest(response: Json): Json {
  return without(response, RESPONSE_FIELDS)
}

/** `{output: "…"}` and `{result: "…"}` are plain results; everything else is told as JSON. Source: Gemini API, function responses. */
function resultText(response: Json): string {
  const fields = Object.keys(response)
  const plain = response['output'] ?? response['result']
  if (fields.length === 1 && typeof plain === 'string') return plain
  return JSON.stringify(response)
}
