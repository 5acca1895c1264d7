// Loads a Cytoscape JSON file into cytoscape.js and prints what it holds as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const cytoscape = require("cytoscape");
const said = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const cy = cytoscape({ headless: true, elements: said.elements });
console.log(JSON.stringify({
  nodes: Object.fromEntries(cy.nodes().map((n) => [n.id(), { ...n.data(), x: n.position("x"), y: n.position("y") }])),
  edges: Object.fromEntries(cy.edges().map((e) => [e.id(), e.data()])),
}));
