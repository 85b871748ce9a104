/** One sheet for screen, dark screens and paper; nothing is loaded. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1c2733;--faint:#5b6b7b;--paper:#fff;--line:#d5dce3;--band:#f3f6f9;--passed:#2f8f5b;--failed:#c62f3b;--open:#b7791f}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--faint:#9aa8b5;--paper:#12181e;--line:#37424d;--band:#1a222a;--passed:#4cc38a;--failed:#ff6b74;--open:#e3a84b}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:74rem;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.45rem;line-height:1.35;margin:0 0 1rem;padding:.8rem 1rem;border-left:.5rem solid var(--open);background:var(--band)}
h1.passed{border-color:var(--passed)}
h1.failed,h1.error{border-color:var(--failed)}
h2{font-size:1.15rem;margin:2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.2rem 0 .4rem}
.notice{padding:.6rem 1rem;border:1px solid var(--open)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{color:var(--faint);font-weight:600}
code{font:.92em ui-monospace,monospace;overflow-wrap:break-word;background:var(--band);padding:.05em .25em;border-radius:.2em}
pre{overflow-x:auto;padding:.6rem;background:var(--band);font:12px/1.35 ui-monospace,monospace}
svg{max-width:100%;height:auto}
@media print{
body{max-width:none;padding:0;font-size:10pt}
h2{break-after:avoid}
tr,svg,pre{break-inside:avoid}
.scroll,pre{overflow:visible}
pre{white-space:pre-wrap}
}
`.trim();
