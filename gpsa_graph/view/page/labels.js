// Words in the picture: wrapped to two lines, placed by priority, never over another word or over a mark.
const FONT = '"Noto Sans",system-ui,-apple-system,"Segoe UI",Roboto,sans-serif';
const measure = document.createElement('canvas').getContext('2d');
const widths = new Map();
function width(text, font) {
  const key = font + text;
  if (!widths.has(key)) { measure.font = font; widths.set(key, measure.measureText(text).width); }
  return widths.get(key);
}
/** At most `most` lines no wider than `room`; what does not fit ends in an ellipsis. */
function wrap(text, room, font, most = 2) {
  const words = text.slice(0, 300).replace(/\s+/g, ' ').trim().split(' '), lines = [];
  let line = '';
  const cut = said => { const all = [...said]; while (all.length > 1 && width(all.join('') + '\u2026', font) > room) all.pop(); return all.join('').replace(/[\s,;:(]+$/, '') + '\u2026'; };
  for (let i = 0; i < words.length; i++) {
    const longer = line ? line + ' ' + words[i] : words[i];
    if (width(longer, font) <= room) { line = longer; continue; }
    if (lines.length === most - 1) { lines.push(cut(line ? longer : words[i])); return lines; }
    if (line) { lines.push(line); line = words[i]; } else line = longer;
    if (width(line, font) > room) { line = cut(line); }
  }
  if (line) lines.push(line);
  return lines;
}
/** Boxes on a grid, to ask quickly whether a new one would touch one that is there. */
class Boxes {
  constructor(cell = 48) { this.cell = cell; this.grid = new Map(); }
  *cells(b) { for (let x = Math.floor(b[0] / this.cell); x <= Math.floor(b[2] / this.cell); x++) for (let y = Math.floor(b[1] / this.cell); y <= Math.floor(b[3] / this.cell); y++) yield x * 65536 + y; }
  free(b) { for (const c of this.cells(b)) for (const o of this.grid.get(c) || []) if (b[0] < o[2] && b[2] > o[0] && b[1] < o[3] && b[3] > o[1]) return false; return true; }
  add(b) { for (const c of this.cells(b)) { if (!this.grid.has(c)) this.grid.set(c, []); this.grid.get(c).push(b); } }
}
const nameSize = r => Math.round(Math.max(12, Math.min(20, 10 + r / 22)));      // whole sizes: few fonts to measure with
/** Places for the names of islands, then of nodes. Positions are those of the picture times `scale`, so that moving it moves them. */
function placeLabels({ islands, nodes, scale, size = 12 }) {
  const boxes = new Boxes(), made = [], pad = 2;
  const dots = new Boxes();
  for (const n of nodes) { const r = n.r * scale + 1; const b = [n.x * scale - r, n.y * scale - r, n.x * scale + r, n.y * scale + r]; dots.add(b); }
  for (const island of islands.filter(i => i.l).sort((a, b) => b.r - a.r)) {
    const px = nameSize(island.r * scale), bold = `650 ${px}px ${FONT}`, plain = `400 ${px - 1}px ${FONT}`;
    const w = width(island.l, bold) + 6 + width(String(island.n), plain), x = island.x * scale, r = island.r * scale;
    for (const y of [island.y * scale - r - 5, island.y * scale + r + px + 2]) {
      const b = [x - w / 2 - pad, y - px - pad, x + w / 2 + pad, y + 4];
      if (boxes.free(b) && dots.free(b)) { boxes.add(b); made.push({ island, ax: island.x, ay: island.y, scale, x: x - w / 2, y, bold, plain, w, dim: !island.n }); break; }
    }
  }
  const font = `400 ${size}px ${FONT}`, strong = `600 ${size}px ${FONT}`;
  for (const n of [...nodes].sort((a, b) => b.rank - a.rank)) {
    if (!n.rank) continue;
    const f = n.k === CASE ? strong : font, lines = wrap(n.l, n.k === CASE ? 168 : 132, f);
    const w = Math.max(...lines.map(l => width(l, f))), h = lines.length * (size + 2), x = n.x * scale, y = n.y * scale, r = n.r * scale + 3;
    const spots = { l: [x - r - w, y - h / 2, 'right'], r: [x + r, y - h / 2, 'left'], b: [x - w / 2, y + r, 'center'], t: [x - w / 2, y - r - h, 'center'],
      B: [x - w / 2, y + n.reach * scale + 2, 'center'], T: [x - w / 2, y - n.reach * scale - h - 2, 'center'] };
    for (const at of n.side) {
      const [bx, by, align] = spots[at], b = [bx - pad, by, bx + w + pad, by + h];
      if (!boxes.free(b) || !dots.free([b[0] + 1, b[1] + 1, b[2] - 1, b[3] - 1])) continue;
      boxes.add(b);
      made.push({ node: n.i, ax: n.x, ay: n.y, scale, lines, font: f, x: align === 'left' ? bx : align === 'right' ? bx + w : bx + w / 2, y: by + size, align, step: size + 2, box: b });
      break;
    }
  }
  return made;
}
