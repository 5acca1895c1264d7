// The network on its canvas: vis-network draws marks and links; islands, names, veil and rings are drawn here.
let net, nodeSet, edgeSet, over, tone = {}, tall = false, ring = null, ringHits = [], placed = null, placedKey = '', hover = -1, cursor = -1;
let fitted = true, tiny = false, kept = null;      // whether all is looked at; whether the canvas is as good as hidden; what was looked at before
const MOST = 4000, LEAST = 40, LOT = 60; // marks drawn at once; pixels under which a canvas is as good as hidden; marks handed to vis-network in one go

const at = i => { const n = G.nodes[i]; return tall ? [n.tx, n.ty] : [n.x, n.y]; };
const centre = island => tall ? [island.tx, island.ty] : [island.x, island.y];
const view = () => ({ s: net.body.view.scale, x: net.body.view.translation.x, y: net.body.view.translation.y });
const onScreen = (x, y) => { const v = view(); return [x * v.s + v.x, y * v.s + v.y]; };

function readTone() {
  for (const name of ['paper', 'disc', 'ink', 'soft', 'edge', 'line', 'tone', 'veil', 'card', 'rest', 'mute']) tone[name] = css('--' + name);
  tone.outline = document.documentElement.dataset.theme === 'dark' ? '#0b0d10' : '#20242b';
}
function startCanvas() {
  for (const n of G.nodes) { const i = G.islands[n.h] || { x: 0, y: 0, tx: 0, ty: 0 }; n.tx = n.x - i.x + i.tx; n.ty = n.y - i.y + i.ty; }
  readTone();
  const box = $('net').getBoundingClientRect();
  tall = box.width < box.height;
  nodeSet = new vis.DataSet(); edgeSet = new vis.DataSet();
  net = new vis.Network($('net'), { nodes: nodeSet, edges: edgeSet }, {
    physics: false, layout: { improvedLayout: false }, autoResize: true,
    interaction: { dragNodes: false, hideEdgesOnDrag: G.edges.length > 2500, hideEdgesOnZoom: G.edges.length > 2500, selectable: false, hover: false, keyboard: false, tooltipDelay: 1e8, zoomSpeed: .7 },
    nodes: { borderWidth: 0, borderWidthSelected: 0, chosen: false },
    edges: { smooth: false, width: 1.4, chosen: false, selectionWidth: 0, hoverWidth: 0, color: { color: tone.edge, inherit: false, opacity: G.ties && G.edges.length > 400 ? .55 : 1 } },
  });
  over = $('over').getContext('2d');
  net.on('beforeDrawing', drawIslands);
  net.on('afterDrawing', c => { drawColours(c); drawOver(); });
  net.on('resize', () => queueMicrotask(sized));      // after vis-network has put its own camera back
  for (const moved of ['zoom', 'dragStart']) net.on(moved, () => { fitted = false; });
  for (const moved of ['zoom', 'dragEnd', 'animationFinished']) net.on(moved, settle);
  net.on('dragStart', () => { moving = true; });
  net.on('dragEnd', () => { moving = false; net.redraw(); });
  const div = $('net');
  let down = null;
  div.addEventListener('pointerdown', e => { down = [e.clientX, e.clientY]; });
  div.addEventListener('pointerup', e => {
    if (!down || Math.hypot(e.clientX - down[0], e.clientY - down[1]) > 6) return;
    const b = div.getBoundingClientRect();
    clicked(e.clientX - b.left, e.clientY - b.top, e.pointerType === 'touch' ? 24 : 13, e.shiftKey);
  });
  div.addEventListener('pointermove', e => { if (e.buttons) return; const b = div.getBoundingClientRect(); hovering(e.clientX - b.left, e.clientY - b.top); });
  div.addEventListener('pointerleave', () => { if (hover >= 0) { hover = -1; net.redraw(); } });
  div.addEventListener('dblclick', e => { const b = div.getBoundingClientRect(), i = islandAt(e.clientX - b.left, e.clientY - b.top); if (i) zoomTo(i); });
  fit(false); updateCanvas();
}
const small = box => box.width < LEAST || box.height < LEAST;
/** After a change of size: all is fitted again, also what was placed while the page was hidden or had no size; else the camera stays. */
function sized() {
  const box = $('net').getBoundingClientRect(), turned = box.width < box.height !== tall, was = tiny;
  ring = null;
  tiny = small(box);
  if (tiny) return;
  tall = box.width < box.height;
  if (turned || fitted || !kept) fit(false); else if (was) net.moveTo(kept);
  if (turned || !everything()) updateCanvas(turned);
  if (byId.has(state.node)) bringIn(byId.get(state.node));
}
function bounds(scale) {
  const b = [1e9, 1e9, -1e9, -1e9];
  for (const i of G.islands) {
    const [x, y] = centre(i), px = nameSize(i.r * scale), half = Math.max(i.r + (i.id === 'shared' || G.ties && !tall ? 60 / scale : 0), (width(i.l, `650 ${px}px ${FONT}`) / 2 + 14) / scale);
    b[0] = Math.min(b[0], x - half); b[1] = Math.min(b[1], y - i.r - (px + 8) / scale); b[2] = Math.max(b[2], x + half); b[3] = Math.max(b[3], y + i.r);
  }
  return b[0] < b[2] ? b : [-100, -100, 100, 100];
}
/** The part of the canvas that no sheet covers. */
function freeBox() {
  const box = $('net').getBoundingClientRect(), panel = $('panel');
  const sheet = !panel.hidden && getComputedStyle(panel).position === 'fixed' ? Math.max(0, box.bottom - panel.getBoundingClientRect().top) : 0;
  return { w: box.width, h: Math.max(120, box.height - sheet) };
}
function look(x, y, scale, animate = true) {
  const free = freeBox(), box = $('net').getBoundingClientRect();
  fitted = false;
  tiny = small(box);
  if (tiny || !(scale > 0)) return;      // vis-network takes no scale of zero; `sized` looks again
  const position = { x, y: y + (box.height - free.h) / 2 / scale };
  net.moveTo({ position, scale, animation: animate && !still.matches ? { duration: 320, easingFunction: 'easeInOutQuad' } : false });
  settle();
}
function fit(animate = true) {
  const free = freeBox(), foot = free.w < 600 ? 46 : 54;
  let scale = .3, b;
  for (let turn = 0, last = 0; turn < 5 && Math.abs(scale / last - 1) > .002; turn++) { b = bounds(scale); last = scale; scale = Math.min((free.w - 16) / (b[2] - b[0]), tall ? 9 : (free.h - foot - 16) / (b[3] - b[1]), 1.6); }
  const over = (b[3] - b[1]) * scale - (free.h - foot - 16);      // a tall page starts at its top
  look((b[0] + b[2]) / 2, (b[1] + b[3]) / 2 + (foot - Math.max(0, over)) / 2 / scale, scale, animate);
  fitted = true;
}
/** Open and close islands for what is looked at now; a move without animation tells nobody that it is done. */
function settle() { if (!everything()) { clearTimeout(settle.later); settle.later = setTimeout(() => updateCanvas(), 90); } }
function zoomTo(island) {
  const [x, y] = centre(island), free = freeBox();
  look(x, y - 10, Math.min(free.w, free.h) * .9 / (2 * island.r + 40));
}
function zoomBy(factor) { fitted = false; const v = view(), p = net.getViewPosition(); net.moveTo({ position: p, scale: Math.max(.02, Math.min(5, v.s * factor)), animation: still.matches ? false : { duration: 160, easingFunction: 'linear' } }); settle(); }

/** Whether all that is shown is drawn at once; else islands open as one comes near. */
const everything = () => G.nodes.length <= MOST;
/** The things to draw now: all of them, or those of the islands that are near, never more than `MOST`. */
function near() {
  const all = []; shownNode.forEach((on, i) => { if (on && !G.nodes[i].off) all.push(i); });
  for (const i of G.islands) i.open = true;
  if (all.length <= MOST) return all;
  const v = view(), box = $('net').getBoundingClientRect(), cx = (box.width / 2 - v.x) / v.s, cy = (box.height / 2 - v.y) / v.s, w = box.width / v.s * .7, h = box.height / v.s * .7;
  const far = (x, y) => Math.hypot(x - cx, y - cy), seen = i => { const [x, y] = at(i); return Math.abs(x - cx) < w && Math.abs(y - cy) < h; };
  const inside = new Map(G.islands.map(i => [i, []])), kept = [];
  for (const i of all) { const island = G.islands[G.nodes[i].h]; if (island.r * v.s > 130 && seen(i)) inside.get(island).push(i); }
  for (const i of G.islands) i.open = false;
  for (const [island, members] of [...inside].filter(([, m]) => m.length).sort(([a], [b]) => far(...centre(a)) - a.r - far(...centre(b)) + b.r)) {
    if (kept.length + members.length > MOST && kept.length) break;
    island.open = true; kept.push(...members);
  }
  if (kept.length > MOST) kept.sort((a, b) => (G.nodes[a].k !== CASE) - (G.nodes[b].k !== CASE) || far(...at(a)) - far(...at(b)));
  return kept.slice(0, MOST);
}
/** Ties are as wide as their cases are many, against the strongest tie of the network; in a dense one they are thin and pale. */
const tieWidth = e => .4 + 4.4 * weight(e) / Math.max(5, ...(tieWidth.top ??= [G.edges.reduce((m, [, , , , c]) => Math.max(m, c.length), 1)]));
let waiting = [];                        // marks that vis-network does not have yet: it takes 0.2 ms to make one, so they come to it in small lots
const linkPaths = new Map();             // width -> path of all links that wide: one stroke each, which is much quicker than a stroke a link
const arrows = () => G.ties && G.ties.directed;
let drawn = new Uint8Array(0), moving = false;
/** After a change of filters or of nearness: add and take away marks, without moving any. */
function updateCanvas(moved) {
  for (const i of G.islands) { i.n = 0; i.mix = G.kinds.map(() => 0); i.hues = new Map(); }
  G.nodes.forEach((n, i) => { if (shownNode[i] && !n.off) { const island = G.islands[n.h]; island.mix[n.k]++; if (n.k === CASE || n.hub || G.ties) island.n++; if (n.k === CASE) for (const hue of huesOf(i)) island.hues.set(hue, (island.hues.get(hue) || 0) + 1); } });
  const few = near500(), repaint = drawn.colour !== state.colour + tone.mute;
  const now = new Uint8Array(G.nodes.length);
  for (const i of near()) now[i] = 1;
  if (drawn.length !== now.length) drawn = new Uint8Array(G.nodes.length);
  const add = [], gone = [], edges = [], noEdges = [];
  now.forEach((on, i) => {
    if (on && (moved || repaint || !drawn[i])) { const n = G.nodes[i]; add.push({ id: i, x: at(i)[0], y: at(i)[1], shape: G.kinds[n.k].shape, size: n.s, color: huesOf(i)[0] || tone.paper }); }
    if (!on && drawn[i]) gone.push(i);
  });
  linkPaths.clear();
  G.edges.forEach(([a, b, , far], e) => {
    const on = lineDrawn(far, few) && now[a] && now[b] && shownEdge[e];
    if (on && !arrows()) {
      const w = G.ties ? Math.max(.5, Math.round(tieWidth(e) * 2) / 2) : 1.4;
      if (!linkPaths.has(w)) linkPaths.set(w, new Path2D());
      linkPaths.get(w).moveTo(...at(a)); linkPaths.get(w).lineTo(...at(b));
    }
    if (!arrows()) return;
    const was = edgeSet.get(e);
    if (on && (!was || was.n !== weight(e))) edges.push({ id: e, from: a, to: b, n: weight(e), width: tieWidth(e), arrows: { to: { enabled: true, scaleFactor: .35 } } });
    if (!on && was) noEdges.push(e);
  });
  drawn = now; drawn.colour = state.colour + tone.mute; version++;
  unseen(() => {
    if (noEdges.length) edgeSet.remove(noEdges);
    if (gone.length) nodeSet.remove(gone);
    if (moved || repaint) { nodeSet.clear(); waiting = []; }
    waiting = [...waiting.filter(n => now[n.id]), ...add];
    if (edges.length) edgeSet.update(edges);
  });
  net.body.emitter.emit('_requestRedraw');
  if (add.length && D) whenIdle(handOver);      // sources first
}
/** Change what vis-network holds without a redraw for each change. */
function unseen(change) { net.renderer.allowRedraw = false; change(); net.renderer.allowRedraw = true; }
/** Give vis-network the next lot of the marks that wait; until then they are drawn by `drawIslands`. */
function handOver() {
  if (!waiting.length) return;
  unseen(() => nodeSet.update(waiting.splice(0, LOT)));
  if (waiting.length) whenIdle(handOver); else net.body.emitter.emit('_requestRedraw');
}
function drawIslands(c) {
  c.fillStyle = tone.disc;
  for (const i of G.islands) { const [x, y] = centre(i); c.beginPath(); c.arc(x, y, i.r, 0, 7); c.globalAlpha = i.n ? 1 : .45; c.fill(); }
  c.globalAlpha = 1;
  for (const i of G.islands) if (i.n && !i.open) drawMix(c, i);
  if (moving && G.edges.length > 6000) return;
  c.strokeStyle = tone.edge; c.globalAlpha = G.ties && G.edges.length > 400 ? .55 : 1;
  for (const [w, path] of linkPaths) { c.lineWidth = w; c.stroke(path); }
  c.globalAlpha = 1;
  for (const n of waiting) { drawShape(c, n.shape, n.x, n.y, n.size); c.fillStyle = n.color; c.fill(); }
}
/** An island that is too far to show its things: a disc whose area is its cases, and a ring of the kinds of things in it. */
function drawMix(c, island) {
  const [x, y] = centre(island), all = island.mix.reduce((a, b) => a + b, 0), unit = Math.min(...G.islands.filter(i => i.n).map(i => i.r / Math.sqrt(i.n))), r = .78 * unit * Math.sqrt(island.n);
  let from = -Math.PI / 2;
  island.mix.forEach((n, k) => {
    if (!n || k === CASE) return;
    const to = from + n / (all - island.mix[CASE]) * 2 * Math.PI;
    c.beginPath(); c.arc(x, y, r * 1.2, from, to); c.arc(x, y, r * 1.06, to, from, true); c.closePath(); c.fillStyle = state.colour ? tone.mute : G.kinds[k].colour; c.fill(); from = to;
  });
  from = -Math.PI / 2;
  const said = [...island.hues.values()].reduce((a, b) => a + b, 0);
  for (const [hue, n] of island.hues) { const to = from + n / said * 2 * Math.PI; c.beginPath(); c.moveTo(x, y); c.arc(x, y, r, from, to); c.closePath(); c.fillStyle = hue; c.fill(); from = to; }
}
function labelsFor(scale) {
  const key = [scale, version, tall].join(), now = performance.now();
  if (key === placedKey) return placed;
  if (placed && now - labelsFor.last < 120 && placedKey.endsWith([version, tall].join())) {      // while zooming: the names as they were, in step with the picture
    clearTimeout(labelsFor.later); labelsFor.later = setTimeout(() => { labelsFor.last = 0; net.redraw(); }, 130);
    labelsFor.last = now;
    const by = (l, d) => d * (scale - l.scale);
    return placed.map(l => ({ ...l, x: l.x + by(l, l.ax), y: l.y + by(l, l.ay), box: l.box && [l.box[0] + by(l, l.ax), l.box[1] + by(l, l.ay), l.box[2] + by(l, l.ax), l.box[3] + by(l, l.ay)] }));
  }
  placedKey = key; labelsFor.last = now;
  const cases = scale >= .6, actors = scale >= .9;
  placed = placeLabels({ scale,
    islands: G.islands.map(i => ({ l: i.l, n: i.n, r: i.r, x: centre(i)[0], y: centre(i)[1] })),
    nodes: G.nodes.flatMap((n, i) => {
      if (!drawn[i]) return [];
      const [x, y] = at(i), hub = n.k !== CASE && n.cases.length === 1 ? at(n.cases[0])[0] : x;
      const side = n.k === CASE ? ['b', 'B', 'T', 't', 'r', 'l'] : n.hub ? ['b', 't', x > centre(G.islands[n.h])[0] ? 'l' : 'r'] : x < hub - 6 ? ['l', 'b', 't'] : x > hub + 6 ? ['r', 'b', 't'] : ['b', 't', 'r', 'l'];
      return [{ i, x, y, r: n.s, reach: n.reach, k: n.k, l: n.l, side, rank: G.ties ? 1 + adjacent[i].length : n.hub ? 2000 + adjacent[i].length : n.k === CASE ? (cases ? 1000 + n.s : 0) : actors ? adjacent[i].length : 0 }];
    }) });
  return placed;
}
function drawOver() {
  const canvas = $('over'), box = $('net').getBoundingClientRect(), dpr = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(box.width * dpr) || canvas.height !== Math.round(box.height * dpr)) { canvas.width = Math.round(box.width * dpr); canvas.height = Math.round(box.height * dpr); }
  const c = over, v = view();
  if (!tiny && !small(box)) kept = { scale: v.s, position: net.getViewPosition() };
  c.setTransform(dpr, 0, 0, dpr, 0, 0);
  c.clearRect(0, 0, box.width, box.height);
  c.textBaseline = 'alphabetic'; c.lineJoin = 'round';
  c.setTransform(dpr, 0, 0, dpr, v.x * dpr, v.y * dpr);
  if (!byId.has(state.node)) for (const l of labelsFor(v.s)) drawLabel(c, l, v, box);      // behind a choice, words would only disturb
  c.setTransform(dpr, 0, 0, dpr, 0, 0);
  ringHits = [];
  const picked = byId.has(state.node) ? byId.get(state.node) : -1;
  if (picked >= 0) drawPicked(c, picked, box);
  if (hover >= 0 && picked < 0) drawHover(c, hover, box);
  else if (cursor >= 0 && picked < 0) drawHover(c, cursor, box);
}
function drawLabel(c, l, v, box) {
  if (l.y + v.y < -40 || l.y + v.y > box.height + 40 || l.x + v.x < -240 || l.x + v.x > box.width + 240) return;
  if (l.island) {
    if (!l.island.l) return;
    c.textAlign = 'left'; c.font = l.bold; c.globalAlpha = l.dim ? .55 : 1;
    c.lineWidth = 3; c.strokeStyle = tone.paper; c.strokeText(l.island.l, l.x, l.y);
    c.fillStyle = tone.ink; c.fillText(l.island.l, l.x, l.y);
    const w = width(l.island.l, l.bold); c.font = l.plain; c.fillStyle = tone.soft; c.fillText(String(l.island.n), l.x + w + 6, l.y); c.globalAlpha = 1;
    return;
  }
  if (l.box[0] + v.x < 0 || l.box[2] + v.x > box.width) return;      // half a name says nothing
  c.font = l.font; c.textAlign = l.align; c.lineWidth = 3; c.strokeStyle = tone.disc;
  l.lines.forEach((line, n) => { c.strokeText(line, l.x, l.y + n * l.step); });
  c.fillStyle = tone.ink;
  l.lines.forEach((line, n) => { c.fillText(line, l.x, l.y + n * l.step); });
}
function drawPicked(c, picked, box) {
  c.fillStyle = `rgba(${tone.veil},.9)`; c.fillRect(0, 0, box.width, box.height);
  const route = state.to && byId.has(state.to) ? chain(picked, byId.get(state.to), state.via) : null;
  if (route) return drawRoute(c, picked, route, box);
  const free = freeBox();
  if (!ring || ring.at !== picked || ring.w !== free.w || ring.h !== free.h) ring = { ...ego(picked, free, box.width < 600 ? 11.5 : 13), w: free.w, h: free.h };
  const [x, y] = G.nodes[picked].off ? [free.w / 2, free.h / 2] : onScreen(...at(picked));
  ringHits = drawEgo(c, ring, x, y, tone);
  if (ring.cut) { c.font = `400 12px ${FONT}`; c.textAlign = 'center'; c.fillStyle = tone.soft; c.fillText(`${ring.cut} more ${ring.cut === 1 ? 'is' : 'are'} in the list`, x, Math.min(free.h - 8, y + free.h / 2 - 8)); }
}
function drawRoute(c, start, route, box) {
  const stops = [start, ...route.map(h => h.to)], free = freeBox(), n = stops.length, f = `600 13px ${FONT}`, plain = `400 12px ${FONT}`;
  const step = Math.min(92, (free.h - 40) / n), x = Math.max(30, free.w / 2 - 150), top = (free.h - step * (n - 1)) / 2;
  c.textAlign = 'left';
  stops.forEach((stop, i) => {
    const y = top + i * step;
    if (i) { c.strokeStyle = tone.edge; c.lineWidth = 2; c.beginPath(); c.moveTo(x, y - step + 14); c.lineTo(x, y - 14); c.stroke(); c.font = plain; c.fillStyle = tone.soft; c.fillText(verb(route[i - 1]), x + 22, y - step / 2 + 4); }
    if (typeof stop === 'number') drawMark(c, stop, x, y, 9); else { c.fillStyle = tone.soft; c.beginPath(); c.arc(x, y, 4, 0, 7); c.fill(); }
    c.font = f; c.fillStyle = tone.ink;
    const lines = wrap(nameOf(stop), Math.min(380, free.w - x - 50), f);
    lines.forEach((line, k) => c.fillText(line, x + 22, y + 5 + (k - (lines.length - 1) / 2) * 16));
    if (typeof stop === 'number') ringHits.push({ i: stop, box: [x - 14, y - 18, x + 400, y + 18] });
  });
}
function drawHover(c, i, box) {
  const n = G.nodes[i], [x, y] = onScreen(...at(i)), f = `600 13px ${FONT}`, plain = `400 12px ${FONT}`, lines = wrap(n.l, 260, f, 3), r = Math.max(6, n.s * view().s);
  c.strokeStyle = tone.ink; c.lineWidth = 1.2;
  for (const [e, o] of adjacent[i]) if (shownEdge[e]) { c.beginPath(); c.moveTo(x, y); c.lineTo(...onScreen(...at(o))); c.stroke(); }
  drawMark(c, i, x, y, r + 1.5);
  const said = G.kinds[n.k].one + (n.k === CASE ? years(n) : n.cases.length > 1 ? `, ${n.cases.length} cases` : '');
  const w = Math.max(...lines.map(l => width(l, f)), width(said, plain)) + 20, h = lines.length * 17 + 30;
  const bx = Math.max(6, Math.min(box.width - w - 6, x - w / 2)), by = y + r + 8 + h > box.height - 6 ? y - r - 8 - h : y + r + 8;
  c.fillStyle = tone.card; c.strokeStyle = tone.line; c.beginPath(); c.roundRect(bx, by, w, h, 8); c.fill(); c.stroke();
  c.textAlign = 'left'; c.fillStyle = tone.soft; c.font = plain; c.fillText(said, bx + 10, by + 18);
  c.fillStyle = tone.ink; c.font = f; lines.forEach((line, k) => c.fillText(line, bx + 10, by + 36 + k * 17));
}
const years = n => { const s = span(n); return !s ? ', date not stated' : `, ${n.t[0] ?? '?'}\u2013${n.t[1] ?? '?'}`; };

function nodeAt(x, y, reach) {
  let best = -1, far = 1e9; const v = view();
  G.nodes.forEach((n, i) => {
    if (!drawn[i]) return;
    const [px, py] = at(i), d = Math.hypot(px * v.s + v.x - x, py * v.s + v.y - y);
    if (d < Math.max(reach, n.s * v.s + 3) && d < far) { far = d; best = i; }
  });
  return best;
}
function islandAt(x, y) { const v = view(); return G.islands.find(i => { const [cx, cy] = centre(i); return Math.hypot(cx * v.s + v.x - x, cy * v.s + v.y - y) < i.r * v.s; }); }
function clicked(x, y, reach, shift) {
  $('net').focus({ preventScroll: true });
  const hit = ringHits.find(h => x >= h.box[0] && x <= h.box[2] && y >= h.box[1] && y <= h.box[3]);
  if (byId.has(state.node)) {
    if (hit && shift && G.nodes[hit.i].id !== state.node) go(s => { s.to = G.nodes[hit.i].id; });
    else if (hit) choose(hit.i);
    else go(s => { s.node = ''; s.to = ''; s.alone = false; });
    return;
  }
  const i = nodeAt(x, y, reach), island = islandAt(x, y);
  if (i >= 0) choose(i);
  else if (island && !island.open) zoomTo(island);
}
function hovering(x, y) {
  const now = byId.has(state.node) ? -1 : nodeAt(x, y, 10);
  $('net').style.cursor = now >= 0 || ringHits.some(h => x >= h.box[0] && x <= h.box[2] && y >= h.box[1] && y <= h.box[3]) ? 'pointer' : 'grab';
  if (now !== hover) { hover = now; net.redraw(); }
}
function choose(i, extra) { go(s => { if (G.nodes[i].id !== s.node) s.to = ''; s.node = G.nodes[i].id; if (extra) extra(s); }); }
/** Bring the chosen thing into the free part of the canvas. */
function bringIn(i) {
  ring = null;
  if (G.nodes[i].off) return;
  const [x, y] = at(i);
  look(x, y, Math.max(view().s, .3));
}
/** The nearest shown thing in a direction, for the arrow keys. */
function walk(dx, dy) {
  const from = cursor >= 0 ? cursor : byId.has(state.node) ? byId.get(state.node) : -1;
  const p = from >= 0 ? at(from) : [net.getViewPosition().x, net.getViewPosition().y];
  let best = -1, cost = 1e12;
  G.nodes.forEach((n, i) => {
    if (!drawn[i] || i === from) return;
    const [x, y] = at(i), along = (x - p[0]) * dx + (y - p[1]) * dy, across = Math.abs((x - p[0]) * dy) + Math.abs((y - p[1]) * dx);
    if (along <= 0 || across > along * 2) return;
    const d = along + across * 2; if (d < cost) { cost = d; best = i; }
  });
  if (best < 0) return;
  cursor = best; hover = -1;
  const [x, y] = onScreen(...at(best)), box = $('net').getBoundingClientRect();
  if (x < 60 || y < 60 || x > box.width - 60 || y > box.height - 60) look(...at(best), view().s);
  say(`${G.nodes[best].l}, ${G.kinds[G.nodes[best].k].one}`);
  net.redraw();
}
