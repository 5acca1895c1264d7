// Starting up, repainting after each change, keys.
const TITLES = { islands: 'Islands', columns: 'Two columns', matrix: 'Matrix', map: 'Map', timeline: 'Timeline', table: 'Table' };
let lastView = '', lastNode = '', shownAs = '', canvasAs = '';      // what was shown before, and on the canvas

function say(text) { $('status').textContent = text; }
function statusText() {
  const nodes = shownNode.reduce((a, b, i) => a + (G.nodes[i].off ? 0 : b), 0), links = shownEdge.reduce((a, b) => a + b, 0), total = G.nodes.reduce((a, n) => a + (n.k === CASE), 0);
  const near = net && state.view === 'islands' && G.islands.some(i => i.n && !i.open) ? '; zoom in or press an island for its cases' : '';
  return `${thousands(shownCases)} of ${plural(total, 'case', 'cases')}, ${plural(nodes, 'thing', 'things')} and ${G.ties ? plural(links, 'tie', 'ties') : plural(links, 'link', 'links')} shown${near}`;
}
function drawNotice(dropped) {
  const notice = $('notice'), total = G.nodes.some(n => n.k === CASE);
  notice.hidden = shownCases > 0 && total;
  if (!total) notice.replaceChildren(el('p', {}, '0 cases in this file. `gpsa explore` writes one from the data folder.'));
  else if (!shownCases) {
    const worst = [...dropped].sort((a, b) => b[1] - a[1])[0], name = worst && (worst[0] === 'years' ? 'Years' : G.facets.find(f => f.id === worst[0]).name);
    notice.replaceChildren(el('p', {}, 'No case matches these filters.'), worst ? el('p', {}, `Without the filter \u201c${name}\u201d there would be ${plural(worst[1], 'case', 'cases')}.`) : '',
      el('button', { type: 'button', onclick: clearAll }, 'Clear all filters'));
  }
}
function refresh() {
  const now = state.alone ? address() : address().replace(/(?<=[#&])(view|node|to|via)=[^&]*/g, ''), same = now === shownAs;      // another choice or view alone changes neither counts nor what is drawn
  shownAs = now;
  if (!same) { const dropped = compute(); drawRail(); drawChips(); drawNotice(dropped); }
  drawPanel();
  for (const b of $('views').children) b.setAttribute('aria-pressed', String(b.dataset.view === state.view));
  const picture = state.view === 'islands';
  $('stage').hidden = !picture; $('sheet').hidden = picture;
  if (picture) {
    if (!net) startCanvas(); else if (canvasAs === now) net.redraw(); else updateCanvas();
    canvasAs = now;
    if (byId.has(state.node) && state.node !== lastNode) requestAnimationFrame(() => { if (byId.has(state.node)) bringIn(byId.get(state.node)); });
  } else drawSheet();
  if (state.node !== lastNode) { $('panel').scrollTop = 0; cursor = -1; }
  lastView = state.view; lastNode = state.node;
  say(statusText());
}
function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  readTone();
  if (!net) return;
  drawRail(); updateCanvas(); net.setOptions({ edges: { color: { color: tone.edge, inherit: false, opacity: G.ties && G.edges.length > 400 ? .55 : 1 } } }); placedKey = ''; net.redraw();
  if (state.view !== 'islands') drawSheet();
}
function keys(event) {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === 'Escape') { if ($('rail').classList.contains('open')) return drawer(false); if (state.node) go(s => { s.node = ''; s.to = ''; s.alone = false; }); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const onNet = document.activeElement === $('net'), arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (onNet && arrows[event.key]) { walk(...arrows[event.key]); event.preventDefault(); return; }
  if (onNet && event.key === 'Enter' && cursor >= 0) { choose(cursor); return; }
  const act = { '/': () => $('search').focus(), '+': () => zoomBy(1.35), '=': () => zoomBy(1.35), '-': () => zoomBy(1 / 1.35), 0: () => fit(), f: () => { drawer(true); const b = $('rail').querySelector('button'); if (b) b.focus(); },
    t: () => go(s => { s.view = s.view === 'table' ? 'islands' : 'table'; }), '[': () => history.back(), ']': () => history.forward(), '?': () => $('help').showModal() }[event.key];
  if (act) { act(); event.preventDefault(); }
}
function drawer(on) { $('rail').classList.toggle('open', on); $('filters-button').setAttribute('aria-expanded', String(on)); }
function startPage() {
  setTheme(matchMedia('(prefers-color-scheme:dark)').matches);
  matchMedia('(prefers-color-scheme:dark)').addEventListener('change', e => setTheme(e.matches));
  if (G.ties) TITLES.islands = 'Network';
  $('views').replaceChildren(...views().map(v => el('button', { type: 'button', 'data-view': v, onclick: () => go(s => { s.view = v; }) }, TITLES[v])));
  $('theme').addEventListener('click', () => setTheme(document.documentElement.dataset.theme !== 'dark'));
  $('zoom-in').addEventListener('click', () => zoomBy(1.35)); $('zoom-out').addEventListener('click', () => zoomBy(1 / 1.35)); $('fit').addEventListener('click', () => fit());
  $('filters-button').addEventListener('click', () => drawer(!$('rail').classList.contains('open')));
  $('main').addEventListener('pointerdown', () => drawer(false));
  $('panel').addEventListener('click', e => { if (e.target === $('panel')) $('panel').classList.toggle('tall'); });
  $('help-button').addEventListener('click', () => $('help').showModal());
  $('help').replaceChildren(el('h2', { id: 'help-title' }, 'Keys'), el('dl', {}, [['/', 'search'], ['arrows', 'nearest thing in that direction'], ['Enter', 'open it'], ['Esc', 'close it'], ['[  ]', 'back, forward'], ['+  -  0', 'nearer, further, everything'], ['f', 'filters'], ['t', 'table'], ['?', 'this list']].flatMap(([k, what]) => [el('dt', {}, el('kbd', {}, k)), el('dd', {}, what)])),
    el('p', {}, 'Shift and a click on a neighbour shows the path to it.'), el('form', { method: 'dialog' }, el('button', {}, 'Close')));
  startSearch($('search'), $('hits'), hit => { if (hit.facet) toggle(hit.facet.id, hit.value); else choose(hit.node); });
  $('skip').addEventListener('click', e => { e.preventDefault(); go(s => { s.view = 'table'; }); $('sheet').focus(); });
  startExport();
  document.addEventListener('keydown', keys);
  new ResizeObserver(() => requestAnimationFrame(() => { const wide = $('sheet').clientWidth; if (wide && wide !== drawSheet.wide) drawSheet(); })).observe($('sheet'));
  addEventListener('hashchange', () => { readAddress(); refresh(); });
}
function trouble(error) {
  const text = String(error && error.stack || error), box = $('trouble');
  box.hidden = false;
  box.replaceChildren(el('strong', {}, 'Something in this page failed. '), el('button', { type: 'button', onclick: e => navigator.clipboard.writeText(text).then(() => { e.target.textContent = 'Copied'; }, () => box.append(el('pre', {}, text))) }, 'Copy details'),
    ' ', el('button', { type: 'button', onclick: () => { box.hidden = true; } }, 'Close'));
}
/** For tests: marks as drawn (x, y, radius in the coordinates of the names; of the rings where one thing is chosen), and what the picture looks at (x, y, scale in percent). */
window.__marks = () => byId.has(state.node) && ring ? ring.made.map(one => { const [x, y] = onScreen(...at(ring.at)); return [x + one.dx, y + one.dy, 7.5]; }) : G.nodes.flatMap((n, i) => drawn[i] ? [[at(i)[0] * view().s, at(i)[1] * view().s, n.s * view().s]] : []);
window.__camera = () => net ? [...Object.values(net.getViewPosition()), net.getScale() * 100].map(Math.round) : null;
addEventListener('error', e => trouble(e.error || e.message));
addEventListener('unhandledrejection', e => trouble(e.reason));
(async () => {
  if (!location.hash) $('wait').removeAttribute('hidden');      // the islands, until their things are there
  const vis = startVis();
  G = await unpack('graph');
  await vis;
  prepare(); startPage();
  if (G.start) await openSaved(G.start);
  readAddress(); refresh();
  if (G.start) lookAgain(G.start);
  $('wait').remove();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.__ready = true; }));
  whenIdle(async () => { D = await unpack('details'); hubDetails(); if (state.node || state.view !== 'islands') refresh(); if (net) handOver(); window.__details = true; });
})();
