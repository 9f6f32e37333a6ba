/** The look of the HTML report; the colours of the levels keep a contrast of 4.5:1 to white (WCAG 2.2 §1.4.3). */
export const HTML_STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1f2937; font: 15px/1.5 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 0 24px 48px; }
header { background: #123a5f; color: #fff; margin: 0 -24px 24px; padding: 48px 24px 32px; border-bottom: 5px solid #d9a514; }
header h1 { margin: 0; font-size: 34px; }
header p { margin: 0 0 8px; }
h2 { color: #123a5f; margin: 40px 0 8px; }
h3 { border-top: 1px solid #d5dae1; padding-top: 12px; margin: 28px 0 8px; overflow-wrap: anywhere; }
h4 { color: #123a5f; margin: 20px 0 4px; }
h5 { margin: 0 0 4px; font-size: 1em; overflow-wrap: anywhere; }
a { color: #1a56a8; }
dl, dd, dd p { margin: 0; }
dl { margin: 8px 0; }
dl div { display: grid; grid-template-columns: 170px 1fr; gap: 12px; }
dt { color: #5b6472; }
dd, td, li, p { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: 12px 0; font-size: 14px; }
.wide { overflow-x: auto; }
.wide thead th { overflow-wrap: normal; }
caption { text-align: left; color: #5b6472; padding-bottom: 4px; }
th, td { text-align: left; vertical-align: top; padding: 5px 8px; border-bottom: 1px solid #d5dae1; }
thead th { background: #123a5f; color: #fff; }
tbody tr:nth-child(even) { background: #f4f6f9; }
.cards { display: flex; flex-wrap: wrap; gap: 14px; margin: 12px 0; }
.cards div { flex: 1; min-width: 160px; border: 1px solid #d5dae1; border-radius: 6px; padding: 10px 14px; color: #5b6472; }
.cards b { display: block; font-size: 30px; color: #123a5f; }
.lead { font-weight: bold; font-size: 17px; }
.note { background: #fff6e0; border: 1px solid #d9a514; border-radius: 4px; padding: 8px 14px; }
.remark { color: #5b6472; font-size: 13px; }
.level { display: inline-block; white-space: nowrap; color: #fff; border-radius: 3px; padding: 0 6px; font: bold 12px/18px system-ui, sans-serif; }
.CRITICAL { background: #a31515; }
.HIGH { background: #b8410b; }
.MEDIUM { background: #8a5a00; }
.LOW { background: #1d5fa8; }
.OK { background: #18703a; }
.chart td:last-child { width: 65%; }
.bar { height: 14px; }
.finding { border-left: 3px solid #d5dae1; padding: 4px 0 4px 14px; margin: 14px 0; }
.actions li { margin-bottom: 10px; }
nav ul { list-style: none; padding: 0; }
nav .depth-2 { padding-left: 20px; }
pre { background: #f4f6f9; padding: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 600px) {
  main { padding: 0 14px 32px; }
  header { margin: 0 -14px 20px; padding: 28px 14px 20px; }
  header h1 { font-size: 26px; }
  .wide td { min-width: 8em; }
  dl div { grid-template-columns: 1fr; gap: 0; margin-bottom: 6px; }
}
@media print {
  .wide { overflow: visible; }
  body { font-size: 10pt; }
  main { max-width: none; }
  h2, h3, h4, h5 { break-after: avoid; }
  tr, .finding dl div { break-inside: avoid; }
  thead { display: table-header-group; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
