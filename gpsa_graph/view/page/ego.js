// One thing and its neighbours on rings round it, a ring for each kind, all with their names.
/** Where each kind stands where few share a ring, as in the islands: civil society left, the state right; in turns, clockwise from the top. */
const HOME = { case: 0, state: .25, other: .5, society: .75, concept: .5 };
/** Places round a centre on a stage of that size: no name touches another. What finds no room is counted in `cut`. */
function ego(at, box, font = 13) {
  const f = `400 ${font}px ${FONT}`, strong = `650 ${font + 1}px ${FONT}`, line = font + 2, room = Math.max(84, Math.min(190, box.w * .22));
  const title = box.w < 600 ? [] : wrap(G.nodes[at].l, 200, strong, 3), taken = new Boxes(), made = [], rings = [];
  const half = Math.max(16, ...title.map(l => width(l, strong) / 2)) + 6;
  taken.add([-half, -18, half, title.length ? 22 + title.length * (font + 4) : 18]);
  const near = new Map();
  for (const [e, other] of adjacent[at]) { if (!near.has(other)) near.set(other, []); near.get(other).push(e); }
  const all = [...near].map(([i, edges]) => ({ i, edges, k: G.nodes[i].k, lines: wrap(G.nodes[i].l, room, f) })).sort((a, b) => (G.nodes[a.i].l < G.nodes[b.i].l ? -1 : 1));
  const groups = G.kinds.map((_, k) => all.filter(one => one.k === k)).filter(g => g.length).sort((a, b) => a.length - b.length || a[0].k - b[0].k);
  const most = [Math.max(62, box.w / 2 - room - 22), Math.max(70, box.h / 2 - 2 * line - 22)], least = title.length ? [104, 112] : [48, 62];
  const outer = most.map((m, d) => Math.min(m, least[d] + 62 * (groups.length - 1) + 9 * all.length));
  const ring = (share, list) => {
    const rx = Math.min(most[0], least[0]) + (outer[0] - Math.min(most[0], least[0])) * share, ry = Math.min(most[1], least[1]) + (outer[1] - Math.min(most[1], least[1])) * share;
    const free = slots(list.length, rx, ry, 2 * line + 5, room, line).filter(s => s.box[0] > -box.w / 2 + 4 && s.box[2] < box.w / 2 - 4 && s.box[1] > -box.h / 2 + 4 && s.box[3] < box.h / 2 - 22 && taken.free(s.box));
    const placed = spaced(free, list, groups.length > 1 ? HOME[G.kinds[list[0].k].id] ?? 0 : -1);
    if (placed.length) rings.push([rx, ry]);
    for (const [one, s] of placed) {
      const w = Math.max(...one.lines.map(l => width(l, f))), h = one.lines.length * line, up = s.align === 'center' ? (s.y < 0 ? s.y - 12 - h : s.y + 12) : s.y - h / 2;
      const x = s.align === 'center' ? s.x : s.x + (s.align === 'left' ? 13 : -13), left = s.align === 'left' ? x : s.align === 'right' ? x - w : x - w / 2;
      made.push({ ...one, dx: s.x, dy: s.y, align: s.align, tx: x, ty: up + font - 1, box: [Math.min(left, s.x - 12) - 2, Math.min(up, s.y - 12), Math.max(left + w, s.x + 12) + 2, Math.max(up + h, s.y + 12)] });
      taken.add(made[made.length - 1].box);
    }
    const put = new Set(placed.map(([one]) => one));
    return list.filter(one => !put.has(one));
  };
  let left = groups.flatMap((g, n) => ring(groups.length > 1 ? n / (groups.length - 1) : 1, g));
  for (const share of [1, .66, .33, 0]) if (left.length) left = ring(share, left);
  const tops = made.map(one => one.box[1]), ends = made.map(one => one.box[3]);
  return { at, made, rings, cut: left.length, font: f, strong, title, step: line, top: Math.min(-20, ...tops), end: Math.max(24 + title.length * (font + 4), ...ends) };
}
/** Places for `n` things on an oval, clockwise from the top, far enough from each other for a name of two lines beside each. */
function slots(n, rx, ry, step, room, line) {
  const most = Math.max(1, Math.floor(1.9 * ry / step)), rows = n < most && most % 2 === 0 ? most - 1 : most, made = [], side = [];
  for (let row = 0; row < rows; row++) side.push((row - (rows - 1) / 2) * step);
  const beside = (y, s) => { const x = s * rx * Math.sqrt(Math.max(0, 1 - (y / ry) ** 2)); return { x, y, align: s > 0 ? 'left' : 'right', box: s > 0 ? [x - 12, y - line, x + 13 + room, y + line] : [x - 13 - room, y - line, x + 12, y + line] }; };
  const pole = s => ({ x: 0, y: s * ry, align: 'center', box: s < 0 ? [-room / 2, -ry - 12 - 2 * line, room / 2, -ry + 12] : [-room / 2, ry - 12, room / 2, ry + 12 + 2 * line] });
  made.push(pole(-1), ...side.map(y => beside(y, 1)), pole(1), ...side.reverse().map(y => beside(y, -1)));
  const taken = new Boxes(), free = new Set(), poles = n < rows ? made.filter(s => s.align === 'center') : [];
  for (const s of [...poles, ...made]) if (!free.has(s) && taken.free(s.box)) { taken.add(s.box); free.add(s); }
  return made.filter(s => free.has(s));
}
/** As many of the list as there are places, evenly round the ring; few of them near their home (-1: everywhere). */
function spaced(free, list, home) {
  const n = Math.min(free.length, list.length), turn = s => (Math.atan2(s.x, -s.y) / (2 * Math.PI) + 1) % 1;
  if (n > free.length / 2) return list.slice(0, n).map((one, i) => [one, free[Math.floor(i * free.length / n)]]);
  const gap = home < 0 ? 1 / n : Math.min(1 / n, 1 / 6), from = home < 0 ? 0 : home - (n - 1) / 2 * gap, left = new Set(free);
  const apart = (s, wanted) => { const d = Math.abs(turn(s) - (wanted + 1) % 1); return Math.min(d, 1 - d); };
  const some = list.slice(0, n);
  return (home > .5 ? some.reverse() : some).map((one, i) => {
    const s = [...left].reduce((best, s) => (apart(s, from + i * gap) < apart(best, from + i * gap) - 1e-9 ? s : best));
    left.delete(s);
    return [one, s];
  });
}
/** The outline of a mark, of the measures that vis-network gives it. */
function drawShape(c, shape, x, y, r) {
  const corners = (n, far, turn = 0) => { for (let k = 0; k < n; k++) { const a = k * 2 * Math.PI / n + turn; c[k ? 'lineTo' : 'moveTo'](x + far(k) * Math.sin(a), y - far(k) * Math.cos(a)); } c.closePath(); };
  c.beginPath();
  if (shape === 'triangle' || shape === 'triangleDown') { const up = shape === 'triangle' ? 1 : -1; y += up * .316 * r; corners(3, () => 1.328 * r, up < 0 ? Math.PI : 0); }
  else if (shape === 'square') c.rect(x - r, y - r, 2 * r, 2 * r);
  else if (shape === 'hexagon') corners(6, () => r, Math.PI / 2);
  else if (shape === 'star') { y += .082 * r; corners(10, k => (k % 2 ? .41 : 1.066) * r); }
  else if (shape === 'diamond') corners(4, () => r);
  else c.arc(x, y, r, 0, 7);
}
/** Draw it around (x, y); gives back the hit boxes. */
function drawEgo(c, ring, x, y, tone) {
  const hits = [];
  c.lineWidth = 1; c.strokeStyle = tone.line;
  for (const [rx, ry] of ring.rings) { c.beginPath(); c.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI); c.stroke(); }
  c.lineWidth = 1.4; c.strokeStyle = tone.edge;
  for (const one of ring.made) {
    c.setLineDash(one.edges.every(e => G.edges[e][2] === 'related') ? [4, 4] : []);
    c.beginPath(); c.moveTo(x, y); c.lineTo(x + one.dx, y + one.dy); c.stroke();
  }
  c.setLineDash([]);
  const said = (line, px, py) => { c.lineWidth = 5; c.lineJoin = 'round'; c.strokeStyle = tone.paper; c.strokeText(line, px, py); c.fillStyle = tone.ink; c.fillText(line, px, py); };
  for (const one of ring.made) {
    drawMark(c, one.i, x + one.dx, y + one.dy, 7.5);
    c.font = ring.font; c.textAlign = one.align;
    one.lines.forEach((line, n) => said(line, x + one.tx, y + one.ty + n * ring.step));
    hits.push({ i: one.i, box: [x + one.box[0], y + one.box[1], x + one.box[2], y + one.box[3]] });
  }
  drawMark(c, ring.at, x, y, 12);
  c.font = ring.strong; c.textAlign = 'center';
  const w = Math.max(24, ...ring.title.map(l => width(l, ring.strong)));
  ring.title.forEach((line, n) => said(line, x, y + 32 + n * (ring.step + 2)));
  hits.push({ i: ring.at, box: [x - w / 2, y - 14, x + w / 2, y + 14 + (ring.title.length ? 8 + ring.title.length * (ring.step + 2) : 0)] });
  return hits;
}
