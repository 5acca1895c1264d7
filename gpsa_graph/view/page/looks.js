// What a reader may ask of the looks: cases coloured by a facet, and a facet whose values are things in the picture.
/** Seven colours that stay apart for colour-blind readers (Okabe and Ito); the most frequent values have them, the others share a grey. */
const HUES = ['#0072B2', '#E69F00', '#009E73', '#D55E00', '#56B4E9', '#CC79A7', '#F0E442'];
const HUBS = { mechanism: ['Mechanisms', 'Mechanism'], sector: ['Sectors', 'Sector'], programme: ['Programmes', 'Programme'], call: ['Calls of the GPSA', 'Call of the GPSA'] };
const colourings = () => G.ties ? [] : G.facets.filter(f => f.values.length > 1 && f.id !== 'country' && f.id !== 'source-kind');
const hubbings = () => G.ties ? [] : G.facets.filter(f => f.id in HUBS);
const hueOf = v => v < HUES.length ? HUES[v] : tone.rest;
/** The colours of a thing: of its kind; or, where cases are coloured by a facet, one for each value (none where no value is stated), and a quiet one for what is no case. */
function huesOf(i) {
  const node = G.nodes[i];
  if (!state.colour) return [G.kinds[node.k].colour];
  return node.k === CASE ? [...new Set(((node.f || {})[state.colour] || []).map(hueOf))] : [tone.mute];
}
/** The mark of a thing: one colour, or a slice for each. */
function drawMark(c, i, x, y, r, outline = 1) {
  const hues = huesOf(i), { shape } = G.kinds[G.nodes[i].k];
  hues.slice(hues.length > 1 ? 0 : 1).forEach((hue, n) => { const a = -Math.PI / 2, step = 2 * Math.PI / hues.length; c.beginPath(); c.moveTo(x, y); c.arc(x, y, r, a + n * step, a + (n + 1) * step); c.closePath(); c.fillStyle = hue; c.fill(); });
  drawShape(c, shape, x, y, r);
  if (hues.length < 2) { c.fillStyle = hues[0] || tone.paper; c.fill(); }
  if (outline) { c.lineWidth = outline; c.strokeStyle = tone.outline; c.stroke(); }
}
/** Over the marks of vis-network, which have one colour each: the cases with all their colours. */
function drawColours(c) {
  if (!state.colour) return;
  G.nodes.forEach((n, i) => { if (drawn[i] && n.k === CASE) drawMark(c, i, ...at(i), n.s, 1.2); });
}
/** The rows of the legend for the colours: most frequent first, with counts under the filters; a press filters. */
function colourRows() {
  const facet = facetOf(state.colour);
  if (!facet) return [];
  const n = counts.get(facet.id), wanted = state.filters.get(facet.id) || new Set(), rest = facet.values.length - HUES.length;
  const swatch = hue => el('i', { class: 'swatch', style: hue ? { background: hue } : {}, 'aria-hidden': 'true' });
  const none = G.nodes.filter((c, i) => c.k === CASE && passes[i] && !((c.f || {})[facet.id] || []).length).length;
  return [el('p', { class: 'under' }, `Colour of a case: ${facet.name.toLowerCase()}. A case with several has a slice for each.`), el('ul', {},
    facet.values.slice(0, HUES.length).map(([, label], v) => el('li', {}, el('button', { type: 'button', class: 'row', 'data-key': `hue ${v}`, 'aria-pressed': String(wanted.has(v)), title: `Filter: ${facet.name}`, onclick: () => toggle(facet.id, v) }, swatch(hueOf(v)), el('span', { class: 'name' }, label), el('span', { class: 'n' }, thousands(n[v]))))),
    rest > 0 ? el('li', { class: 'waiting' }, swatch(tone.rest), el('span', { class: 'name' }, `${rest} other${rest === 1 ? '' : 's'}`)) : null,
    none ? el('li', { class: 'waiting' }, swatch(''), el('span', { class: 'name' }, 'not stated'), el('span', { class: 'n' }, String(none))) : null)];
}
function drawLooks() {
  const pick = (name, key, first, choices, act) => el('label', { class: 'pick' }, el('span', {}, name), el('select', { 'data-key': key, onchange: e => go(s => act(s, e.target.value)) }, el('option', { value: '' }, first), choices.map(([id, label]) => el('option', { value: id, selected: state[key] === id }, label))));
  if (G.ties) return $('looks').replaceChildren();
  $('looks').replaceChildren(...colourRows(),
    pick('Colour by', 'colour', 'kind', colourings().map(f => [f.id, f.name.toLowerCase()]), (s, id) => { s.colour = id; }),
    pick('Also show', 'concepts', 'nothing more', hubbings().map(f => [f.id, HUBS[f.id][0].toLowerCase()]), (s, id) => { if (byId.has(s.node) && G.nodes[byId.get(s.node)].hub) s.node = s.to = ''; s.concepts = id; requestAnimationFrame(() => { if (id && net && tall && state.view === 'islands') zoomTo(G.islands[G.islands.length - 1]); }); }));
}

/** Make the values of a facet things of the picture, on an island of their own beside the countries; '' takes them away again. */
function setHubs(id) {
  const whole = G.whole ??= { nodes: G.nodes.length, edges: G.edges.length, kinds: G.kinds.length, islands: G.islands.length };
  if (net) { nodeSet.remove(nodeSet.getIds().filter(i => i >= whole.nodes)); drawn = drawn.slice(0, whole.nodes); placedKey = ''; }
  for (const [list, n] of Object.entries(whole)) G[list].length = n;
  G.hubs = id;
  if (D) { D.things.length = whole.nodes; D.links.length = whole.edges; }
  const facet = facetOf(id);
  if (facet && id) {
    const used = facet.values.map((_, v) => v), k = G.kinds.length, h = G.islands.length, r = 46 * Math.sqrt(used.length) + 40;
    const b = [[i => i.x + i.r, i => i.y], [i => i.tx, i => i.ty + i.r]].map(([x, y]) => [Math.max(0, ...G.islands.map(x)), Math.max(0, ...G.islands.map(y))]);
    const middle = (pick, size) => { const all = G.islands.map(pick); return all.length ? (Math.min(...all.map((p, n) => p - size(n))) + Math.max(...all.map((p, n) => p + size(n)))) / 2 : 0; };
    const radius = n => G.islands[n].r;
    const island = { id: 'shared', l: HUBS[id][0], x: Math.round(b[0][0] + r + 150), y: Math.round(middle(i => i.y, radius)), tx: Math.round(middle(i => i.tx, radius)), ty: Math.round(b[1][1] + r + 220), r: Math.round(r) };
    G.kinds.push({ id: 'concept', name: HUBS[id][0], one: HUBS[id][1], shape: 'star', colour: '#CC79A7' });
    G.islands.push(island);
    const at = new Map(used.map((v, n) => { const far = 46 * Math.sqrt(n + .4), turn = n * Math.PI * (3 - Math.sqrt(5)), dx = Math.round(far * Math.cos(turn)), dy = Math.round(far * Math.sin(turn));
      return [v, G.nodes.push({ id: facet.values[v][0], l: facet.values[v][1], x: island.x + dx, y: island.y + dy, tx: island.tx + dx, ty: island.ty + dy, s: 14, k, h, hub: true }) - 1]; }));
    for (let i = 0; i < whole.nodes; i++) for (const v of (G.nodes[i].f || {})[id] || []) { G.edges.push([i, at.get(v), id, 2]); G.nodes[at.get(v)].s = Math.min(21, G.nodes[at.get(v)].s + .25); }
  }
  hubDetails();
  prepare();
  if (net && fitted) fit(false);
}
/** What the panel says of them, once the sources are there. */
function hubDetails() {
  if (!D || !G.hubs) return;
  for (let i = D.things.length; i < G.nodes.length; i++) D.things.push({ facts: [], absent: [] });
  for (let e = D.links.length; e < G.edges.length; e++) { const [from, to, id] = G.edges[e], v = facetOf(id).values.findIndex(([name]) => name === G.nodes[to].id); D.links.push({ src: conceptSources({ from, to: `${id}\u0000${v}` }) }); }
}
/** Links that are drawn: within an island; those of shared things only while no more than 500 things are shown. */
const near500 = () => shownNode.reduce((a, b) => a + b, 0) <= 500;
const lineDrawn = (far, few) => !far || far === 2 && few;
