/** Light, and dark where the reader prefers it. States differ in height as well as in colour. */
export const chartStyle = `
.kd-chart{--kd-ink:#1c2733;--kd-faint:#5b6b7b;--kd-line:#d5dce3;--kd-band:#eef2f6;--kd-ok:#2f8f5b;--kd-bad:#c62f3b;--kd-blind:#b7791f;--kd-target:#5b4bc4;--kd-paper:#fff;font:12px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.kd-chart{--kd-ink:#e6edf3;--kd-faint:#9aa8b5;--kd-line:#37424d;--kd-band:#1f2831;--kd-ok:#4cc38a;--kd-bad:#ff6b74;--kd-blind:#e3a84b;--kd-target:#a99cff;--kd-paper:#12181e}}
.kd-chart text{fill:var(--kd-ink)}
.kd-chart .kd-small{fill:var(--kd-faint);font-size:11px}
.kd-paper{fill:var(--kd-paper)}
.kd-band{fill:var(--kd-band);stroke:var(--kd-line)}
.kd-grid{stroke:var(--kd-line)}
.kd-ok{fill:var(--kd-ok)}
.kd-bad{fill:var(--kd-bad)}
.kd-blind{fill:var(--kd-blind)}
.kd-instant{stroke:var(--kd-faint);stroke-dasharray:2 3}
.kd-target{stroke:var(--kd-target);stroke-width:2}
.kd-chart .kd-target-label{fill:var(--kd-target)}
`.trim();
