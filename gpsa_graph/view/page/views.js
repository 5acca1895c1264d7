// Matrix, timeline and table: the same cases and filters in other forms.
let sortBy = ['l', 1], tableRows = 200;

function drawSheet() {
  const sheet = $('sheet');
  sheet.setAttribute('aria-label', TITLES[state.view]);
  drawSheet.wide = sheet.clientWidth;
  ({ columns: drawColumns, matrix: drawMatrix, map: drawMap, timeline: drawTimeline, table: drawTable })[state.view](sheet);
}
const facetOf = id => G.facets.find(f => f.id === id);
const valuesOf = (node, id) => (node.f[id] || []).map(v => facetOf(id).values[v][1]);
const casesShown = () => G.nodes.map((n, i) => i).filter(i => G.nodes[i].k === CASE && passes[i]);

/** Cases that are shown, counted by mechanism and kind of result; most first. */
function matrixCounts() {
  const cells = new Map(), rows = new Map(), cols = new Map();
  const both = casesShown().filter(i => (G.nodes[i].f.mechanism || []).length && (G.nodes[i].f['result-kind'] || []).length);
  for (const i of both) {
    for (const m of G.nodes[i].f.mechanism) { rows.set(m, (rows.get(m) || 0) + 1); for (const r of G.nodes[i].f['result-kind']) { const key = m * 1000 + r; cells.set(key, (cells.get(key) || 0) + 1); } }
    for (const r of G.nodes[i].f['result-kind']) cols.set(r, (cols.get(r) || 0) + 1);
  }
  const down = [...rows].sort((a, b) => b[1] - a[1] || a[0] - b[0]), across = [...cols].sort((a, b) => b[1] - a[1] || a[0] - b[0]), top = Math.max(1, ...cells.values());
  return { cells, both, down, across, top };
}
function drawMatrix(sheet) {
  const rowsF = facetOf('mechanism'), colsF = facetOf('result-kind');
  if (!rowsF || !colsF) return sheet.replaceChildren(el('p', {}, 'No case here names both a mechanism and a result.'));
  const { cells, both, down, across, top } = matrixCounts();
  const narrowTo = (m, r) => go(s => { if (m !== null) s.filters.set('mechanism', new Set([m])); if (r !== null) s.filters.set('result-kind', new Set([r])); s.view = m !== null && r !== null ? 'table' : s.view; });
  const about = el('p', { class: 'say', id: 'about' }, `Cases by mechanism and kind of result: ${thousands(both.length)} of ${plural(casesShown().length, 'case shown states', 'cases shown state')} both. A case counts once in each cell it belongs to; that both are reported says nothing on cause. Press a number for its cases.`);
  const table = el('table', { class: 'matrix', 'aria-labelledby': 'about' },
    el('thead', {}, el('tr', {}, el('td', {}), across.map(([r, n]) => el('th', { scope: 'col' }, el('span', {}, `${colsF.values[r][1]} `, el('small', {}, String(n))))))),
    el('tbody', {}, down.map(([m, n]) => el('tr', {}, el('th', { scope: 'row' }, `${rowsF.values[m][1]} `, el('small', {}, String(n))), across.map(([r]) => {
      const k = cells.get(m * 1000 + r) || 0, share = Math.sqrt(k / top);
      return el('td', { class: k ? 'full' : '' }, k ? el('button', { type: 'button', 'aria-label': `${k} cases: ${rowsF.values[m][1]} and ${colsF.values[r][1]}`, onclick: () => narrowTo(m, r),
        style: shadeOf(share) }, String(k)) : null);
    })))));
  sheet.replaceChildren(about, el('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Matrix, scrolls sideways' }, table));
}
/** The same as a picture, for files and the printer. */
function matrixSvg() {
  const rowsF = facetOf('mechanism'), colsF = facetOf('result-kind'), { cells, both, down: all, across, top } = matrixCounts(), size = 44, row = 24, left = 300, head = 150, down = all.slice(0, 36);
  const wide = left + across.length * size + 150, high = head + down.length * row + 30, root = svg('svg', { width: wide, height: high, class: 'timeline' });
  across.forEach(([r, n], x) => root.append(svg('text', { 'font-size': 13, transform: `translate(${left + x * size + size / 2 + 4} ${head - 8}) rotate(-42)` }, `${colsF.values[r][1]} ${n}`)));
  down.forEach(([m, n], y) => {
    const at = head + y * row;
    root.append(...nameText(`${rowsF.values[m][1]} ${n}`, left - 10, at + 16, -1, left - 10, `400 13px ${FONT}`));
    across.forEach(([r], x) => {
      const k = cells.get(m * 1000 + r) || 0; if (!k) return;
      const look = shadeOf(Math.sqrt(k / top), false);
      root.append(svg('rect', { x: left + x * size, y: at, width: size - 3, height: row - 3, rx: 3, style: { fill: look.background } }), svg('text', { x: left + x * size + size / 2 - 1.5, y: at + 15.5, 'text-anchor': 'middle', style: { fill: look.color } }, String(k)));
    });
  });
  root.append(svg('text', { x: 0, y: high - 6, class: 'soft' }, `${both.length} of ${casesShown().length} cases shown state both; a case counts once in each cell it belongs to, and that both are reported says nothing on cause.${all.length > down.length ? ` ${all.length - down.length} mechanisms with fewer cases are not drawn.` : ''}`));
  return root;
}
/** A background between pale and strong, with the ink that reads better on it. */
function shadeOf(share, dark = document.documentElement.dataset.theme === 'dark') {
  const [from, to] = dark ? [[31, 48, 64], [124, 192, 239]] : [[226, 237, 246], [11, 95, 165]];
  const mix = from.map((f, n) => Math.round(f + (to[n] - f) * share)), lum = mix.map(v => { const c = v / 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; });
  const light = .2126 * lum[0] + .7152 * lum[1] + .0722 * lum[2];
  return { background: `rgb(${mix})`, color: 1.05 / (light + .05) > (light + .05) / .05 ? '#fff' : '#000' };
}
/** A name in a picture on at most `most` lines; where it is cut, three small dots (no letters) stand after it. */
function nameText(text, x, y, side, room, f, most = 1) {
  const whole = text.replace(/\s+/g, ' '), lines = wrap(text, room - 14, f, most), up = (lines.length - 1) * 8;
  return lines.flatMap((line, n) => {
    const cut = n === lines.length - 1 && line.endsWith('\u2026'), kept = line.slice(0, -1), said = cut ? (whole.includes(kept + ' ') ? kept : kept.replace(/(?<=\S{2,}.*)\s+\S*$/, '')).replace(/[^\p{L}\p{N}\p{M}]+$/u, '') : line;
    const at = side < 0 && cut ? x - 13 : x, dy = y - up + n * 16, made = [svg('text', { x: at, y: dy, 'text-anchor': side < 0 ? 'end' : 'start' }, said)];
    if (cut) { const from = side < 0 ? x - 10 : x + width(said, f) + 3; made.push(svg('path', { class: 'dots', d: [0, 4, 8].map(d => `M${from + d} ${dy - 1}h1.4`).join(''), 'stroke-width': 1.6 })); }
    return made;
  });
}
function drawTimeline(sheet) {
  const all = casesShown(), dated = all.filter(i => span(G.nodes[i])), none = all.filter(i => !span(G.nodes[i]));
  if (!all.length) return sheet.replaceChildren();
  const low = Math.min(2012, ...dated.map(i => span(G.nodes[i])[0])), high = Math.max(2016, ...dated.map(i => span(G.nodes[i])[1])) + 1;
  const wide = Math.max(300, sheet.clientWidth - 36), narrow = wide < 700, gutter = narrow ? 8 : Math.round(Math.min(420, Math.max(330, wide * .34))), row = narrow ? 34 : 22, x = y => gutter + 8 + (y - low) / (high - low) * (wide - gutter - 24), f = `400 13px ${FONT}`;
  const regions = facetOf('region'), lanes = new Map();
  for (const i of dated) { const lane = regions ? valuesOf(G.nodes[i], 'region').join(', ') : ''; if (!lanes.has(lane)) lanes.set(lane, []); lanes.get(lane).push(i); }
  const order = [...lanes].sort((a, b) => a[0] < b[0] ? -1 : 1);
  if (none.length) order.push(['Date not stated', none]);
  const root = svg('svg', { width: wide, class: 'timeline', role: 'group', 'aria-label': 'Cases by the years they ran' }), grid = svg('g', { class: 'grid' });
  let y = 34;
  for (const [lane, members] of order) {
    root.append(svg('text', { x: 0, y: y + 14, class: 'head' }, `${lane} (${members.length})`));
    y += 26;
    members.sort((a, b) => { const s = span(G.nodes[a]), t = span(G.nodes[b]); return (s && t ? s[0] - t[0] || s[1] - t[1] : 0) || (G.nodes[a].l < G.nodes[b].l ? -1 : 1); });
    for (const i of members) {
      const n = G.nodes[i], s = span(n), g = svg('g', { transform: `translate(0 ${y})`, tabindex: 0, role: 'button', class: 'name' + (n.id === state.node ? ' on' : ''), 'data-i': i });
      g.append(svg('title', {}, `${n.l}${years(n)}`), svg('rect', { x: 0, y: 0, width: wide, height: row, fill: 'transparent', class: 'hit' }));
      g.append(...nameText(n.l, narrow ? 8 : gutter - 12, 15, narrow ? 1 : -1, narrow ? wide - 16 : gutter - 24, f));
      const by = narrow ? 21 : 5;
      if (s) {
        const open = n.t[0] === null || n.t[1] === null;
        const hues = state.colour ? huesOf(i) : [null], long = Math.max(6, x(s[1] + 1) - x(s[0]) - 2) / Math.max(1, hues.length);
        (hues.length ? hues : ['transparent']).forEach((hue, n) => g.append(svg('rect', { x: x(s[0]) + n * long, y: by, width: long, height: narrow ? 8 : 11, rx: hues.length > 1 ? 0 : 3, class: open ? 'bar open' : 'bar', style: hue ? { fill: hue } : {} })));
        if (open && !narrow) g.append(svg('text', { x: x(s[1] + 1) + 4, y: 15, class: 'soft' }, n.t[1] === null ? 'end not stated' : 'start not stated'));
      } else g.append(svg('text', { x: gutter + 8, y: 15, class: 'soft' }, narrow ? '' : 'no source that was read states it'));
      root.append(g); y += row;
    }
    y += 12;
  }
  const step = (high - low) * (narrow ? 46 : 40) > wide - gutter ? (high - low) * 20 > wide - gutter ? 5 : 2 : 1;
  for (let year = low; year <= high; year++) if (year % step === 0) grid.append(svg('line', { x1: x(year), x2: x(year), y1: 22, y2: y }), svg('text', { x: x(year), y: 14, 'text-anchor': 'middle' }, String(year)));
  root.prepend(grid);
  root.setAttribute('height', y + 10); root.setAttribute('viewBox', `0 0 ${wide} ${y + 10}`);
  const act = e => { const g = e.target.closest('[data-i]'); if (g) choose(+g.dataset.i); };
  root.addEventListener('click', act);
  root.addEventListener('keydown', e => { if (e.key === 'Enter' || e.key === ' ') { act(e); e.preventDefault(); } });
  sheet.replaceChildren(el('p', { class: 'say' }, `${thousands(dated.length)} of ${plural(all.length, 'case states', 'cases state')} a year of start, approval or closing; the others have a lane of their own at the end.`), root);
}
const TIES = [['l', 'One end'], ['to', 'Other end'], ['n', 'Cases'], ['which', 'Which cases'], ['src', 'Sources']];
const columns = () => G.ties ? TIES : COLUMNS;
const COLUMNS = [['l', 'Case'], ['country', 'Country'], ['years', 'Years'], ['lead', 'Led by'], ['society', 'Civil society'], ['state', 'Public bodies'], ['sector', 'Sectors'], ['mechanism', 'Mechanisms'], ['result-kind', 'Kinds of result'], ['src', 'Sources']];
function caseRow(i) {
  const n = G.nodes[i], who = (k, part) => [...new Set(adjacent[i].filter(([e, o]) => (k === null || G.nodes[o].k === k) && (part ? G.edges[e][2] === part : G.edges[e][2] !== 'related')).map(([, o]) => G.nodes[o].l))].sort().join('; ');
  const cited = D ? citedBy(i) : new Set();
  const s = span(n);
  return { i, id: n.id, l: n.l, country: valuesOf(n, 'country').join('; '), years: s ? `${n.t[0] ?? '?'}\u2013${n.t[1] ?? '?'}` : 'not stated', lead: who(null, 'grantee'), society: who(1), state: who(2),
    sector: valuesOf(n, 'sector').join('; '), mechanism: valuesOf(n, 'mechanism').join('; '), 'result-kind': valuesOf(n, 'result-kind').join('; '), src: cited.size, cited: [...cited].sort((a, b) => a - b) };
}
function tieData() {
  const rows = [];
  G.edges.forEach(([a, b, , , cases], e) => { if (shownEdge[e]) { const here = cases.filter(c => passes[c]), cited = D ? D.links[e].src : []; rows.push({ i: a, id: `${G.nodes[a].id} ${G.nodes[b].id}`, l: G.nodes[a].l, to: G.nodes[b].l, n: here.length, which: here.map(c => G.nodes[c].l).join('; '), src: cited.length, cited }); } });
  return rows;
}
function tableData() {
  const [key, way] = sortBy;
  return (G.ties ? tieData() : casesShown().map(caseRow)).sort((a, b) => (typeof a[key] === 'number' ? a[key] - b[key] : fold(String(a[key])) < fold(String(b[key])) ? -1 : fold(String(a[key])) > fold(String(b[key])) ? 1 : a.i - b.i) * way);
}
function drawTable(sheet) {
  const rows = tableData(), shown = rows.slice(0, tableRows);
  const about = el('p', { class: 'say', id: 'about' }, `${G.ties ? plural(rows.length, 'tie', 'ties') : plural(rows.length, 'case', 'cases')}, ${state.filters.size || state.years ? 'with the filters above' : 'all of them'}. ${G.ties ? 'Sources counts those of the tie.' : 'Sources counts those cited anywhere in the case; open a case to see which says what.'}`);
  const table = el('table', { 'aria-labelledby': 'about' },
    el('thead', {}, el('tr', {}, columns().map(([key, title]) => el('th', { scope: 'col', 'aria-sort': sortBy[0] === key ? (sortBy[1] > 0 ? 'ascending' : 'descending') : 'none' }, el('button', { type: 'button', onclick: () => { sortBy = [key, sortBy[0] === key ? -sortBy[1] : 1]; drawTable(sheet); } }, title + (sortBy[0] === key ? (sortBy[1] > 0 ? ' \u2191' : ' \u2193') : '')))))),
    el('tbody', {}, shown.map(row => el('tr', {}, el('th', { scope: 'row' }, link(row.i), marks({ mark: G.nodes[row.i].m })), columns().slice(1).map(([key]) => el('td', { class: key }, clip(String(row[key]))))))));
  sheet.replaceChildren(about, el('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Table, scrolls sideways' }, table), ...(rows.length > shown.length ? [el('button', { type: 'button', onclick: () => { tableRows += 500; drawTable(sheet); } }, `Show more (${rows.length - shown.length} left)`)] : []));
}
/** Long cells fold after a few lines; the whole text stays in the page. */
function clip(text) { return text.length < 110 ? text : el('details', { class: 'long' }, el('summary', {}, text.slice(0, 90).replace(/\s+\S*$/, '') + ' \u2026'), text); }
