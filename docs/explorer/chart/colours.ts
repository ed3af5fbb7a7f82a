/** Viridis (van der Walt, Smith 2015), whose lightness grows evenly: read by the colour-blind and in grey. */
const ANCHORS = [
  '#440154',
  '#482878',
  '#3e4989',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6ece58',
  '#b5de2b',
  '#fde725',
].map((hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));

const LEVELS = 256;

/** Red, green and blue of 256 levels. */
const table = Uint8Array.from(
  Array.from({ length: LEVELS }, (_, level) => {
    const place = (level / (LEVELS - 1)) * (ANCHORS.length - 1);
    const k = Math.min(Math.floor(place), ANCHORS.length - 2);
    return ANCHORS[k].map((from, c) => Math.round(from + (place - k) * (ANCHORS[k + 1][c] - from)));
  }).flat(),
);

/** Writes the colour of a share in [0,1] as a pixel; a share that is no number is left transparent. */
export function colourPixel(pixels: Uint8ClampedArray, pixel: number, share: number): void {
  if (Number.isNaN(share)) return;
  const level = Math.round(Math.min(Math.max(share, 0), 1) * (LEVELS - 1));
  for (let c = 0; c < 3; c++) pixels[4 * pixel + c] = table[3 * level + c];
  pixels[4 * pixel + 3] = 255;
}
