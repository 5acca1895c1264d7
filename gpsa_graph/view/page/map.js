// The map: a circle for each country, its area the number of cases there; drawn over coarse outlines that come with the page.
let W = null;                          // outlines and points; unpacked when the map is first asked for

/** Circles that do not cover each other: each stays as near as it can to its place. The largest hardly move. */
function spread(circles, gap) {
  for (let turn = 0; turn < 120; turn++) {
    let moved = false;
    for (const c of circles) { c.x += (c.ax - c.x) * .06; c.y += (c.ay - c.y) * .06; }
    for (let a = 0; a < circles.length; a++) for (let b = 0; b < a; b++) {
      const p = circles[a], q = circles[b], need = p.r + q.r + gap, dx = p.x - q.x, dy = p.y - q.y, far = Math.hypot(dx, dy);
      if (far >= need) continue;
      const push = (need - far) / (far || 1), share = q.r * q.r / (p.r * p.r + q.r * q.r), ux = far ? dx : 1, uy = far ? dy : 0;
      p.x += ux * push * share; p.y += uy * push * share; q.x -= ux * push * (1 - share); q.y -= uy * push * (1 - share); moved = true;
    }
    if (!moved && turn > 30) break;
  }
}
/** Where the countries lie that the page has cases of: left, top, width and height, never moved by a filter. */
function mapFrame(codes) {
  const xs = codes.map(c => W.points[c][0]), ys = codes.map(c => W.points[c][1]), pad = 70;
  const x = Math.min(...xs, 0) - pad, y = Math.min(...ys, 0) - pad;
  return { x, y, w: Math.max(...xs, 0) + pad - x, h: Math.max(...ys, 0) + pad - y };
}
function mapCircles(facet, scale, frame, wide) {
  const n = counts.get('country'), wanted = state.filters.get('country'), picked = byId.has(state.node) ? byId.get(state.node) : -1;
  const cases = picked < 0 ? [] : G.nodes[picked].k === CASE ? [picked] : G.nodes[picked].cases, marked = new Set(cases.flatMap(c => G.nodes[c].f.country || []));
  const top = Math.max(1, ...facet.values.map(([id]) => id).map((id, v) => G.nodes.filter(c => c.k === CASE && (c.f.country || []).includes(v)).length)), most = Math.max(16, Math.min(34, wide / 34));
  const all = [], off = [];
  facet.values.forEach(([id, label], v) => {
    const code = short('country', id), at = W.points[code], one = { v, label, n: n[v], dim: !!wanted && !wanted.has(v), on: !!wanted && wanted.has(v), marked: marked.has(v) };
    if (!at) return off.push(one);
    one.ax = one.x = (at[0] - frame.x) * scale; one.ay = one.y = (at[1] - frame.y) * scale;
    one.r = n[v] ? Math.max(4.5, most * Math.sqrt(n[v] / top)) : 3;
    all.push(one);
  });
  all.sort((a, b) => b.n - a.n || a.v - b.v);
  spread(all, 1.5);
  return [all, off];
}
/** Names beside the circles, most cases first, where they cover neither a circle nor a name. */
function mapNames(circles, wide, high, size) {
  const boxes = new Boxes(), plain = `400 ${size}px ${FONT}`, made = [];
  for (const c of circles) boxes.add([c.x - c.r - 1, c.y - c.r - 1, c.x + c.r + 1, c.y + c.r + 1]);
  for (const c of circles) {
    if (!c.n) continue;
    const bold = c.dim ? plain : `600 ${size}px ${FONT}`, named = width(c.label, bold);
    if (named < 1.8 * c.r) { made.push({ ...c, inside: true }); continue; }
    const w = named + 5 + width(String(c.n), plain), side = c.r + 4, up = size * .36;
    for (const [x, y] of [[c.x + side, c.y + up], [c.x - side - w, c.y + up], [c.x - w / 2, c.y - side - 1], [c.x - w / 2, c.y + side + size - 2], [c.x + side * .75, c.y - side * .6], [c.x + side * .75, c.y + side * .6 + size - 3], [c.x - side * .75 - w, c.y - side * .6], [c.x - side * .75 - w, c.y + side * .6 + size - 3]]) {
      const b = [x - 2, y - size + 1, x + w + 2, y + 4];
      if (b[0] < 0 || b[2] > wide || b[1] < 0 || b[3] > high || !boxes.free(b)) continue;
      boxes.add(b); made.push({ ...c, lx: x, ly: y, w: named });
      break;
    }
  }
  return made;
}
function drawMap(sheet) {
  const facet = facetOf('country');
  if (!facet) return sheet.replaceChildren(el('p', {}, 'No case here names a country.'));
  if (!W) {
    sheet.replaceChildren(el('p', { class: 'say' }, 'Reading the map \u2026'));
    unpack('world').then(w => { W = w; if (state.view === 'map') drawMap(sheet); }).catch(trouble);
    return;
  }
  const codes = facet.values.map(([id]) => short('country', id)).filter(c => W.points[c]), frame = mapFrame(codes);
  const wide = Math.max(300, sheet.clientWidth - 36), scale = wide / frame.w, high = Math.round(frame.h * scale), narrow = wide < 620;
  const [circles, off] = mapCircles(facet, scale, frame, wide), size = narrow ? 11 : 12.5;
  const root = svg('svg', { width: wide, height: high, viewBox: `0 0 ${wide} ${high}`, class: 'map', role: 'group', 'aria-label': 'Cases by country, on a map' });
  const place = `scale(${+scale.toFixed(4)}) translate(${-frame.x} ${-frame.y})`, clip = svg('svg', { x: 0, y: 0, width: wide, height: high });
  const ground = svg('g', { transform: place }, svg('path', { class: 'land', d: W.land }));
  const shown = new Map(circles.map(c => [short('country', facet.values[c.v][0]), c]));
  for (const [code, d] of Object.entries(W.countries)) { const c = shown.get(code); ground.append(svg('path', { class: c && c.n && !c.dim ? 'land here' : 'land', d })); }
  clip.append(ground); root.append(clip);
  for (const c of circles) if (Math.hypot(c.x - c.ax, c.y - c.ay) > c.r + 2) root.append(svg('path', { class: 'pin', d: `M${c.ax.toFixed(1)} ${c.ay.toFixed(1)}L${c.x.toFixed(1)} ${c.y.toFixed(1)}` }));
  for (const c of circles) {
    const said = `${c.label}: ${plural(c.n, 'case', 'cases')}`;
    root.append(svg('g', { class: `bubble${c.dim ? ' dim' : ''}${c.on ? ' on' : ''}${c.marked ? ' marked' : ''}${c.n ? '' : ' none'}`, tabindex: 0, role: 'button', 'aria-pressed': String(c.on), 'aria-label': said, 'data-v': c.v },
      svg('title', {}, said), svg('circle', { class: 'hit', cx: c.x.toFixed(1), cy: c.y.toFixed(1), r: Math.max(c.r, narrow ? 12 : 10).toFixed(1) }), svg('circle', { class: 'mark', cx: c.x.toFixed(1), cy: c.y.toFixed(1), r: c.r.toFixed(1) })));
  }
  const names = mapNames(circles, wide, high, size), named = new Set(names.map(l => l.v));
  for (const l of names) if (l.inside) root.append(svg('text', { class: `in${l.dim ? ' dim' : ''}`, x: l.x.toFixed(1), y: (l.y - 1).toFixed(1), 'text-anchor': 'middle', 'font-size': size }, l.label), svg('text', { class: `in n${l.dim ? ' dim' : ''}`, x: l.x.toFixed(1), y: (l.y + size + 1).toFixed(1), 'text-anchor': 'middle', 'font-size': size }, String(l.n)));
  else root.append(svg('text', { class: `place${l.dim ? ' dim' : ''}`, x: l.lx.toFixed(1), y: l.ly.toFixed(1), 'font-size': size }, l.label), svg('text', { class: `place n${l.dim ? ' dim' : ''}`, x: (l.lx + l.w + 5).toFixed(1), y: l.ly.toFixed(1), 'font-size': size }, String(l.n)));
  const act = e => { const g = e.target.closest('[data-v]'); if (g) toggle('country', +g.dataset.v); };
  root.addEventListener('click', act);
  root.addEventListener('keydown', e => { if (e.key === 'Enter' || e.key === ' ') { act(e); e.preventDefault(); } });
  const nowhere = casesShown().filter(i => !(G.nodes[i].f.country || []).length).length, left = off.filter(c => c.n), tight = circles.filter(c => c.n && !named.has(c.v)).sort((a, b) => (a.label < b.label ? -1 : 1));
  const press = list => list.map((c, n) => [n ? ' ' : '', el('span', { class: 'whole' }, el('button', { type: 'button', class: 'plain', 'aria-pressed': String(c.on), 'data-v': c.v, onclick: () => toggle('country', c.v) }, `${c.label} (${c.n})`), n < list.length - 1 ? ',' : '')]).flat();
  sheet.replaceChildren(el('p', { class: 'say' }, 'The area of a circle is the number of cases that work in the country under the other filters; a case in several countries counts in each. Press a circle to see its cases alone.'), root,
    tight.length ? el('p', { class: 'say under' }, 'Drawn without a name for want of room: ', press(tight), '.') : '',
    left.length || nowhere ? el('p', { class: 'say under' }, 'Not on the map: ', press(left), nowhere ? `${left.length ? ', ' : ''}cases without a country (${nowhere})` : '', '.') : '',
    el('p', { class: 'say under' }, W.note));
}
