export { shapeRequest } from './shape-request.js'
export type { Shaped, ShapingAbout, ShapingSettings } from './shape-request.js'
