// What is shown, as files: SVG, PNG, CSV, GEXF, a view file; and one page for the printer.
/** The few drawing commands that the picture uses, written as SVG. */
class Paper {
  constructor() { this.out = []; this.d = ''; this.fillStyle = '#000'; this.strokeStyle = '#000'; this.lineWidth = 1; this.font = `400 12px ${FONT}`; this.textAlign = 'left'; this.globalAlpha = 1; this.dash = []; }
  n(v) { return Math.round(v * 10) / 10; }
  beginPath() { this.d = ''; }
  moveTo(x, y) { this.d += `M${this.n(x)} ${this.n(y)}`; }
  lineTo(x, y) { this.d += `L${this.n(x)} ${this.n(y)}`; }
  arc(x, y, r, from = 0, to = 7) {
    if (to - from < 6.28) { this.lineTo(x + r * Math.cos(from), y + r * Math.sin(from)); this.d += `A${this.n(r)} ${this.n(r)} 0 ${to - from > Math.PI ? 1 : 0} 1 ${this.n(x + r * Math.cos(to))} ${this.n(y + r * Math.sin(to))}`; return; }
    this.d += `M${this.n(x - r)} ${this.n(y)}a${this.n(r)} ${this.n(r)} 0 1 0 ${this.n(2 * r)} 0a${this.n(r)} ${this.n(r)} 0 1 0 ${this.n(-2 * r)} 0z`;
  }
  ellipse(x, y, rx, ry) { this.d += `M${this.n(x - rx)} ${this.n(y)}a${this.n(rx)} ${this.n(ry)} 0 1 0 ${this.n(2 * rx)} 0a${this.n(rx)} ${this.n(ry)} 0 1 0 ${this.n(-2 * rx)} 0z`; }
  rect(x, y, w, h) { this.d += `M${this.n(x)} ${this.n(y)}h${this.n(w)}v${this.n(h)}h${this.n(-w)}z`; }
  closePath() { this.d += 'z'; }
  setLineDash(dash) { this.dash = dash; }
  fill() { this.out.push(svg('path', { d: this.d, fill: this.fillStyle, opacity: this.globalAlpha < 1 ? this.globalAlpha : null })); }
  stroke() { this.out.push(svg('path', { d: this.d, fill: 'none', stroke: this.strokeStyle, 'stroke-width': this.lineWidth, 'stroke-dasharray': this.dash.length ? this.dash.join(' ') : null })); }
  text(said, x, y, more) {
    const [, weight, size] = /^(\d+) ([\d.]+)px/.exec(this.font);
    this.out.push(svg('text', { x: this.n(x), y: this.n(y), 'font-weight': weight, 'font-size': size, 'text-anchor': { left: 'start', right: 'end', center: 'middle' }[this.textAlign], opacity: this.globalAlpha < 1 ? this.globalAlpha : null, ...more }, printable(said)));
  }
  fillText(said, x, y) { this.text(said, x, y, { fill: this.fillStyle }); }
  strokeText(said, x, y) { this.text(said, x, y, { fill: 'none', stroke: this.strokeStyle, 'stroke-width': this.lineWidth, 'stroke-linejoin': 'round', 'aria-hidden': 'true' }); }
}
/** Text without the characters that no XML file may hold. */
const printable = text => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').toWellFormed();
const paperTone = { paper: '#ffffff', disc: '#f0eee9', ink: '#1d2129', soft: '#565d69', edge: '#b9b5ad', line: '#e2ded6', tone: '#00639c', outline: '#20242b', rest: '#3b4048', mute: '#9b958b' };

/** The picture as an SVG of that width: title, filters, drawing, legend, and what it rests on. */
function pictureSvg(wide = 1500) {
  const was = tone; tone = paperTone;
  const c = new Paper(), margin = 30, picked = byId.has(state.node) ? byId.get(state.node) : -1;
  const sheetSvg = state.view === 'matrix' ? matrixSvg() : state.view !== 'islands' && $('sheet').querySelector('svg'), alone = picked >= 0 && !sheetSvg;
  let y = margin + 22;
  c.fillStyle = tone.ink; c.font = `680 22px ${FONT}`; c.fillText(picked >= 0 ? wrap(G.nodes[picked].l, wide - 60, c.font, 1)[0] : G.ties ? wrap(G.ties.title, wide - 60, c.font, 1)[0] : 'Social accountability cases', margin, y);
  const said = filterTexts().map(([t]) => t).join('; ');
  y += 22; c.font = `400 13px ${FONT}`; c.fillStyle = tone.soft; c.fillText(wrap(`${alone ? `${G.kinds[G.nodes[picked].k].one} with ${plural(new Set(adjacent[picked].map(([, o]) => o)).size, 'neighbour', 'neighbours')}` : `${TITLES[sheetSvg ? state.view : 'islands']}. ${statusText()}`}${alone ? '' : said ? `. Filters: ${said}` : ', no filter'}.`, wide - 60, c.font, 1)[0], margin, y);
  y += 18;
  let high;
  if (alone) {
    const shape = ego(picked, { w: wide, h: 960 }, 13);
    high = Math.max(180, shape.end - shape.top + 50);
    drawEgo(c, shape, wide / 2, y + 20 - shape.top, tone);
    if (shape.cut) { c.font = `400 12px ${FONT}`; c.textAlign = 'left'; c.fillStyle = tone.soft; c.fillText(`${shape.cut} more are not drawn.`, margin, y + high - 6); }
  } else if (sheetSvg) {
    const copy = styled(sheetSvg), s = Math.min((wide - 2 * margin) / +sheetSvg.getAttribute('width'), 1.3);
    high = +sheetSvg.getAttribute('height') * s; copy.setAttribute('transform', `translate(${margin} ${y}) scale(${s})`); c.out.push(copy);
  } else high = drawWhole(c, wide, y);
  y += high + 14;
  let x = margin; c.textAlign = 'left';
  G.kinds.forEach((kind, k) => {
    if (state.hide.has(k) || k !== CASE && sheetSvg && state.view !== 'columns') return;
    drawShape(c, kind.shape, x + 6, y - 4, 6); c.fillStyle = !state.colour ? kind.colour : k === CASE ? tone.paper : tone.mute; c.fill(); c.strokeStyle = tone.outline; c.lineWidth = .8; c.stroke();
    const name = `${kind.name} (${alone ? new Set([picked, ...adjacent[picked].map(([, o]) => o)].filter(i => G.nodes[i].k === k)).size : G.nodes.filter((n, i) => n.k === k && shownNode[i]).length})`;
    c.font = `400 13px ${FONT}`; c.fillStyle = tone.ink; c.fillText(name, x + 18, y); x += width(name, c.font) + 48;
  });
  if (state.colour && (!sheetSvg || state.view === 'timeline')) {
    const facet = facetOf(state.colour), names = facet.values.slice(0, HUES.length).map(([, label], v) => [hueOf(v), label]), rest = facet.values.length - names.length;
    y += 22; x = margin;
    for (const [hue, label] of [['', `${facet.name}:`], ...names, ...(rest > 0 ? [[tone.rest, `${rest} other${rest === 1 ? '' : 's'}`]] : [])]) {
      const dx = hue ? 18 : 0;
      if (hue) { c.beginPath(); c.arc(x + 6, y - 4, 6); c.fillStyle = hue; c.fill(); c.strokeStyle = tone.outline; c.lineWidth = .8; c.stroke(); }
      c.fillStyle = tone.ink; c.fillText(label, x + dx, y); x += dx + width(label, c.font) + 20;
    }
  }
  y += 22; c.fillStyle = tone.soft; c.font = `400 12px ${FONT}`;
  const all = D && picked < 0 ? sourcesShown() : new Set(), few = all.size <= 14;
  if (few && picked < 0) { numbers = new Map(); for (const s of all) number(s); }
  const cited = (picked >= 0 || few) && D ? [...numbers].map(([s, n]) => { const [title, publisher, date, , url] = D.sources[s]; return `[${n}] ${publisher}: ${title}${date ? `, ${date}` : ''}. ${url}`; }) : [];
  const links = state.view === 'islands' && G.edges.some(([, , , far]) => far) && picked < 0 ? ' Links between countries are not drawn.' : '';
  c.fillText(`gpsa-graph, data ${G.version} of ${G.date}.${links}${state.view === 'map' && W ? ` ${$('sheet').textContent.match(/Not on the map:[^.]*\.|$/)[0]} ${W.note}`.replace(/ +/g, ' ') : ''} ${picked >= 0 || few ? 'Sources:' : `Sources: ${plural(all.size, 'document', 'documents')}, listed in the CSV file of this view.`}`, margin, y);
  for (const line of cited) { y += 16; c.fillText(wrap(line, wide - 60, c.font, 1)[0], margin, y); }
  y += margin;
  tone = was;
  const root = svg('svg', { xmlns: SVGNS, width: wide, height: Math.round(y), viewBox: `0 0 ${wide} ${Math.round(y)}`, 'font-family': '"Noto Sans", "Segoe UI", Roboto, sans-serif' }, svg('rect', { width: wide, height: Math.round(y), fill: '#fff' }));
  root.append(...c.out);
  return root;
}
function drawWhole(c, wide, top) {
  const b = [1e9, 1e9, -1e9, -1e9];
  for (const i of G.islands) { b[0] = Math.min(b[0], i.x - i.r); b[1] = Math.min(b[1], i.y - i.r); b[2] = Math.max(b[2], i.x + i.r); b[3] = Math.max(b[3], i.y + i.r); }
  if (b[0] > b[2]) return 40;
  const s = Math.min((wide - 200) / (b[2] - b[0]), 1.2), ox = wide / 2 - (b[0] + b[2]) / 2 * s, oy = top + 40 - b[1] * s, X = x => x * s + ox, Y = y => y * s + oy;
  for (const i of G.islands) { c.beginPath(); c.arc(X(i.x), Y(i.y), i.r * s); c.fillStyle = tone.disc; c.fill(); }
  c.strokeStyle = tone.edge;
  const few = near500(), thick = e => G.ties ? Math.round(tieWidth(e) * 7) / 10 : .7;
  for (const w of [...new Set(G.edges.map((_, e) => thick(e)))].sort((a, b) => a - b)) {
    c.lineWidth = w; c.beginPath();
    G.edges.forEach(([p, q, , far], e) => { if (shownEdge[e] && lineDrawn(far, few) && thick(e) === w) { c.moveTo(X(G.nodes[p].x), Y(G.nodes[p].y)); c.lineTo(X(G.nodes[q].x), Y(G.nodes[q].y)); } });
    if (c.d) c.stroke();
  }
  for (const [k, kind] of G.kinds.entries()) if (!state.colour || k !== CASE) { c.beginPath(); c.d = ''; let all = ''; G.nodes.forEach((n, i) => { if (n.k === k && shownNode[i] && !n.off) { drawShape(c, kind.shape, X(n.x), Y(n.y), n.s * s); all += c.d; } }); c.d = all; c.fillStyle = state.colour ? tone.mute : kind.colour; if (all) c.fill(); }
  if (state.colour) G.nodes.forEach((n, i) => { if (n.k === CASE && shownNode[i]) drawMark(c, i, X(n.x), Y(n.y), n.s * s, .6); });
  const made = placeLabels({ scale: s, islands: G.islands.map(i => ({ ...i })), nodes: G.nodes.flatMap((n, i) => shownNode[i] && !n.off ? [{ i, x: n.x, y: n.y, r: n.s, k: n.k, l: n.l, side: ['b', 't', 'r', 'l'], rank: G.ties ? adjacent[i].length : 0 }] : []) });
  c.textAlign = 'left';
  for (const l of made) if (!l.island) { c.font = l.font; c.textAlign = l.align; c.fillStyle = tone.ink; l.lines.forEach((line, n) => c.fillText(line, l.x + ox, l.y + oy + n * l.step)); }
  c.textAlign = 'left';
  for (const l of made) if (l.island) { c.font = l.bold; c.fillStyle = tone.ink; c.fillText(l.island.l, l.x + ox, l.y + oy); c.font = l.plain; c.fillStyle = tone.soft; c.fillText(String(l.island.n), l.x + l.w - width(String(l.island.n), l.plain) + ox, l.y + oy); }
  return (b[3] - b[1]) * s + 56;
}
/** A copy of a picture of the page whose styles are written into it, so that it stands alone. */
function styled(source) {
  const copy = svg('g'), walk = (from, to) => {
    for (const child of from.children) {
      if (/^(title|script|a)$/i.test(child.tagName) || /\bhit\b/.test(child.getAttribute('class') || '')) continue;
      const look = getComputedStyle(child), made = svg(child.tagName);
      for (const name of ['d', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height', 'rx', 'cx', 'cy', 'r', 'transform', 'text-anchor', 'stroke-dasharray']) if (child.hasAttribute(name)) made.setAttribute(name, child.getAttribute(name));
      if (child.tagName !== 'g') { made.setAttribute('fill', look.fill); if (look.stroke !== 'none') { made.setAttribute('stroke', look.stroke); made.setAttribute('stroke-width', look.strokeWidth); made.setAttribute('stroke-opacity', look.strokeOpacity); }
        if (child.tagName === 'text') { made.setAttribute('font-size', look.fontSize); made.setAttribute('font-weight', look.fontWeight); } }
      if (!child.children.length && child.textContent) made.textContent = printable(child.textContent);
      if (child.tagName === 'text' && made.hasAttribute('stroke')) { const halo = made.cloneNode(true); halo.setAttribute('fill', 'none'); halo.setAttribute('stroke-linejoin', 'round'); halo.setAttribute('aria-hidden', 'true'); to.append(halo); for (const name of ['stroke', 'stroke-width', 'stroke-opacity']) made.removeAttribute(name); }
      walk(child, made); to.append(made);
    }
  };
  const theme = document.documentElement.dataset.theme;      // paper is light, whatever the screen is
  document.documentElement.dataset.theme = 'light';
  if (!source.isConnected) { source.style.position = 'absolute'; document.body.append(source); }
  walk(source, copy);
  document.documentElement.dataset.theme = theme;
  if (source.parentNode === document.body) source.remove();
  return copy;
}
function citedBy(i) {
  const cited = new Set(), dig = v => { if (Array.isArray(v)) v.forEach(dig); else if (v && typeof v === 'object') { (v.src || []).forEach(s => cited.add(s)); for (const o of Object.values(v)) if (o && typeof o === 'object') dig(o); } };
  dig(D.things[i]);
  for (const [e] of adjacent[i]) (D.links[e].src || []).forEach(s => cited.add(s));
  return cited;
}
function sourcesShown() { const all = new Set(); if (D) for (const i of casesShown()) for (const s of citedBy(i)) all.add(s); return all; }
const serial = root => '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(root) + '\n';
function fileName(ending) { const words = [state.view, ...[...state.filters.keys()], byId.has(state.node) ? state.node.split(':').pop() : ''].filter(Boolean).join('-'); return `gpsa-${words.replace(/[^a-z0-9-]+/gi, '-').slice(0, 60)}.${ending}`; }
function download(blob, ending) {
  const url = URL.createObjectURL(blob), a = el('a', { href: url, download: fileName(ending) });
  document.body.append(a); a.click(); a.remove(); setTimeout(() => URL.revokeObjectURL(url), 4000);
}
const saveSvg = () => download(new Blob([serial(pictureSvg())], { type: 'image/svg+xml' }), 'svg');
async function savePng() {
  const root = pictureSvg(), w = +root.getAttribute('width'), h = +root.getAttribute('height'), image = new Image();
  const url = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(serial(root));
  await new Promise((done, fail) => { image.onload = done; image.onerror = () => fail(new Error('the picture could not be drawn')); image.src = url; });
  const zoom = Math.min(2, 16000 / h), canvas = el('canvas', { width: Math.round(w * zoom), height: Math.round(h * zoom) }), c = canvas.getContext('2d');
  c.scale(zoom, zoom); c.drawImage(image, 0, 0);
  download(await new Promise(done => canvas.toBlob(done, 'image/png')), 'png');
}
/** A cell that no spreadsheet takes for a formula, as `gpsa_graph.cells` has it. */
function cell(value) {
  let text = String(value).replace(/\u0000/g, '\ufffd');
  if (/^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text)) text = "'" + text;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
function csvText() {
  const head = ['id', ...columns().slice(0, -1).map(([, title]) => title), 'Sources', 'Data version'];
  const rows = tableData().map(row => [row.id, ...columns().slice(0, -1).map(([key]) => row[key]), row.cited.map(s => { const [title, publisher, date, , url] = D.sources[s]; return `${publisher}: ${title}${date ? `, ${date}` : ''}${url ? ` ${url}` : ''}`; }).join(' | '), G.version]);
  return [head, ...rows].map(row => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
function gexfText() {
  const x = t => printable(t).replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`), nodes = [], edges = [];
  G.nodes.forEach((n, i) => {
    if (!shownNode[i] || n.off) return;
    const rgb = [1, 3, 5].map(p => parseInt((huesOf(i)[0] || '#ffffff').slice(p, p + 2), 16)), [px, py] = [n.x, -n.y];
    nodes.push(`<node id="n${i}" label="${x(n.l)}"><attvalues><attvalue for="0" value="${x(n.id)}"/><attvalue for="1" value="${x(G.kinds[n.k].one)}"/><attvalue for="2" value="${x(G.islands[n.h].l)}"/></attvalues><viz:color r="${rgb[0]}" g="${rgb[1]}" b="${rgb[2]}"/><viz:position x="${px}" y="${py}" z="0"/><viz:size value="${n.s}"/><viz:shape value="${{ dot: 'disc', square: 'square', triangle: 'triangle', diamond: 'diamond' }[G.kinds[n.k].shape] || 'disc'}"/></node>`);
  });
  G.edges.forEach(([a, b, part], e) => { if (shownEdge[e]) edges.push(`<edge id="e${e}" source="n${a}" target="n${b}" label="${x(part)}" weight="${weight(e)}"><attvalues><attvalue for="0" value="${x((D.links[e].src || []).map(s => `${D.sources[s][1]}: ${D.sources[s][0]}`).join(' | '))}"/></attvalues></edge>`); });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3"><meta lastmodifieddate="${x(G.date)}"><creator>gpsa-graph ${x(G.version)}</creator><description>${x(statusText())}</description></meta><graph defaultedgetype="undirected" mode="static"><attributes class="node"><attribute id="0" title="name" type="string"/><attribute id="1" title="kind" type="string"/><attribute id="2" title="place" type="string"/></attributes><attributes class="edge"><attribute id="0" title="sources" type="string"/></attributes>\n<nodes>${nodes.join('\n')}</nodes>\n<edges>${edges.join('\n')}</edges></graph></gexf>\n`;
}
/** The state of the page as a file: what `gpsa network --view` and `Open a view` read. */
function viewText() {
  const filters = {}; for (const f of G.facets) if (state.filters.has(f.id)) filters[f.id] = [...state.filters.get(f.id)].map(v => f.values[v][0]);
  const p = net ? net.getViewPosition() : { x: 0, y: 0 }, positions = {};
  G.nodes.forEach((n, i) => { if (shownNode[i] && !n.off) positions[n.id] = [n.x, n.y]; });
  return JSON.stringify({ format: 'gpsa-view', version: 1, data: { version: G.version, date: G.date }, address: address(), view: state.view, filters, years: state.years, hide: [...state.hide].map(k => G.kinds[k].id), colour: state.colour, concepts: state.concepts, node: state.node, to: state.to,
    camera: net ? { x: Math.round(p.x), y: Math.round(p.y), scale: net.getScale() } : null, layout: G.ties ? 'spring in clusters' : 'islands', seed: G.ties ? 1 : null, ...(G.ties && G.ties.question ? { question: G.ties.question } : {}), positions }, null, 1) + '\n';
}
async function openView(file) {
  let said;
  try { said = JSON.parse(await file.text()); } catch { return say(`${file.name} is no view file: it is not JSON.`); }
  if (!said || said.format !== 'gpsa-view' || typeof said.address !== 'string') return say(`${file.name} is no view file of this page.`);
  await openSaved(said);
  if (location.hash === said.address) refresh(); else location.hash = said.address;
  setTimeout(() => lookAgain(said), 30);
  if (said.data && said.data.version !== G.version) setTimeout(() => say(`This view was saved with data ${said.data.version}; this page holds ${G.version}.`), 80);
}
/** Take over the positions of a view; where the page has no address of its own yet, that of the view too. */
async function openSaved(said) {
  for (const [id, at] of Object.entries(said.positions || {})) if (byId.has(id) && Array.isArray(at) && at.every(Number.isFinite)) { const n = G.nodes[byId.get(id)]; if (n.tx !== undefined) { n.tx += at[0] - n.x; n.ty += at[1] - n.y; } [n.x, n.y] = at; }
  placedKey = '';
  if (said === G.start && !location.hash) history.replaceState(null, '', said.address);
}
/** Look at what the view looked at. */
function lookAgain(said) {
  if (!net) return;
  updateCanvas(true);
  const c = said.camera;
  if (c && !state.node && state.view === 'islands' && [c.x, c.y, c.scale].every(Number.isFinite) ) look(c.x, c.y, c.scale, false);
}
function startExport() {
  const save = act => () => { $('save').open = false; Promise.resolve(act()).catch(trouble); };
  const input = el('input', { type: 'file', accept: '.json,application/json', 'aria-label': 'Open a view file', onchange: e => { if (e.target.files[0]) openView(e.target.files[0]); $('save').open = false; } });
  const items = [['Picture, SVG', 'vector, with legend and data version', saveSvg], ['Picture, PNG', 'the same at twice the size', savePng], ['Table, CSV', 'cases shown, with their sources', () => download(new Blob([csvText()], { type: 'text/csv' }), 'csv')],
    ['Network, GEXF', 'things shown, with their positions', () => download(new Blob([gexfText()], { type: 'application/xml' }), 'gexf')], ['View file', 'to open this state again', () => download(new Blob([viewText()], { type: 'application/json' }), 'json')],
    ['Copy link', 'to this state of the page', () => navigator.clipboard.writeText(location.href).then(() => say('Link copied.'), () => say(location.href))], ['Print', 'one page', () => print()]];
  $('save-list').replaceChildren(...items.map(([name, about, act]) => el('button', { type: 'button', onclick: save(act) }, name, el('small', {}, about))), el('label', {}, 'Open a view file \u2026', input));
  document.addEventListener('pointerdown', e => { if (!$('save').contains(e.target)) $('save').open = false; });
  addEventListener('beforeprint', () => { const picture = state.view !== 'table'; document.body.classList.toggle('picture', picture); if (picture) $('paper').replaceChildren(pictureSvg(1400)); });
  addEventListener('afterprint', () => { document.body.classList.remove('picture'); $('paper').replaceChildren(); });
}
