import { invalid } from '../refusal.js'
import { isJson, objects, type CheckContext, type Json } from '../vendor.js'
import { signsAlways } from '../wire/seal-thoughts.js'
import { checkContents } from './generate-contents.js'
import { checkGeminiSchema } from './generate-schema.js'
import { camel, onlyNames } from './proto-json.js'

const BODY = new Set(
  'model contents systemInstruction tools toolConfig safetySettings generationConfig cachedContent labels serviceTier store'.split(
    ' ',
  ),
)
const CONFIG = new Set(
  'stopSequences responseMimeType responseSchema responseJsonSchema _responseJsonSchema responseModalities candidateCount maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty responseLogprobs logprobs enableEnhancedCivicAnswers speechConfig thinkingConfig imageConfig mediaResolution'.split(
    ' ',
  ),
)
const TOOLS = new Set(
  'functionDeclarations googleSearch googleSearchRetrieval codeExecution urlContext computerUse fileSearch googleMaps mcpServers'.split(
    ' ',
  ),
)
const DECLARATION = new Set(
  'name description behavior parameters parametersJsonSchema response responseJsonSchema'.split(' '),
)

/**
 * The body of `generateContent`, in the words in which Google's API refuses one. Names may be in camelCase or snake_case.
 * Sources: Gemini API reference, function calling, thinking, structured output; error texts as public bug reports quote them.
 * @throws VendorRefusal
 */
export function checkGenerate(raw: Json, { call, seals }: CheckContext): void {
  onlyNames(raw, BODY, '')
  const body = camel(raw)
  const modern = signsAlways(call.model)
  const config = isJson(body['generationConfig']) ? body['generationConfig'] : {}
  onlyNames(config, CONFIG, 'generation_config')
  checkConfig(camel(config), modern)
  const names = checkTools(body['tools'], modern)
  checkToolConfig(body['toolConfig'], names)
  const json = camel(config)['responseMimeType'] === 'application/json'
  if (json && names.size > 0 && !modern) {
    throw invalid("Function calling with a response mime type: 'application/json' is unsupported")
  }
  checkContents(body['contents'], { seals, signed: modern })
}

function checkConfig(config: Json, modern: boolean): void {
  const { responseSchema, responseJsonSchema, responseMimeType, maxOutputTokens, thinkingConfig } = config
  if (responseSchema !== undefined && responseJsonSchema !== undefined) {
    throw invalid('Only one of response_schema and response_json_schema can be set.')
  }
  if ((responseSchema !== undefined || responseJsonSchema !== undefined) && responseMimeType === undefined) {
    throw invalid("response_schema is only supported when response_mime_type is set to 'application/json'")
  }
  if (responseSchema !== undefined) checkGeminiSchema(responseSchema, 'generation_config.response_schema')
  if (typeof maxOutputTokens === 'number' && maxOutputTokens < 1) {
    throw invalid('* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be positive.')
  }
  if (!isJson(thinkingConfig)) return
  const { thinkingLevel, thinkingBudget } = camel(thinkingConfig)
  if (thinkingLevel !== undefined && thinkingBudget !== undefined) {
    throw invalid('You can only set only one of thinking budget and thinking level.')
  }
  if (thinkingLevel !== undefined && !modern) throw invalid('Thinking level is not supported for this model.')
}

/** @returns the names of all functions */
function checkTools(tools: unknown, modern: boolean): Set<string> {
  const names = new Set<string>()
  let hosted = false
  for (const [index, raw] of objects(tools).entries()) {
    onlyNames(raw, TOOLS, `tools[${index}]`)
    const tool = camel(raw)
    hosted ||= Object.keys(tool).some((name) => name !== 'functionDeclarations')
    for (const [at, declared] of objects(tool['functionDeclarations']).entries()) {
      const place = `tools[${index}].function_declarations[${at}]`
      onlyNames(declared, DECLARATION, place)
      const { name, parameters, parametersJsonSchema } = camel(declared)
      if (typeof name !== 'string' || !/^[a-zA-Z_][\w.:-]{0,127}$/.test(name)) {
        throw invalid(
          `* GenerateContentRequest.${place}.name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.`,
        )
      }
      if (names.has(name)) throw invalid(`Duplicate function declaration found: ${name}`)
      names.add(name)
      if (parameters !== undefined && parametersJsonSchema !== undefined) {
        throw invalid(
          `* GenerateContentRequest.${place}: only one of parameters and parameters_json_schema can be set.`,
        )
      }
      if (parameters !== undefined) checkGeminiSchema(parameters, `${place}.parameters`)
    }
  }
  if (hosted && names.size > 0 && !modern)
    throw invalid('Built-in tools ({google_search}) and Function Calling cannot be combined in the same request.')
  return names
}

function checkToolConfig(config: unknown, names: ReadonlySet<string>): void {
  const calling = isJson(config) ? camel(config)['functionCallingConfig'] : undefined
  if (!isJson(calling)) return
  const { mode, allowedFunctionNames } = camel(calling)
  const allowed = Array.isArray(allowedFunctionNames) ? (allowedFunctionNames as unknown[]) : []
  if (allowed.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED') {
    throw invalid('Please set allowed_function_names only when function calling mode is ANY or VALIDATED.')
  }
  const unknown = allowed.find((name) => !names.has(String(name)))
  if (unknown !== undefined) {
    throw invalid(`Function name in allowed_function_names is not declared: ${String(unknown)}`)
  }
  if (mode === 'ANY' && names.size === 0) {
    throw invalid('Function calling config is set without function_declarations.')
  }
}
