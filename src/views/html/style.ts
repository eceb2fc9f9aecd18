import { looks, pictureStyle } from "../picture/looks.ts";

const signs = Object.entries(looks).map(
  ([mark, { light }]) => `.v-${mark}>.head>.sign,.v-${mark}>summary>.sign{color:${light.line}}`,
);
const darkSigns = Object.entries(looks).map(
  ([mark, { dark }]) => `.v-${mark}>.head>.sign,.v-${mark}>summary>.sign{color:${dark.line}}`,
);

/** The style of every page. Widths follow the window; pictures keep theirs and are scrolled. */
export const pageStyle = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--dim:#59636e;--line:#d1d9e0;--band:#f6f8fa;--link:#0969da;--red:#cf222e;--yellow:#9a6700;--green:#1a7f37;--cyan:#1b7c83;--magenta:#8250df;--alarm:#ffebe9}
@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--dim:#9198a1;--line:#3d444d;--band:#161b22;--link:#58a6ff;--red:#f85149;--yellow:#d29922;--green:#3fb950;--cyan:#39c5cf;--magenta:#bc8cff;--alarm:#2f1618}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1240px;margin:0 auto;padding:20px 16px 64px}
h1{font-size:22px;line-height:1.3;margin:0 0 4px}h2{font-size:16px;margin:32px 0 8px}
p{margin:4px 0}code,pre,.name,.label,.words,.sign,.place{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px}
code,.name,.label,.words,.place{overflow-wrap:anywhere}
pre{background:var(--band);border:1px solid var(--line);border-radius:6px;padding:10px;overflow-x:auto;margin:8px 0}
.dim,.basis,.place,.foot{color:var(--dim)}.bold{font-weight:600}.red{color:var(--red)}.yellow{color:var(--yellow)}.green{color:var(--green)}.cyan,.blue{color:var(--cyan)}.magenta{color:var(--magenta)}
.finding{border-left:4px solid var(--line);padding:6px 12px;margin:8px 0;background:var(--band);border-radius:0 6px 6px 0}
.finding.error,.finding.refusal{border-color:var(--red);background:var(--alarm)}.finding.warning{border-color:var(--yellow)}
.filters{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0}
.filters label{border:1px solid var(--line);border-radius:14px;padding:2px 11px;font-size:13px;cursor:pointer;background:var(--band)}
.tick{position:absolute;opacity:0;width:1px;height:1px}
.row{border-bottom:1px solid var(--line)}
.row>.head,.row>summary{display:flex;gap:8px;padding:5px 4px;align-items:baseline;flex-wrap:wrap}
.row>summary{cursor:pointer;list-style:none;position:relative;padding-right:22px}.row>summary::-webkit-details-marker{display:none}
.row>summary::after{content:"\\25be";color:var(--dim);position:absolute;right:4px;top:5px}.row[open]>summary::after{content:"\\25b4"}
.row .sign{width:1.2em;flex:none;font-weight:700}.row .name{font-weight:600}.row .why{color:var(--dim);flex:1 1 16em}
.fields{margin:0 0 8px 1.9em;display:grid;grid-template-columns:minmax(8em,18em) 1fr;gap:2px 14px}
.fields .label{color:var(--dim)}.fields .words{white-space:pre-wrap}
.fields>.log{grid-column:1/-1}
.picture{overflow-x:auto;border:1px solid var(--line);border-radius:6px;line-height:0}
table{border-collapse:collapse;margin:8px 0}td,th{border:1px solid var(--line);padding:3px 10px;text-align:left;vertical-align:top}
@media (max-width:640px){.fields{grid-template-columns:1fr;margin-left:1.2em}.fields .words{margin:0 0 6px 1em}main{padding:14px 10px 48px}h1{font-size:19px}}
@media print{.filters{display:none}}
${signs.join("")}
@media (prefers-color-scheme:dark){${darkSigns.join("")}}
${pictureStyle}
`;
