// One thing and its neighbours, placed by rings: civil society on the left, the state on the right, all with their names.
/** Places around a centre on a stage of that size: no name touches another. */
function ego(at, box, font = 13) {
  const near = new Map();
  for (const [e, other] of adjacent[at]) { if (!near.has(other)) near.set(other, []); near.get(other).push(e); }
  const all = [...near].map(([i, edges]) => ({ i, edges, k: G.nodes[i].k })).sort((a, b) => a.k - b.k || (G.nodes[a.i].l < G.nodes[b.i].l ? -1 : 1));
  const left = [], right = [], rest = [];
  for (const one of all) (G.nodes[at].k === CASE ? one.k === 1 ? left : one.k === 2 ? right : rest : rest).push(one);
  for (const one of rest) (left.length <= right.length ? left : right).push(one);
  const step = 2 * (font + 2) + 6, room = Math.max(3, Math.floor((box.h - 30) / step));
  const labelRoom = Math.max(84, Math.min(210, box.w / 2 - 92));
  const f = `400 ${font}px ${FONT}`, made = [];
  let cut = 0;
  for (const [side, list] of [[-1, left], [1, right]]) {
    const kept = list.slice(0, room);
    cut += list.length - kept.length;
    const tall = Math.max(1, (kept.length - 1) / 2) * step, rx = Math.min(150, Math.max(46, box.w / 2 - labelRoom - 26));
    kept.forEach((one, n) => {
      const y = (n - (kept.length - 1) / 2) * step, bend = Math.sqrt(Math.max(0, 1 - (y / (tall + step)) ** 2));
      made.push({ ...one, dx: side * rx * (.45 + .55 * bend), dy: y, side, lines: wrap(G.nodes[one.i].l, labelRoom, f) });
    });
  }
  const strong = `650 ${font + 1}px ${FONT}`, title = box.w < 600 ? [] : wrap(G.nodes[at].l, 220, strong, 3);
  return { at, made, cut, font: f, strong, title, size: font };
}
function drawShape(c, shape, x, y, r) {
  c.beginPath();
  if (shape === 'triangle') { c.moveTo(x, y - r); c.lineTo(x + r * .95, y + r * .75); c.lineTo(x - r * .95, y + r * .75); c.closePath(); }
  else if (shape === 'square') c.rect(x - r * .85, y - r * .85, 1.7 * r, 1.7 * r);
  else if (shape === 'triangleDown') { c.moveTo(x, y + r); c.lineTo(x + r * .95, y - r * .75); c.lineTo(x - r * .95, y - r * .75); c.closePath(); }
  else if (shape === 'hexagon') { for (let n = 0; n < 6; n++) c[n ? 'lineTo' : 'moveTo'](x + r * Math.cos(n * Math.PI / 3), y + r * Math.sin(n * Math.PI / 3)); c.closePath(); }
  else if (shape === 'star') { for (let n = 0; n < 10; n++) { const q = (n % 2 ? .5 : 1.15) * r, a = n * Math.PI / 5 - Math.PI / 2; c[n ? 'lineTo' : 'moveTo'](x + q * Math.cos(a), y + q * Math.sin(a)); } c.closePath(); }
  else if (shape === 'diamond') { c.moveTo(x, y - r * 1.1); c.lineTo(x + r * 1.1, y); c.lineTo(x, y + r * 1.1); c.lineTo(x - r * 1.1, y); c.closePath(); }
  else c.arc(x, y, r, 0, 7);
}
/** Draw it around (x, y); gives back the hit boxes. */
function drawEgo(c, ring, x, y, tone) {
  const hits = [];
  c.lineWidth = 1.4;
  for (const one of ring.made) {
    c.strokeStyle = tone.edge; c.setLineDash(one.edges.every(e => G.edges[e][2] === 'related') ? [4, 4] : []);
    c.beginPath(); c.moveTo(x, y); c.quadraticCurveTo(x + one.dx * .55, y + one.dy, x + one.dx, y + one.dy); c.stroke();
  }
  c.setLineDash([]);
  const mark = (i, px, py, r) => { const k = G.kinds[G.nodes[i].k]; drawShape(c, k.shape, px, py, r); c.fillStyle = k.colour; c.fill(); c.lineWidth = 1; c.strokeStyle = tone.outline; c.stroke(); };
  for (const one of ring.made) {
    const px = x + one.dx, py = y + one.dy, h = one.lines.length * (ring.size + 2);
    mark(one.i, px, py, 7.5);
    c.font = ring.font; c.fillStyle = tone.ink; c.textAlign = one.side < 0 ? 'right' : 'left';
    one.lines.forEach((line, n) => c.fillText(line, px + one.side * 13, py - h / 2 + ring.size + n * (ring.size + 2) - 1));
    const w = Math.max(...one.lines.map(l => width(l, ring.font)));
    hits.push({ i: one.i, box: one.side < 0 ? [px - 16 - w, py - 16, px + 12, py + 16] : [px - 12, py - 16, px + 16 + w, py + 16] });
  }
  mark(ring.at, x, y, 12);
  c.font = ring.strong; c.textAlign = 'center';
  const w = Math.max(24, ...ring.title.map(l => width(l, ring.strong))), ty = y + 32;
  c.lineJoin = 'round'; c.lineWidth = 5; c.strokeStyle = tone.paper;
  ring.title.forEach((line, n) => { c.strokeText(line, x, ty + n * (ring.size + 4)); });
  c.fillStyle = tone.ink;
  ring.title.forEach((line, n) => { c.fillText(line, x, ty + n * (ring.size + 4)); });
  hits.push({ i: ring.at, box: [x - w / 2, y - 14, x + w / 2, Math.max(y + 14, ty + ring.title.length * (ring.size + 4) - ring.size)] });
  return hits;
}
